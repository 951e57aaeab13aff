using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>Blocks as a readable text that two lists of blocks share exactly when they are the same.</summary>
internal static class Shape
{
    public static string Of(IEnumerable<Block> blocks) => string.Concat(blocks.Select(block => Of(block) + "\n"));

    private static string Of(Block block) => block switch
    {
        Paragraph p => $"p({Of(p.Content)})",
        Heading h => $"h{h.Level}({Of(h.Content)})",
        SceneBreak => "break",
        BlockQuotation q => $"quote({Of(q.Content)})",
        ItemList l => $"list({l.Ordered} {l.Start} {string.Join(" / ", l.Items.Select(Of))})",
        CodeBlock c => $"code({c.Language} {c.Value})",
        Table t => $"table({string.Join(',', t.Columns)} {string.Join(" | ", t.Header.Select(Of))} {string.Join(" / ", t.Rows.Select(row => string.Join(" | ", row.Select(Of))))})",
        Verse v => $"verse({string.Join(" // ", v.Stanzas.Select(stanza => string.Join(" / ", stanza.Select(line => $"{line.Indent} {Of(line.Content)}"))))})",
        Letter l => $"letter({Of(l.Content)})",
        Figure f => $"figure({f.Image} | {f.Alternative} | {Of(f.Caption)})",
        Callout c => $"{c.Kind}({Of(c.Title)} | {Of(c.Content)})",
        Exercise e => $"exercise({Of(e.Title)} | {Of(e.Content)})",
        _ => throw new NotSupportedException(block.ToString()),
    };

    private static string Of(IReadOnlyList<Inline> inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines)
        {
            text.Append(inline switch
            {
                Core.Manuscripts.Text t => t.Value,
                Emphasis e => $"⟨em {Of(e.Content)}⟩",
                Strong s => $"⟨strong {Of(s.Content)}⟩",
                CodeSpan c => $"⟨code {c.Value}⟩",
                Link l => $"⟨link {l.Target} {Of(l.Content)}⟩",
                LineBreak => "⟨br⟩",
                SmallCaps c => $"⟨caps {Of(c.Content)}⟩",
                Superscript u => $"⟨sup {Of(u.Content)}⟩",
                LanguageSpan l => $"⟨{l.Language} {Of(l.Content)}⟩",
                Footnote n => $"⟨note {Of(n.Content)}⟩",
                _ => throw new NotSupportedException(inline.ToString()),
            });
        }

        return text.ToString();
    }
}
