using System.Globalization;
using System.Xml.Linq;

namespace Lekhika.Exporter.Epub;

/// <summary>What the package says of the book. What is not known is not there.</summary>
internal static class EpubMetadata
{
    public static readonly XNamespace Opf = "http://www.idpf.org/2007/opf";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";

    public static XElement Of(EpubBook book)
    {
        var metadata = book.Metadata;
        return new XElement(
            Opf + "metadata",
            new XAttribute(XNamespace.Xmlns + "dc", Dc.NamespaceName),
            new XElement(Dc + "identifier", new XAttribute("id", "id"), $"urn:uuid:{metadata.Identifier}"),
            metadata.EbookIsbn is { } isbn ? Isbn(isbn) : null,
            new XElement(Dc + "title", new XAttribute("id", "title"), metadata.Title),
            Refinement("title", "title-type", "main"),
            metadata.Subtitle is null
                ? null
                : new object[] { new XElement(Dc + "title", new XAttribute("id", "subtitle"), metadata.Subtitle), Refinement("subtitle", "title-type", "subtitle") },
            metadata.Author.Length == 0
                ? null
                : new object[] { new XElement(Dc + "creator", new XAttribute("id", "author"), metadata.Author), Refinement("author", "role", "aut", "marc:relators") },
            new XElement(Dc + "language", metadata.Language),
            Known("publisher", metadata.Publisher),
            Known("description", metadata.Description),
            metadata.Subjects.Select(subject => Known("subject", subject)),
            new XElement(Dc + "date", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            Known("rights", metadata.Copyright),
            Known("rights", metadata.Rights),
            Known("contributor", metadata.AiService),
            metadata.Edition is null ? null : Meta("schema:bookEdition", metadata.Edition),
            book.HasPages ? Pagination(metadata.PrintIsbn is { } print ? $"urn:isbn:{Digits(print)}" : $"{metadata.Title} (PDF)") : null,
            Meta("dcterms:modified", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            book.Pictures.Cover is { } cover ? new XElement(Opf + "meta", new XAttribute("name", "cover"), new XAttribute("content", cover.Id)) : null,
            Accessibility(book),
            metadata.Provenance is null ? null : new XElement(Opf + "link", new XAttribute("rel", "record"), new XAttribute("href", metadata.Provenance), new XAttribute("media-type", "application/json")));
    }

    /// <summary>By the EPUB Accessibility Techniques 1.0, in schema.org's terms; nothing but what is so.</summary>
    private static IEnumerable<XElement> Accessibility(EpubBook book)
    {
        var pictures = book.Pictures.Files.Any();
        var told = book.Pictures.AllTold;
        string?[] features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", pictures && told ? "alternativeText" : null, book.HasPages ? "printPageNumbers" : null];
        string?[] summary =
        [
            pictures ? "Text and pictures in one reading order, with headings, a table of contents and landmarks." : "Text only, in one reading order, with headings, a table of contents and landmarks.",
            pictures && told ? "Every picture is described in words." : null,
            book.HasPages ? "The pages on which parts, chapters and sections open in print are marked." : null,
        ];
        return
        [
            Meta("schema:accessMode", "textual"),
            .. pictures ? [Meta("schema:accessMode", "visual"), Meta("schema:accessModeSufficient", "textual,visual")] : Array.Empty<XElement>(),
            .. told ? [Meta("schema:accessModeSufficient", "textual")] : Array.Empty<XElement>(),
            .. features.OfType<string>().Select(feature => Meta("schema:accessibilityFeature", feature)),
            Meta("schema:accessibilityHazard", "none"),
            new XElement(Opf + "meta", new XAttribute("property", "schema:accessibilitySummary"), new XAttribute(XNamespace.Xml + "lang", "en"), string.Join(' ', summary.OfType<string>())),
        ];
    }

    /// <summary>As a URN (RFC 3187), and told to be an ISBN-13 (ONIX code list 5).</summary>
    private static object[] Isbn(string isbn) =>
        [new XElement(Dc + "identifier", new XAttribute("id", "isbn"), $"urn:isbn:{Digits(isbn)}"), Refinement("isbn", "identifier-type", "15", "onix:codelist5")];

    private static object[] Pagination(string source) =>
        [new XElement(Dc + "source", new XAttribute("id", "print"), source), Refinement("print", "source-of", "pagination")];

    private static string Digits(string isbn) => string.Concat(isbn.Where(char.IsAsciiDigit));

    private static XElement? Known(string name, string? value) => string.IsNullOrEmpty(value) ? null : new XElement(Dc + name, value);

    private static XElement Meta(string property, string value) => new(Opf + "meta", new XAttribute("property", property), value);

    private static XElement Refinement(string id, string property, string value, string? scheme = null) =>
        new(Opf + "meta", new XAttribute("refines", "#" + id), new XAttribute("property", property), scheme is null ? null : new XAttribute("scheme", scheme), value);
}
