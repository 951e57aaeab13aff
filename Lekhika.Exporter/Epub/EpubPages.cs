using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Epub.EpubXhtml;

namespace Lekhika.Exporter.Epub;

/// <summary>A content document of an EPUB.</summary>
/// <param name="Id">Of the manifest's item; the file is named after it.</param>
/// <param name="Title">As in the contents; null: these do not name it.</param>
/// <param name="Folio">The PDF's page on which it opens, where known.</param>
internal sealed record EpubPage(string Id, string? Title, XDocument Document, string? Folio = null)
{
    public string FileName => Id + ".xhtml";
}

/// <summary>Writes the book's content documents.</summary>
internal sealed class EpubPages(Manuscript book, BookDesign design, BookWording wording, EpubPictures pictures)
{
    private string BookLanguage => book.Metadata.Language;

    /// <summary>The label and title of a chapter as its heading has them: one of them may be empty.</summary>
    public (string Label, string Title) Heading(Chapter chapter)
    {
        var label = wording.Label(chapter, design.ChapterLabel);
        return chapter.Title.Length > 0 ? (label, chapter.Title) : ("", label.Length > 0 ? label : wording.Label(chapter));
    }

    public EpubPage ChapterPage(Chapter chapter, string? folio)
    {
        var (markup, (label, title)) = (Markup(), Heading(chapter));
        var inContents = design.ChapterLabel == ChapterLabel.Full ? wording.Heading(chapter) : $"{label} {title}".Trim();
        var content = new object?[]
        {
            PageBreak(folio),
            Heading(label, title),
            Subtitle(chapter.Subtitle),
            Line("byline", chapter.Byline),
            chapter.Epigraph.Count == 0 ? null : Element("div", Class("epigraph"), Type("epigraph"), Role("doc-epigraph"), markup.Of(chapter.Epigraph)),
            Opened(chapter.Blocks, markup.Of(chapter.Blocks)),
        };
        return Page($"chapter-{chapter.Number}", inContents, "bodymatter", Section("chapter", "doc-chapter", [.. content, Notes(markup)]), folio);
    }

    public EpubPage PartPage(Part part, string? folio)
    {
        var label = wording.Label(part, book.Parts.Count);
        return Page($"part-{part.Number}", wording.Heading(part, book.Parts.Count), "bodymatter", Section("part", "doc-part", PageBreak(folio), part.Title.Length == 0 ? Heading("", label) : Heading(label, part.Title)), folio);
    }

    /// <param name="number">Among its division's sections, from 1.</param>
    public EpubPage SectionPage(Matter section, bool isFront, int number, string? folio)
    {
        var (markup, type) = (Markup(), Semantics(section.Kind));
        var (isQuiet, title) = (BookWording.IsQuiet(section), wording.Title(section));
        var content = Section(type, type is null ? null : $"doc-{type}", PageBreak(folio), isQuiet ? new XAttribute("aria-label", title) : Heading("", title), markup.Of(section.Blocks), Notes(markup));
        content.Add(Class($"matter {section.Kind.ToString().ToLowerInvariant()}"));
        return Page($"{(isFront ? "front" : "back")}-{number}", isQuiet ? null : title, isFront ? "frontmatter" : "backmatter", content, folio, title);
    }

    /// <param name="painted">The picture of a book that has none for its cover; null: the book's own, or letters.</param>
    public EpubPage Cover(BookImage? painted = null)
    {
        var alternative = $"{wording.Cover}: {book.Metadata.Title}";
        var shown = (painted is null ? pictures.FindCover(alternative) : pictures.TakeCover(painted)) is { } picture
            ? new object?[] { Element("img", Class("cover-picture"), new XAttribute("src", picture.Path), new XAttribute("alt", alternative)) }
            : [Line("cover-title", book.Metadata.Title), Line("cover-subtitle", book.Metadata.Subtitle), Line("cover-author", book.Metadata.Author)];
        return Page("cover", null, "frontmatter", Section("cover", null, shown), titleOfPage: wording.Cover);
    }

    public EpubPage TitlePage()
    {
        var metadata = book.Metadata;
        var author = metadata.Author.Length == 0 ? null : wording.By(metadata.Author);
        return Page("title-page", null, "frontmatter", Section("titlepage", null, Element("h1", metadata.Title), Subtitle(metadata.Subtitle), Line("author", author), Line("publisher", metadata.Publisher)), titleOfPage: wording.TitlePage);
    }

    public EpubPage Imprint()
    {
        var (metadata, year) = (book.Metadata, $"{book.Metadata.Completed.UtcDateTime.Year:D4}");
        string?[] lines =
        [
            metadata.Title,
            metadata.Copyright ?? (metadata.Author.Length > 0 ? $"© {year} {metadata.Author}" : year),
            metadata.Rights,
            metadata.Edition,
            metadata.Publisher,
            metadata.PrintIsbn is { } print ? wording.PrintIsbn(print) : null,
            metadata.EbookIsbn is { } electronic ? wording.EbookIsbn(electronic) : null,
            wording.Disclosure(metadata.AiService),
        ];
        return Page("imprint", null, "frontmatter", Section("copyright-page", null, new XAttribute("aria-label", wording.Imprint), lines.Select(line => Line("imprint", line))), titleOfPage: wording.Imprint);
    }

    public EpubPage Colophon(string? folio) =>
        Page("colophon", wording.Colophon, "backmatter", Section("colophon", "doc-colophon", PageBreak(folio), Heading("", wording.Colophon), Markup().Of(ColophonText.Of(book))), folio);

    private EpubMarkup Markup() => new(BookLanguage, wording, pictures);

    private EpubPage Page(string id, string? title, string division, XElement section, string? folio = null, string? titleOfPage = null) =>
        new(id, title, Document(BookLanguage, titleOfPage ?? title ?? book.Metadata.Title, division, section), folio);

    private static XElement Section(string? type, string? role, params object?[] content) =>
        Element("section", type is null ? null : Type(type), role is null ? null : Role(role), content);

    private static XElement Heading(string label, string title) =>
        Element("h1", label.Length == 0 ? title : new object[] { Element("span", Class("label"), label), " ", title });

    /// <summary>The first prose of a chapter, with which it is opened: marked for its first letter where that is one that can be dropped, and enough text stands beside it.</summary>
    private static IReadOnlyList<XElement> Opened(IReadOnlyList<Block> blocks, IReadOnlyList<XElement> elements)
    {
        const int Lines = 160; // Letters that surely fill three lines of a small screen.
        if (blocks is [Paragraph { Content: [Core.Manuscripts.Text { Value: [var first, ..] }, ..] } opening, ..])
        {
            var drops = char.IsLetter(first) && first < '\u0530' && PlainText.Of(opening.Content).Length >= Lines;
            elements[0].SetAttributeValue("class", drops ? "flush opening drop" : "flush opening");
        }

        return elements;
    }

    private static XElement? Notes(EpubMarkup markup) => markup.Notes.Count == 0 ? null : Element("div", Class("notes"), markup.Notes);

    private static XElement? PageBreak(string? folio) => folio is null ? null : Element("span", Type("pagebreak"), Role("doc-pagebreak"), Id($"page-{folio}"), new XAttribute("aria-label", folio));

    private static XElement? Line(string name, string? text) => string.IsNullOrEmpty(text) ? null : Element("p", Class(name), text);

    private static XElement? Subtitle(string? text) => text is null ? null : Element("p", Class("subtitle"), Type("subtitle"), Role("doc-subtitle"), text);

    /// <summary>The section's name in the EPUB Structural Semantics Vocabulary, which DPUB-ARIA shares; null where it has none.</summary>
    private static string? Semantics(MatterKind kind) => kind switch
    {
        MatterKind.Acknowledgements => "acknowledgments",
        MatterKind.AboutTheAuthor or MatterKind.AlsoBy => null,
        MatterKind.Index => null, // The vocabulary's index has entries of a form that free text has not.
        _ => kind.ToString().ToLowerInvariant(),
    };
}
