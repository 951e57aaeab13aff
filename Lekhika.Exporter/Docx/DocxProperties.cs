using System.Globalization;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using C = DocumentFormat.OpenXml.CustomProperties;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>What the document says of itself (ISO/IEC 29500-2, core properties), and how Word is to treat it.</summary>
internal static class DocxProperties
{
    private static readonly XNamespace Cp = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Terms = "http://purl.org/dc/terms/";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>By hand, because the package's own properties are written under a random name. What is not known is not there.</summary>
    public static XDocument Core(BookMetadata book)
    {
        var time = book.Completed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new XDocument(new XElement(
            Cp + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "dc", Dc),
            new XAttribute(XNamespace.Xmlns + "dcterms", Terms),
            new XAttribute(XNamespace.Xmlns + "xsi", Xsi),
            Known(Dc + "title", book.Title),
            Known(Dc + "subject", string.Join("; ", book.Subjects)),
            Known(Dc + "creator", book.Author),
            Known(Dc + "description", book.Description),
            Known(Dc + "language", book.Language),
            Known(Dc + "identifier", book.PrintIsbn is { } isbn ? $"urn:isbn:{Digits(isbn)}" : $"urn:uuid:{book.Identifier}"),
            Known(Cp + "keywords", book.AiService),
            new XElement(Terms + "created", new XAttribute(Xsi + "type", "dcterms:W3CDTF"), time),
            new XElement(Terms + "modified", new XAttribute(Xsi + "type", "dcterms:W3CDTF"), time)));
    }

    /// <summary>The address of the manifest of the book's making, as a property of the document's own (ISO/IEC 29500-1, 22.3); null when there is none.</summary>
    public static C.Properties? Custom(BookMetadata book) => book.Provenance is null
        ? null
        : new(new C.CustomDocumentProperty(new DocumentFormat.OpenXml.VariantTypes.VTLPWSTR(book.Provenance)) { FormatId = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", PropertyId = 2, Name = "Provenance" });

    /// <param name="knowsPages">Whether the contents already have their pages: else Word asks to fill them when it opens the document.</param>
    public static W.Settings Settings(BookDesign design, string language, bool knowsPages) => new(
    [
        new W.MirrorMargins(),
        .. If(design.Hyphenate, new W.AutoHyphenation()),
        .. If(design.Hyphenate, new W.ConsecutiveHyphenLimit { Val = 3 }),
        .. If(design.RunningHeads, new W.EvenAndOddHeaders()),
        .. If(design.IncludeContents && !knowsPages, new W.UpdateFieldsOnOpen { Val = true }),
        new W.FootnoteDocumentWideProperties(new W.FootnoteSpecialReference { Id = -1 }, new W.FootnoteSpecialReference { Id = 0 }),
        new W.Compatibility(
            new W.DoNotExpandShiftReturn(),
            new W.CompatibilitySetting { Name = W.CompatSettingNameValues.CompatibilityMode, Uri = "http://schemas.microsoft.com/office/word", Val = "15" }),
        new W.ThemeFontLanguages { Val = language },
    ]);

    private static IEnumerable<OpenXmlElement> If(bool wanted, OpenXmlElement element) => wanted ? [element] : [];

    private static XElement? Known(XName name, string? value) => string.IsNullOrEmpty(value) ? null : new XElement(name, value);

    private static string Digits(string isbn) => string.Concat(isbn.Where(char.IsAsciiDigit));
}
