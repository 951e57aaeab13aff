using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Html;

/// <summary>
/// Blocks and inlines as XHTML elements, for HTML and EPUB alike. Built as a tree, never as text: nothing that a writer
/// wrote can become markup.
/// </summary>
internal static class BlockMarkup
{
    private static readonly XNamespace Ns = "http://www.w3.org/1999/xhtml";

    /// <summary>An XHTML element; no content at all still gives a start and an end tag, as HTML wants.</summary>
    public static XElement Element(string name, params object?[] content) =>
        content.Any(item => item is not (null or XAttribute)) || name is "br" or "hr" or "img" or "meta" or "link"
            ? new XElement(Ns + name, content)
            : new XElement(Ns + name, content, "");

    /// <summary>The elements of a chapter's text; headings keep their level, as the chapter's title is level 1 of its section.</summary>
    /// <param name="lowerBy">How many levels headings sink, where the page has a level above the chapter's title.</param>
    public static IEnumerable<XElement> Of(IReadOnlyList<Block> blocks, int lowerBy = 0)
    {
        // Prose after a heading, a break or at the chapter's head starts flush; CSS cannot see the chapter's head everywhere.
        Block? before = null;
        foreach (var block in blocks)
        {
            yield return Of(block, flush: before is not Paragraph, lowerBy);
            before = block;
        }
    }

    /// <summary>Inlines as text nodes and phrasing elements.</summary>
    public static IEnumerable<object> Of(IReadOnlyList<Inline> inlines) => inlines.Select(object (inline) => inline switch
    {
        Core.Manuscripts.Text t => t.Value,
        Emphasis e => Element("em", Of(e.Content)),
        Strong s => Element("strong", Of(s.Content)),
        CodeSpan c => Element("code", c.Value),
        Link l => LinkTarget.Of(l.Target) is { } target ? Element("a", new XAttribute("href", target), Of(l.Content)) : Of(l.Content),
        LineBreak => Element("br"),
        _ => "",
    });

    private static XElement Of(Block block, bool flush, int lowerBy) => block switch
    {
        Paragraph p => Element("p", flush ? new XAttribute("class", "flush") : null, Of(p.Content)),
        Heading h => Element($"h{Math.Min(h.Level + lowerBy, 6)}", Of(h.Content)),
        SceneBreak => Element("hr", new XAttribute("class", "scene")),
        BlockQuotation q => Element("blockquote", Of(q.Content, lowerBy)),
        ItemList { Ordered: true } l => Element("ol", l.Start == 1 ? null : new XAttribute("start", l.Start), Items(l, lowerBy)),
        ItemList l => Element("ul", Items(l, lowerBy)),
        CodeBlock c => Element("pre", Element("code", c.Value)),
        Table t => TableElement(t),
        _ => Element("p"),
    };

    private static IEnumerable<XElement> Items(ItemList list, int lowerBy) => list.Items.Select(item => item is [Paragraph only]
        ? Element("li", Of(only.Content))
        : Element("li", Of(item, lowerBy)));

    private static XElement TableElement(Table table) => Element(
        "table",
        Element("thead", Row("th", table.Header, table.Columns)),
        table.Rows.Count == 0 ? null : Element("tbody", table.Rows.Select(row => Row("td", row, table.Columns))));

    private static XElement Row(string cell, IReadOnlyList<IReadOnlyList<Inline>> cells, IReadOnlyList<ColumnAlignment> columns) =>
        Element("tr", cells.Select((content, i) => Element(
            cell,
            cell == "th" ? new XAttribute("scope", "col") : null,
            columns[i] switch
            {
                ColumnAlignment.Centre => new XAttribute("class", "centre"),
                ColumnAlignment.End => new XAttribute("class", "end"),
                _ => null,
            },
            Of(content))));
}
