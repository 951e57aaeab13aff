using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Flow;
using Lekhika.Exporter.Docx.Styles;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>
/// A Word document (ISO/IEC 29500 transitional) that an editor can work in: named styles, a contents field, mirrored sections,
/// real footnotes. The same book gives the same bytes. What it does and leaves: docs/epub-docx.md.
/// </summary>
internal sealed class DocxRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Docx;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var context = new DocxContext(PrintableText.Of(order.Manuscript), order.Design, new DocxNumbering(), new DocxPictures());
        var outline = new DocxOutline(context, order.Pages);
        var fonts = DocxFonts.Of(context);
        var content = new MemoryStream();
        using (var file = WordprocessingDocument.Create(content, WordprocessingDocumentType.Document))
        {
            file.CompressionOption = System.IO.Packaging.CompressionOption.NotCompressed; // It is packed once, in the end.
            var main = file.AddMainDocumentPart();
            file.ChangeIdOfPart(main, "document");
            main.Document = new W.Document(new DocxBook(main, context, outline).Write(cancellationToken));
            main.Document.AddNamespaceDeclaration("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"); // Else each mention has its own.
            main.AddNewPart<StyleDefinitionsPart>("styles").Styles = DocxStyles.Of(context, fonts);
            main.AddNewPart<FontTablePart>("fonts").Fonts = fonts.Table();
            main.AddNewPart<NumberingDefinitionsPart>("numbering").Numbering = context.Numbering.Definitions();
            main.AddNewPart<DocumentSettingsPart>("settings").Settings = DocxProperties.Settings(order.Design, context.Book.Metadata.Language, outline.KnowsPages);
            if (DocxProperties.Custom(context.Book.Metadata) is { } custom)
            {
                var own = file.AddCustomFilePropertiesPart();
                file.ChangeIdOfPart(own, "custom");
                own.Properties = custom;
            }

            var properties = file.AddCoreFilePropertiesPart();
            file.ChangeIdOfPart(properties, "properties");
            using var stream = properties.GetStream(FileMode.Create);
            DocxProperties.Core(context.Book.Metadata).Save(stream);
        }

        return Task.FromResult(new RenderedBook(Timeless(content)) { Warnings = [.. BookPicture.Warnings(context.Pictures.Lost), .. DocxTables.Warnings(context.WideTables)] });
    }

    /// <summary>The same package with the parts in order of name and without the time of day in its entries.</summary>
    private static byte[] Timeless(MemoryStream package)
    {
        var content = new MemoryStream();
        using (var from = new ZipArchive(package, ZipArchiveMode.Read))
        using (var to = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            // [Content_Types].xml sorts first, where streaming readers look for it.
            foreach (var part in from.Entries.OrderBy(part => part.FullName, StringComparer.Ordinal))
            {
                var isPicture = part.FullName.StartsWith("word/media/", StringComparison.Ordinal);
                var entry = to.CreateEntry(part.FullName, isPicture ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var source = part.Open();
                using var target = entry.Open();
                source.CopyTo(target);
            }
        }

        return content.ToArray();
    }
}
