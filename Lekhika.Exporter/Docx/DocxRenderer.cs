using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>
/// A Word document (ISO/IEC 29500 transitional) that an editor can work in: named styles, a contents field, mirrored pages.
/// The same book gives the same bytes.
/// </summary>
internal sealed class DocxRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Docx;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var pages = order.Pages?.ChapterFolios.Count == book.Chapters.Count ? order.Pages : null;
        var content = new MemoryStream();
        using (var file = WordprocessingDocument.Create(content, WordprocessingDocumentType.Document))
        {
            var main = file.AddMainDocumentPart();
            file.ChangeIdOfPart(main, "document");
            var body = new DocxBody(main);
            DocxFrontMatter.Write(body, book, order.Design, pages);
            body.Chapters(book, cancellationToken);
            body.Append(DocxPage.Section(order.Design, front: false));
            main.Document = new W.Document(body.Element);
            main.AddNewPart<StyleDefinitionsPart>("styles").Styles = DocxStyles.Of(order.Design, book.Metadata.Language);
            main.AddNewPart<NumberingDefinitionsPart>("numbering").Numbering = body.Numbering.Definitions();
            main.AddNewPart<FooterPart>(DocxPage.FooterId).Footer = DocxPage.Footer();
            main.AddNewPart<DocumentSettingsPart>("settings").Settings = Settings(updateFields: order.Design.IncludeContents && pages is null);
            var properties = file.AddCoreFilePropertiesPart();
            file.ChangeIdOfPart(properties, "properties");
            using var stream = properties.GetStream(FileMode.Create);
            CoreProperties(book.Metadata).Save(stream);
        }

        return Task.FromResult(new RenderedBook(Timeless(content)));
    }

    private static W.Settings Settings(bool updateFields) => new(
    [
        new W.MirrorMargins(),
        new W.AutoHyphenation(),
        .. updateFields ? [new W.UpdateFieldsOnOpen { Val = true }] : Array.Empty<OpenXmlElement>(),
        new W.Compatibility(new W.CompatibilitySetting { Name = W.CompatSettingNameValues.CompatibilityMode, Uri = "http://schemas.microsoft.com/office/word", Val = "15" }),
    ]);

    /// <summary>By hand, because the package's own properties are written under a random name.</summary>
    private static XDocument CoreProperties(BookMetadata metadata)
    {
        XNamespace cp = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
        XNamespace dc = "http://purl.org/dc/elements/1.1/";
        XNamespace terms = "http://purl.org/dc/terms/";
        XNamespace xsi = "http://www.w3.org/2001/XMLSchema-instance";
        var time = metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new XDocument(new XElement(
            cp + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "dc", dc),
            new XAttribute(XNamespace.Xmlns + "dcterms", terms),
            new XAttribute(XNamespace.Xmlns + "xsi", xsi),
            new XElement(dc + "title", metadata.Title),
            new XElement(dc + "creator", metadata.Author),
            new XElement(dc + "description", metadata.Description ?? ""),
            new XElement(dc + "language", metadata.Language),
            new XElement(dc + "identifier", $"urn:uuid:{metadata.Identifier}"),
            new XElement(cp + "keywords", metadata.AiService),
            new XElement(terms + "created", new XAttribute(xsi + "type", "dcterms:W3CDTF"), time),
            new XElement(terms + "modified", new XAttribute(xsi + "type", "dcterms:W3CDTF"), time)));
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
                var entry = to.CreateEntry(part.FullName, CompressionLevel.Optimal);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var source = part.Open();
                using var target = entry.Open();
                source.CopyTo(target);
            }
        }

        return content.ToArray();
    }
}
