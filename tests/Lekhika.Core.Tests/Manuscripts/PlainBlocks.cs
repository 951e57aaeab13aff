using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

/// <summary>All text of blocks, in reading order; the texts of footnotes are left out.</summary>
internal static class PlainBlocks
{
    public static string Of(IEnumerable<Block> blocks) => string.Join('\n', blocks.Select(Of));

    public static IEnumerable<Inline> Inlines(IEnumerable<Block> blocks) => blocks.SelectMany(block => block switch
    {
        Paragraph p => p.Content.SelectMany(All),
        Heading h => h.Content.SelectMany(All),
        BlockQuotation q => Inlines(q.Content),
        ItemList l => l.Items.SelectMany(Inlines),
        Table t => t.Rows.Append(t.Header).SelectMany(row => row).SelectMany(cell => cell).SelectMany(All),
        Verse v => v.Stanzas.SelectMany(stanza => stanza).SelectMany(line => line.Content).SelectMany(All),
        Letter l => Inlines(l.Content),
        Figure f => f.Caption.SelectMany(All),
        Callout c => c.Title.SelectMany(All).Concat(Inlines(c.Content)),
        Exercise e => e.Title.SelectMany(All).Concat(Inlines(e.Content)),
        _ => [],
    });

    private static IEnumerable<Inline> All(Inline inline) => (inline switch
    {
        Emphasis e => e.Content,
        Strong s => s.Content,
        Link l => l.Content,
        SmallCaps c => c.Content,
        Superscript u => u.Content,
        LanguageSpan l => l.Content,
        _ => [],
    }).SelectMany(All).Prepend(inline);

    private static string Of(Block block) => block switch
    {
        Paragraph p => PlainText.Of(p.Content),
        Heading h => PlainText.Of(h.Content),
        BlockQuotation q => Of(q.Content),
        ItemList l => string.Join('\n', l.Items.Select(Of)),
        CodeBlock c => $"{c.Language}\n{c.Value}",
        Table t => string.Join('\n', t.Rows.Prepend(t.Header).Select(row => string.Join(' ', row.Select(PlainText.Of)))),
        Verse v => string.Join("\n\n", v.Stanzas.Select(stanza => string.Join('\n', stanza.Select(line => PlainText.Of(line.Content))))),
        Letter l => Of(l.Content),
        Figure f => $"{f.Alternative}\n{PlainText.Of(f.Caption)}",
        Callout c => $"{PlainText.Of(c.Title)}\n{Of(c.Content)}",
        Exercise e => $"{PlainText.Of(e.Title)}\n{Of(e.Content)}",
        _ => "",
    };
}
