using System.Xml.Linq;
using static Lekhika.Exporter.Html.BlockMarkup;

namespace Lekhika.Exporter.Epub;

/// <summary>The navigation document (EPUB 3.2 §5): contents, landmarks and, where pages are known, the page list.</summary>
internal static class EpubNavigation
{
    public static XDocument Document(EpubBook book) => EpubPages.Document(
        book.Metadata.Language,
        book.Wording.Contents,
        Nav("toc", book.Wording.Contents, false, book.Chapters.Append(book.Colophon).Select(page => Entry(page.FileName, page.Title))),
        Nav(
            "landmarks",
            book.Metadata.Title,
            true,
            [
                Entry(book.Cover.FileName, book.Wording.Cover, "cover"),
                Entry(book.TitlePage.FileName, book.Wording.TitlePage, "titlepage"),
                book.ShowsContents ? Entry("nav.xhtml", book.Wording.Contents, "toc") : null,
                Entry((book.Chapters.Count > 0 ? book.Chapters[0] : book.Colophon).FileName, book.Metadata.Title, "bodymatter"),
            ]),
        book.HasPages
            ? Nav("page-list", book.Wording.Pages, true, book.Chapters.Select(page => Entry($"{page.FileName}#page-{page.Folio}", $"{page.Folio}")))
            : null);

    private static XElement Nav(string type, string heading, bool hidden, IEnumerable<XElement?> entries) => Element(
        "nav",
        EpubPages.Type(type),
        new XAttribute("id", type),
        hidden ? new XAttribute("hidden", "") : null,
        Element("h1", heading),
        Element("ol", entries));

    private static XElement Entry(string href, string text, string? type = null) =>
        Element("li", Element("a", type is null ? null : EpubPages.Type(type), new XAttribute("href", href), text));
}
