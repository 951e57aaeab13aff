using System.Security.Cryptography;
using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Images;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Rendering;
using Lekhika.Persistence.Exports;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>A file that was made and looked at.</summary>
internal sealed record MadeFile(ExportFile File, PreflightReport Report);

/// <summary>Makes one file of a job within its limits: the pictures first, then the rendering, then the checks.</summary>
internal sealed class FileMaker(
    IEnumerable<IBookRenderer> renderers, PicturePreparation pictures, ColophonNote colophon, PreflightChecks checks, RenderingGuard guard, IOptions<ExporterOptions> options, TimeProvider time)
{
    private readonly Dictionary<string, IBookRenderer> _byFormat = renderers.ToDictionary(renderer => renderer.Format.Key);

    /// <summary>Throws <see cref="RenderException"/> with a sentence for the user when the format cannot be made, <see cref="RenderingTooLongException"/> when it takes too long.</summary>
    /// <param name="paged">Is told the page map, as JSON, of a file that has one, before the file is checked.</param>
    public Task<MadeFile> MakeAsync(ExportJob job, Func<string, CancellationToken, Task> paged, CancellationToken cancellationToken)
    {
        var renderer = _byFormat.GetValueOrDefault(job.Format.Key) ?? throw new RenderException("This version cannot make this format.");
        if (job.Manuscript.Words > options.Value.MostWords)
        {
            throw new RenderException($"The book has {job.Manuscript.Words} words; files are made of books of at most {options.Value.MostWords}.");
        }

        return guard.RunAsync(token => MakeAsync(job, renderer, paged, token), cancellationToken);
    }

    private async Task<MadeFile> MakeAsync(ExportJob job, IBookRenderer renderer, Func<string, CancellationToken, Task> paged, CancellationToken cancellationToken)
    {
        var prepared = await pictures.PrepareAsync(job, cancellationToken);
        var pages = job is { Format.UsesPages: true, Pages: { } json } ? Json.Read<PageMap>(json) : null;
        var order = new RenderOrder(await colophon.AddAsync(prepared.Manuscript, job, cancellationToken), job.Settings, pages);
        var book = await renderer.RenderAsync(order, cancellationToken);
        Limit(book);
        cancellationToken.ThrowIfCancellationRequested();
        var map = book.Pages is null ? null : Json.Write(book.Pages);
        if (map is not null)
        {
            await paged(map, cancellationToken);
        }

        var made = new CheckedFile(job.Format, book.Content, order, book.Pages);
        var report = await checks.CheckAsync(made, [.. prepared.Warnings, .. book.Warnings], cancellationToken);
        var file = new ExportFile(
            Guid.CreateVersion7(time.GetUtcNow()),
            FileName.Of(job.Manuscript.Metadata.Title, job.Format, job.Order),
            book.Content,
            SHA256.HashData(book.Content),
            map)
        {
            Report = report,
        };
        return new(file, report);
    }

    private void Limit(RenderedBook book)
    {
        if (book.Pages?.PageCount > options.Value.MostPages)
        {
            throw new RenderException($"The book has {book.Pages.PageCount} pages; files of at most {options.Value.MostPages} are made. A larger page, smaller type or narrower margins make fewer.");
        }

        const long mebibyte = 1024 * 1024;
        if (book.Content.Length > options.Value.MostFileMiB * mebibyte)
        {
            throw new RenderException($"The file has {(book.Content.Length + mebibyte - 1) / mebibyte} MiB; files of at most {options.Value.MostFileMiB} MiB are made. Fewer or smaller pictures make it smaller.");
        }
    }
}
