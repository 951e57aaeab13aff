using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.HtmlMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>The blocks of one section as elements of the HTML page; the notes that it calls are kept for its end.</summary>
/// <param name="id">The section's id, with which ids of its notes begin.</param>
internal sealed class HtmlBlocks(string id, BookWording wording, IReadOnlyDictionary<string, BookImage> images)
{
    /// <summary>Headings within a section stand below its own, which is of level 2.</summary>
    private const int LowerBy = 1;

    private static readonly string[] MediaTypes = ["image/png", "image/jpeg", "image/webp"];

    private readonly HtmlInlines _inlines = new(id, wording);

    /// <summary>The elements of a text.</summary>
    /// <param name="opens">Whether it is a chapter's own, of which scenes begin as the design has it.</param>
    public IReadOnlyList<XElement> Of(IReadOnlyList<Block> blocks, bool opens = false)
    {
        // Made at once, so that Notes knows what was called; prose after anything else than prose starts flush.
        var elements = new List<XElement>(blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var before = i == 0 ? null : blocks[i - 1];
            elements.Add(blocks[i] is Paragraph paragraph && before is not Paragraph
                ? Element("p", Class(opens ? HtmlOpening.Class(paragraph, before) : "flush"), _inlines.Of(paragraph.Content))
                : Of(blocks[i]));
        }

        return elements;
    }

    /// <summary>The notes that were called, each with a link back; null when there are none.</summary>
    public XElement? Notes() => _inlines.Notes is { Count: > 0 } notes
        ? Element(
            "section",
            Class("notes"),
            new XAttribute("role", "doc-endnotes"),
            new XAttribute("aria-label", wording.Notes),
            Element("h3", wording.Notes),
            Element("ol", notes.Select((note, at) => Element(
                "li",
                new XAttribute("id", $"{id}-note-{at + 1}"),
                Of(note.Content),
                Element(
                    "p",
                    Class("back"),
                    Element("a", new XAttribute("href", $"#{id}-call-{at + 1}"), new XAttribute("role", "doc-backlink"), new XAttribute("aria-label", wording.BackToText), "↩\uFE0E"))))))
        : null;

    private XElement Of(Block block) => block switch
    {
        Paragraph p => Element("p", _inlines.Of(p.Content)),
        Heading h => Element($"h{Math.Min(h.Level + LowerBy, 6)}", _inlines.Of(h.Content)),
        SceneBreak => Element("hr", Class("scene")),
        BlockQuotation q => Element("blockquote", Of(q.Content)),
        ItemList { Ordered: true } l => Element("ol", l.Start == 1 ? null : new XAttribute("start", l.Start), Items(l)),
        ItemList l => Element("ul", Items(l)),
        CodeBlock c => Element("pre", new XAttribute("tabindex", 0), new XAttribute("dir", "ltr"), Element("code", c.Value)),
        Table t => Element("div", Class("wide"), Table(t)),
        Verse v => Element("div", Class("verse"), v.Stanzas.Select(stanza => Element("p", stanza.Select(line => Element("span", Class(line.Indent == 0 ? "line" : $"line in-{line.Indent}"), _inlines.Of(line.Content)))))),
        Letter l => Element("blockquote", Class("letter"), Of(l.Content)),
        Figure f => Picture(f),
        Callout c => Callout(c),
        Exercise e => Element("section", Class("box exercise"), new XAttribute("aria-label", wording.Exercise), BoxTitle(wording.Exercise, e.Title), Of(e.Content)),
        _ => Element("p"),
    };

    private XElement Callout(Callout callout)
    {
        var word = wording.CalloutTitle(callout.Kind);
        var role = callout.Kind switch { CalloutKind.Tip => "doc-tip", CalloutKind.Example => "doc-example", _ => "note" };
        return Element(
            "aside",
            Class($"box {callout.Kind.ToString().ToLowerInvariant()}"),
            new XAttribute("role", role),
            new XAttribute("aria-label", word),
            BoxTitle(word, callout.Title),
            Of(callout.Content));
    }

    private XElement BoxTitle(string word, IReadOnlyList<Inline> title) => Element(
        "p", Class("box-title"), title.Count == 0 ? word : new object[] { Element("span", Class("kind"), word), " ", _inlines.Of(title) });

    private XElement Picture(Figure figure)
    {
        var picture = images.TryGetValue(figure.Image, out var image) && MediaTypes.Contains(image.MediaType)
            ? Element(
                "img",
                new XAttribute("src", DataUri(image)),
                new XAttribute("alt", figure.Alternative),
                new XAttribute("width", image.Width),
                new XAttribute("height", image.Height))
            : Element("p", Class("missing"), figure.Alternative.Length == 0 ? wording.Picture : figure.Alternative);
        return Element("figure", picture, figure.Caption.Count == 0 ? null : Element("figcaption", _inlines.Of(figure.Caption)));
    }

    /// <summary>A picture as an address that holds it.</summary>
    public static string DataUri(BookImage image) => $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Content.Span)}";

    private IEnumerable<XElement> Items(ItemList list) => list.Items.Select(item => item is [Paragraph only]
        ? Element("li", _inlines.Of(only.Content))
        : Element("li", Of(item)));

    private XElement Table(Table table) => Element(
        "table",
        Element("thead", Row("th", table.Header, table.Columns)),
        table.Rows.Count == 0 ? null : Element("tbody", table.Rows.Select(row => Row("td", row, table.Columns))));

    private XElement Row(string cell, IReadOnlyList<IReadOnlyList<Inline>> cells, IReadOnlyList<ColumnAlignment> columns) =>
        Element("tr", cells.Select((content, i) => Element(
            cell,
            cell == "th" ? new XAttribute("scope", "col") : null,
            columns[i] switch { ColumnAlignment.Centre => Class("centre"), ColumnAlignment.End => Class("end"), _ => null },
            _inlines.Of(content))));

    private static XAttribute Class(string name) => new("class", name);
}

/// <summary>How the first paragraph of a chapter and of a scene begins.</summary>
internal static class HtmlOpening
{
    /// <summary>Shorter paragraphs would end beside a dropped letter.</summary>
    private const int LeastCharacters = 120;

    /// <summary>The classes of a paragraph that does not follow a paragraph.</summary>
    public static string Class(Paragraph paragraph, Block? before)
    {
        if (before is not (null or SceneBreak) || paragraph.Content is not [Core.Manuscripts.Text { Value: [var first, ..] }, ..] || !HasCase(first))
        {
            return "flush";
        }

        return before is null && PlainText.Of(paragraph.Content).Length >= LeastCharacters ? "flush lead drop" : "flush lead";
    }

    /// <summary>Whether a letter is of a script that has capitals (Latin, Greek, Cyrillic, Armenian).</summary>
    private static bool HasCase(char letter) => char.IsLetter(letter) && letter < '\u0590';
}
