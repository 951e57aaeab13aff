using System.Xml.Linq;
using static Lekhika.Exporter.Epub.EpubXhtml;

namespace Lekhika.Exporter.Epub;

/// <summary>The navigation document (EPUB 3.2 §5): contents, landmarks and, where pages are known, the page list.</summary>
internal static class EpubNavigation
{
    public static XDocument Document(EpubBook book) => EpubXhtml.Document(
        book.Metadata.Language,
        book.Wording.Contents,
        "frontmatter",
        Nav("toc", "doc-toc", book.Wording.Contents, false, Contents(book)),
        Nav(
            "landmarks",
            null,
            book.Wording.Landmarks,
            true,
            [
                book.Cover is null ? null : Entry(book.Cover.FileName, book.Wording.Cover, "cover"),
                book.TitlePage is null ? null : Entry(book.TitlePage.FileName, book.Wording.TitlePage, "titlepage"),
                book.ShowsContents ? Entry("nav.xhtml", book.Wording.Contents, "toc") : null,
                Entry((book.Text.FirstOrDefault() ?? book.BackMatter[^1]).FileName, book.Wording.StartOfText, "bodymatter"),
            ]),
        book.HasPages
            ? Nav("page-list", "doc-pagelist", book.Wording.Pages, true, book.BehindContents.Where(page => page.Folio is not null).Select(page => Entry($"{page.FileName}#page-{page.Folio}", page.Folio!)))
            : null);

    /// <summary>Chapters of a part stand below it; those before the first part, and sections, beside the parts.</summary>
    private static List<XElement> Contents(EpubBook book)
    {
        List<XElement> entries = [.. book.FrontMatter.Select(page => Entry(page.FileName, page.Title!))];
        XElement? part = null;
        foreach (var page in book.Text)
        {
            if (book.Parts.Any(known => known.Page == page))
            {
                part = Element("ol");
                entries.Add(Element("li", Link(page.FileName, page.Title!), part));
            }
            else if (part is null)
            {
                entries.Add(Entry(page.FileName, page.Title!));
            }
            else
            {
                part.Add(Entry(page.FileName, page.Title!));
            }
        }

        entries.AddRange(book.BackMatter.Where(page => page.Title is not null).Select(page => Entry(page.FileName, page.Title!)));
        return entries;
    }

    private static XElement Nav(string type, string? role, string heading, bool hidden, IEnumerable<XElement?> entries) => Element(
        "nav",
        Type(type),
        role is null ? null : Role(role),
        Id(type),
        hidden ? new XAttribute("hidden", "") : null,
        Element("h1", heading),
        Element("ol", entries));

    private static XElement Entry(string href, string text, string? type = null) => Element("li", Link(href, text, type));

    private static XElement Link(string href, string text, string? type = null) => Element("a", type is null ? null : Type(type), new XAttribute("href", href), text);
}
