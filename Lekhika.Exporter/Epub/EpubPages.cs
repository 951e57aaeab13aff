using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.BlockMarkup;

namespace Lekhika.Exporter.Epub;

/// <summary>A content document of an EPUB.</summary>
/// <param name="Id">Of the manifest's item; the file is named after it.</param>
/// <param name="Title">As in the contents.</param>
/// <param name="Folio">The PDF's page on which it opens, where known.</param>
internal sealed record EpubPage(string Id, string Title, XDocument Document, int? Folio = null)
{
    public string FileName => Id + ".xhtml";
}

/// <summary>Writes content documents: XHTML5 with the structural semantics of EPUB and the same as DPUB-ARIA roles.</summary>
internal static class EpubPages
{
    private static readonly XNamespace Ops = "http://www.idpf.org/2007/ops";

    public static EpubPage Cover(BookMetadata metadata, BookWording wording) => new("cover", wording.Cover, Document(
        metadata.Language,
        metadata.Title,
        Section(
            "cover",
            null,
            Element("p", new XAttribute("class", "cover-title"), metadata.Title),
            Optional("cover-subtitle", metadata.Subtitle),
            Optional("cover-author", metadata.Author))));

    public static EpubPage TitlePage(BookMetadata metadata, BookWording wording) => new("title-page", wording.TitlePage, Document(
        metadata.Language,
        metadata.Title,
        Section(
            "titlepage",
            null,
            Element("h1", metadata.Title),
            Optional("subtitle", metadata.Subtitle),
            Optional("author", metadata.Author.Length == 0 ? null : wording.By(metadata.Author)),
            Element("p", new XAttribute("class", "imprint"), metadata.Completed.UtcDateTime.Year.ToString("D4")),
            Element("p", new XAttribute("class", "imprint"), wording.Disclosure(metadata.AiService)))));

    public static EpubPage ChapterPage(Chapter chapter, int? folio, string language, BookWording wording) => new(
        $"chapter-{chapter.Number}",
        wording.Heading(chapter),
        Document(
            language,
            wording.Heading(chapter),
            Section(
                "chapter",
                "doc-chapter",
                folio is null ? null : PageBreak(folio.Value),
                Element(
                    "h1",
                    chapter.Title.Length == 0
                        ? wording.Label(chapter)
                        : new object[] { Element("span", new XAttribute("class", "label"), wording.Label(chapter)), " ", chapter.Title }),
                Of(chapter.Blocks))),
        folio);

    public static EpubPage Colophon(IReadOnlyList<string> paragraphs, string language, BookWording wording) => new(
        "colophon",
        wording.Colophon,
        Document(
            language,
            wording.Colophon,
            Section("colophon", "doc-colophon", Element("h1", wording.Colophon), paragraphs.Select(text => Element("p", text)))));

    /// <summary>A page of XHTML around <paramref name="body"/>.</summary>
    public static XDocument Document(string language, string title, params object?[] body) => new(
        new XDocumentType("html", null, null, null),
        Element(
            "html",
            new XAttribute(XNamespace.Xmlns + "epub", Ops.NamespaceName),
            new XAttribute("lang", language),
            new XAttribute(XNamespace.Xml + "lang", language),
            Element(
                "head",
                Element("meta", new XAttribute("charset", "utf-8")),
                Element("title", title),
                Element("link", new XAttribute("rel", "stylesheet"), new XAttribute("type", "text/css"), new XAttribute("href", "book.css"))),
            Element("body", body)));

    /// <summary>A structural semantic of the EPUB vocabulary.</summary>
    public static XAttribute Type(string type) => new(Ops + "type", type);

    private static XElement Section(string type, string? role, params object?[] content) =>
        Element("section", Type(type), role is null ? null : new XAttribute("role", role), content);

    private static XElement PageBreak(int folio) => Element(
        "span", Type("pagebreak"), new XAttribute("role", "doc-pagebreak"), new XAttribute("id", $"page-{folio}"), new XAttribute("aria-label", folio));

    private static XElement? Optional(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : Element("p", new XAttribute("class", name), text);
}
