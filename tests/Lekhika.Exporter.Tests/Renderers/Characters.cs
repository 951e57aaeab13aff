using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>The characters of a text in order, white space aside: what must come out to the letter in every format.</summary>
internal static class Characters
{
    /// <summary>A text without its white space.</summary>
    public static string Of(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>What the writer wrote in these blocks; the texts of footnotes are left out.</summary>
    public static string Of(IEnumerable<Block> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            text.Append(block switch
            {
                Paragraph p => PlainText.Of(p.Content),
                Heading h => PlainText.Of(h.Content),
                BlockQuotation q => Of(q.Content),
                ItemList l => string.Concat(l.Items.Select(Of)),
                CodeBlock c => c.Value,
                Table t => string.Concat(t.Rows.Prepend(t.Header).Select(row => string.Concat(row.Select(PlainText.Of)))),
                Verse v => string.Concat(v.Stanzas.Select(stanza => string.Concat(stanza.Select(line => PlainText.Of(line.Content))))),
                Letter l => Of(l.Content),
                Figure f => f.Alternative + PlainText.Of(f.Caption),
                Callout c => PlainText.Of(c.Title) + Of(c.Content),
                Exercise e => PlainText.Of(e.Title) + Of(e.Content),
                _ => "",
            });
        }

        return Of(text.ToString());
    }
}
