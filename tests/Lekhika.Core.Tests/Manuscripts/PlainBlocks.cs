using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

/// <summary>All text of blocks, in reading order.</summary>
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
        _ => [],
    });

    private static IEnumerable<Inline> All(Inline inline) => (inline switch
    {
        Emphasis e => e.Content,
        Strong s => s.Content,
        Link l => l.Content,
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
        _ => "",
    };
}
