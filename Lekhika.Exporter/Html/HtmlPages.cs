using System.Globalization;
using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.HtmlMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>The parts of the page: title page, contents, sections, parts and chapters.</summary>
internal sealed class HtmlPages(Manuscript book, BookDesign design, BookWording wording)
{
    private BookMetadata Metadata => book.Metadata;

    /// <summary>The title and what must never be hidden; the rest of a title page where the design has one.</summary>
    public XElement TitlePage() => Element(
        "header",
        design.IncludeTitlePage ? null : Class("short"),
        design.IncludeCover && book.CoverImage is { } id && book.Images.TryGetValue(id, out var cover)
            ? Element("img", Class("cover"), new XAttribute("src", HtmlBlocks.DataUri(cover)), new XAttribute("alt", wording.Cover), new XAttribute("width", cover.Width), new XAttribute("height", cover.Height))
            : null,
        Element("h1", Metadata.Title),
        design.IncludeTitlePage ? Line("subtitle", Metadata.Subtitle) : null,
        design.IncludeTitlePage && Metadata.Author.Length > 0 ? Line("author", wording.By(Metadata.Author)) : null,
        design.IncludeTitlePage ? Imprint().Select(line => Line("imprint", line)) : null,
        Line("disclosure", wording.Disclosure(Metadata.AiService)));

    public XElement Contents() => Element(
        "nav",
        new XAttribute("role", "doc-toc"),
        new XAttribute("aria-labelledby", "contents"),
        Element("h2", new XAttribute("id", "contents"), wording.Contents),
        Element(
            "ol",
            Entries(book.FrontMatter, "front"),
            book.Chapters.SelectMany(chapter => PartsAt(chapter).Select(part => Entry("part-entry", PartId(part), wording.Heading(part, book.Parts.Count))).Append(Entry("chapter-entry", Id(chapter), Named(chapter)))),
            Entries(book.BackMatter, "back")));

    public IEnumerable<XElement> Sections(CancellationToken cancellationToken)
    {
        foreach (var (matter, i) in book.FrontMatter.Select((matter, i) => (matter, i)))
        {
            yield return Section(matter, $"front-{i + 1}");
        }

        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var part in PartsAt(chapter))
            {
                yield return Section(part);
            }

            yield return Section(chapter);
        }

        foreach (var (matter, i) in book.BackMatter.Select((matter, i) => (matter, i)))
        {
            yield return Section(matter, $"back-{i + 1}");
        }
    }

    public XElement Colophon() => Element(
        "footer",
        new XAttribute("role", "doc-colophon"),
        Element("h2", wording.Colophon),
        new HtmlBlocks("colophon", wording, book.Images).Of(ColophonText.Of(book)));

    private XElement Section(Chapter chapter)
    {
        var (id, label) = (Id(chapter), wording.Label(chapter, design.ChapterLabel));
        var blocks = new HtmlBlocks(id, wording, book.Images);
        return Element(
            "section",
            Class("chapter"),
            new XAttribute("id", id),
            new XAttribute("role", "doc-chapter"),
            new XAttribute("aria-labelledby", id + "-title"),
            Element("h2", new XAttribute("id", id + "-title"), Titled(label, chapter.Title, wording.Label(chapter))),
            Line("chapter-subtitle", chapter.Subtitle),
            Line("byline", chapter.Byline),
            chapter.Epigraph.Count == 0 ? null : Element("blockquote", Class("epigraph"), new XAttribute("role", "doc-epigraph"), blocks.Of(chapter.Epigraph)),
            blocks.Of(chapter.Blocks, opens: true),
            blocks.Notes());
    }

    private XElement Section(Part part) => Element(
        "section",
        Class("part"),
        new XAttribute("id", PartId(part)),
        new XAttribute("role", "doc-part"),
        new XAttribute("aria-labelledby", PartId(part) + "-title"),
        Element("h2", new XAttribute("id", PartId(part) + "-title"), Titled(wording.Label(part, book.Parts.Count), part.Title, "")));

    private XElement Section(Matter matter, string id)
    {
        var blocks = new HtmlBlocks(id, wording, book.Images);
        var role = matter.Kind switch
        {
            MatterKind.Acknowledgements => "doc-acknowledgments",
            MatterKind.AboutTheAuthor or MatterKind.AlsoBy => null,
            var kind => $"doc-{kind.ToString().ToLowerInvariant()}",
        };
        return Element(
            "section",
            Class($"matter {BookFile.Class(matter.Kind)}"),
            new XAttribute("id", id),
            role is null ? null : new XAttribute("role", role),
            new XAttribute("aria-label", wording.Title(matter)),
            BookWording.IsQuiet(matter) ? null : Element("h2", wording.Title(matter)),
            blocks.Of(matter.Blocks),
            blocks.Notes());
    }

    private IEnumerable<string> Imprint()
    {
        string?[] lines =
        [
            Metadata.Edition,
            Metadata.Publisher,
            Metadata.Copyright,
            Metadata.Rights,
            Metadata.EbookIsbn is { } isbn ? wording.EbookIsbn(isbn) : null,
            Metadata.Publisher is null && Metadata.Copyright is null ? Metadata.Completed.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture) : null,
        ];
        return lines.OfType<string>();
    }

    private IEnumerable<XElement> Entries(IEnumerable<Matter> sections, string place) => sections
        .Select((matter, i) => (Matter: matter, Id: $"{place}-{i + 1}"))
        .Where(section => !BookWording.IsQuiet(section.Matter))
        .Select(section => Entry("matter-entry", section.Id, wording.Title(section.Matter)));

    private static XElement Entry(string name, string id, params object[] content) => Element("li", Class(name), Element("a", new XAttribute("href", "#" + id), content));

    private object[] Named(Chapter chapter)
    {
        var label = wording.Label(chapter, design.ChapterLabel);
        return chapter.Title.Length == 0 ? [wording.Label(chapter)] : label.Length == 0 ? [chapter.Title] : [Element("span", Class("number"), label), " ", chapter.Title];
    }

    /// <summary>A title below its label, or the one of them that there is.</summary>
    private static object[] Titled(string label, string title, string otherwise) => (label, title) switch
    {
        (_, "") => [label.Length > 0 ? label : otherwise],
        ("", _) => [title],
        _ => [Element("span", Class("label"), label), " ", title],
    };

    private IEnumerable<Part> PartsAt(Chapter chapter) => book.Parts.Where(part => part.FirstChapter == chapter.Number);

    private static XElement? Line(string name, string? text) => string.IsNullOrEmpty(text) ? null : Element("p", Class(name), text);

    private static XAttribute Class(string name) => new("class", name);

    private static string PartId(Part part) => $"part-{part.Number}";

    private static string Id(Chapter chapter) => $"chapter-{chapter.Number}";
}
