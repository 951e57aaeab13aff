using System.Globalization;
using System.Xml.Linq;

namespace Lekhika.Exporter.Epub;

/// <summary>The package document (EPUB Packages 3.2): metadata, manifest, spine; and the container that points to it.</summary>
internal static class EpubPackage
{
    private static readonly XNamespace Opf = "http://www.idpf.org/2007/opf";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Ocf = "urn:oasis:names:tc:opendocument:xmlns:container";

    public static XDocument Container() => new(new XElement(
        Ocf + "container",
        new XAttribute("version", "1.0"),
        new XElement(Ocf + "rootfiles", new XElement(
            Ocf + "rootfile", new XAttribute("full-path", "EPUB/package.opf"), new XAttribute("media-type", "application/oebps-package+xml")))));

    public static XDocument Document(EpubBook book) => new(new XElement(
        Opf + "package",
        new XAttribute("version", "3.0"),
        new XAttribute("unique-identifier", "id"),
        new XAttribute(XNamespace.Xml + "lang", book.Metadata.Language),
        Metadata(book),
        new XElement(
            Opf + "manifest",
            Item("nav", "nav.xhtml", "application/xhtml+xml", new XAttribute("properties", "nav")),
            Item("style", "book.css", "text/css"),
            book.Pages.Select(page => Item(page.Id, page.FileName, "application/xhtml+xml"))),
        new XElement(
            Opf + "spine",
            ItemReference(book.Cover.Id),
            ItemReference(book.TitlePage.Id),
            book.ShowsContents ? ItemReference("nav") : null,
            book.Chapters.Select(page => ItemReference(page.Id)),
            ItemReference(book.Colophon.Id))));

    private static XElement Metadata(EpubBook book)
    {
        var metadata = book.Metadata;
        return new XElement(
            Opf + "metadata",
            new XAttribute(XNamespace.Xmlns + "dc", Dc.NamespaceName),
            new XElement(Dc + "identifier", new XAttribute("id", "id"), $"urn:uuid:{metadata.Identifier}"),
            new XElement(Dc + "title", new XAttribute("id", "title"), metadata.Title),
            Refinement("title", "title-type", "main"),
            metadata.Subtitle is null
                ? null
                : new object[] { new XElement(Dc + "title", new XAttribute("id", "subtitle"), metadata.Subtitle), Refinement("subtitle", "title-type", "subtitle") },
            metadata.Author.Length == 0
                ? null
                : new object[] { new XElement(Dc + "creator", new XAttribute("id", "author"), metadata.Author), Refinement("author", "role", "aut", new XAttribute("scheme", "marc:relators")) },
            new XElement(Dc + "language", metadata.Language),
            metadata.Description is null ? null : new XElement(Dc + "description", metadata.Description),
            new XElement(Dc + "date", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new XElement(Dc + "contributor", metadata.AiService),
            book.HasPages
                ? new object[] { new XElement(Dc + "source", new XAttribute("id", "print"), $"{metadata.Title} (PDF)"), Refinement("print", "source-of", "pagination") }
                : null,
            Meta("dcterms:modified", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            Accessibility(book));
    }

    /// <summary>By the EPUB Accessibility Techniques 1.0, in schema.org's terms.</summary>
    private static IEnumerable<XElement> Accessibility(EpubBook book) =>
    [
        Meta("schema:accessMode", "textual"),
        Meta("schema:accessModeSufficient", "textual"),
        Meta("schema:accessibilityFeature", "structuralNavigation"),
        Meta("schema:accessibilityFeature", "tableOfContents"),
        Meta("schema:accessibilityFeature", "readingOrder"),
        Meta("schema:accessibilityFeature", "displayTransformability"),
        .. book.HasPages ? [Meta("schema:accessibilityFeature", "printPageNumbers")] : Array.Empty<XElement>(),
        Meta("schema:accessibilityHazard", "none"),
        Meta("schema:accessibilitySummary", "Text only, in one reading order, with headings, a table of contents and landmarks."),
    ];

    private static XElement Meta(string property, string value) => new(Opf + "meta", new XAttribute("property", property), value);

    private static XElement Refinement(string id, string property, string value, XAttribute? scheme = null) =>
        new(Opf + "meta", new XAttribute("refines", "#" + id), new XAttribute("property", property), scheme, value);

    private static XElement Item(string id, string href, string mediaType, XAttribute? properties = null) =>
        new(Opf + "item", new XAttribute("id", id), new XAttribute("href", href), new XAttribute("media-type", mediaType), properties);

    private static XElement ItemReference(string id) => new(Opf + "itemref", new XAttribute("idref", id));
}
