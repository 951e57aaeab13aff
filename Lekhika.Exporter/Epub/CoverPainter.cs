using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Children;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Epub;

/// <summary>A cover in letters as a picture, and what is to be told when there is none.</summary>
internal sealed record PaintedCover(BookImage? Picture, IReadOnlyList<string> Warnings)
{
    public static PaintedCover None { get; } = new(null, []);
}

/// <summary>
/// Paints the cover that the typesetter sets where a book has no picture for it: stores and libraries show pictures only. The same
/// cover gives the same bytes, and is painted once. Without it the cover is a page of letters.
/// </summary>
internal sealed partial class CoverPainter(EpubChild child, TypesetterInstallation installation, IOptions<EpubOptions> options, ILogger<CoverPainter> log) : IDisposable
{
    /// <summary>Pixels: what Amazon KDP calls the ideal (Cover Image Guidelines), at least.</summary>
    private static readonly (int Width, int Height) Ideal = (1_600, 2_560);

    private readonly MemoryCache _made = new(new MemoryCacheOptions { SizeLimit = options.Value.EpubCacheMiB * 1024L * 1024L });

    public async Task<PaintedCover> PaintAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = BookData.CoverOnly(order);
        var key = Convert.ToHexString(SHA256.HashData(book.Span));
        if (_made.TryGetValue(key, out PaintedCover? known))
        {
            return known!;
        }

        try
        {
            var asked = new { cover = new { typesetter = installation.Directory, id = "cover", book = JsonNode.Parse(book.Span), width = Ideal.Width, height = Ideal.Height } };
            var answer = await child.AskAsync<Answer>(asked, cancellationToken);
            var image = answer.Image ?? throw new IOException(answer.Error);
            var made = new PaintedCover(new BookImage("image/png", answer.Width, answer.Height, image), []);
            return _made.Set(key, made, new MemoryCacheEntryOptions { Size = image.Length });
        }
        catch (IOException error)
        {
            LogLeftOut(log, error.Message);
            return new(null, ["The EPUB has no picture of its cover: this server could not paint it. The cover is a page of letters."]);
        }
    }

    public void Dispose() => _made.Dispose();

    [LoggerMessage(LogLevel.Warning, "An EPUB is made without a picture of its cover. {ForOperator}")]
    private static partial void LogLeftOut(ILogger log, string forOperator);

    private sealed record Answer(byte[]? Image, int Width, int Height, string? Error, long Memory) : IChildAnswer;
}
