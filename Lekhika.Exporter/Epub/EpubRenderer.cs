using System.IO.Compression;
using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>EPUB 3.2 (W3C), reflowable: a ZIP (OCF §4.2) that is the same to the byte for the same manuscript.</summary>
internal sealed class EpubRenderer : IBookRenderer
{
    /// <summary>The earliest time that a ZIP can say.</summary>
    private static readonly DateTimeOffset Timeless = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Style = EmbeddedText.Read("Epub.book.css");

    public ExportFormat Format => ExportFormat.Epub;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = new EpubBook(PrintableText.Of(order.Manuscript), order.Design, order.Pages);
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            // A reader knows the format by the first bytes of the file: mimetype first, and stored (OCF §4.3).
            Add(zip, "mimetype", "application/epub+zip"u8, CompressionLevel.NoCompression);
            Add(zip, "META-INF/container.xml", EpubPackage.Container());
            Add(zip, "EPUB/package.opf", EpubPackage.Document(book));
            Add(zip, "EPUB/nav.xhtml", EpubNavigation.Document(book));
            Add(zip, "EPUB/book.css", System.Text.Encoding.UTF8.GetBytes(Style));
            foreach (var page in book.Pages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(zip, "EPUB/" + page.FileName, page.Document);
            }
        }

        return Task.FromResult(new RenderedBook(file.ToArray()));
    }

    private static void Add(ZipArchive zip, string path, XDocument document)
    {
        var content = new MemoryStream();
        document.Save(content, SaveOptions.DisableFormatting);
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
