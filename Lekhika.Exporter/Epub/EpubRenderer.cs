using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Epub.Fonts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>EPUB 3.2 (W3C), reflowable: a ZIP (OCF §4.2) that is the same to the byte for the same manuscript.</summary>
internal sealed class EpubRenderer : IBookRenderer
{
    private static readonly XmlWriterSettings Plain = new() { Encoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>The earliest time that a ZIP can say.</summary>
    private static readonly DateTimeOffset Timeless = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The typefaces that a book carries along, cut to its letters. Without it the style sheet names them before the reader's own.</summary>
    public Func<EpubBook, CancellationToken, Task<EpubTypefaces>> Typefaces { get; init; } = (_, _) => Task.FromResult(EpubTypefaces.None);

    /// <summary>A picture of the cover in letters, for a book that has none of its own. Without it the cover is a page of letters.</summary>
    public Func<RenderOrder, CancellationToken, Task<PaintedCover>> Cover { get; init; } = (_, _) => Task.FromResult(PaintedCover.None);

    public ExportFormat Format => ExportFormat.Epub;

    public async Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        // Painted while the text is written.
        var painting = order.Design.IncludeCover && order.Manuscript.CoverImage is null ? Cover(order, cancellationToken) : Task.FromResult(PaintedCover.None);
        var book = new EpubBook(PrintableText.Of(order.Manuscript), order.Design, order.Pages, cancellationToken);
        var file = new MemoryStream();
        PaintedCover cover;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            // A reader knows the format by the first bytes of the file: mimetype first, and stored (OCF §4.3).
            Add(zip, "mimetype", "application/epub+zip"u8, CompressionLevel.NoCompression);
            Add(zip, "META-INF/container.xml", EpubPackage.Container());
            foreach (var page in book.BehindContents)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(zip, "EPUB/" + page.FileName, page.Document);
            }

            cover = await painting;
            if (cover.Picture is { } picture)
            {
                book.Show(picture);
            }

            book.Carry(await Typefaces(book, cancellationToken));
            foreach (var page in book.BeforeContents)
            {
                Add(zip, "EPUB/" + page.FileName, page.Document);
            }

            Add(zip, "EPUB/nav.xhtml", book.Navigation);
            Add(zip, "EPUB/book.css", System.Text.Encoding.UTF8.GetBytes(EpubStyle.Of(book)));
            foreach (var resource in book.Files)
            {
                // Pictures are packed already.
                var level = resource.MediaType.StartsWith("font/", StringComparison.Ordinal) ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
                Add(zip, "EPUB/" + resource.Path, resource.Content.Span, level);
            }

            Add(zip, "EPUB/package.opf", EpubPackage.Document(book));
        }

        return new RenderedBook(file.ToArray()) { Warnings = [.. BookPicture.Warnings(book.Pictures.Lost), .. cover.Warnings, .. book.Typefaces.Warnings] };
    }

    private static void Add(ZipArchive zip, string path, XDocument document)
    {
        var content = new MemoryStream();
        using (var writer = XmlWriter.Create(content, Plain))
        {
            document.Save(writer);
        }

        Add(zip, path, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static void Add(ZipArchive zip, string path, ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.Optimal)
    {
        var entry = zip.CreateEntry(path, level);
        entry.LastWriteTime = Timeless;
        using var stream = entry.Open();
        stream.Write(content);
    }
}
