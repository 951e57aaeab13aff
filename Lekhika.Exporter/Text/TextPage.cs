using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>A column of plain text under construction, 72 characters wide as in e-mail and on Project Gutenberg.</summary>
internal sealed class TextPage
{
    private const int Width = 72;

    private readonly StringBuilder _text = new();

    /// <summary>A heading with its rule, after three blank lines; empty lines are left out.</summary>
    public void Heading(params IEnumerable<string> lines)
    {
        var wrapped = lines.Where(line => line.Length > 0).SelectMany(line => LineWrap.Wrap(line, Width)).ToList();
        _text.Append("\n\n");
        wrapped.ForEach(Line);
        Line(new string('=', wrapped.Max(line => line.Length)));
        Line("");
    }

    /// <summary>Text in the middle of the line, and a blank line; nothing at all for no text.</summary>
    public void Centred(string value)
    {
        if (value.Length > 0)
        {
            foreach (var line in LineWrap.Wrap(value, Width))
            {
                Line(new string(' ', Math.Max(0, (Width - line.Length) / 2)) + line);
            }

            Line("");
        }
    }

    /// <summary>Lines as they are.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    /// <summary>Blocks, a blank line after each.</summary>
    public void Blocks(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            Lines(Layout(block, Width));
            Line("");
        }
    }

    public override string ToString() => _text.ToString();

    private static IEnumerable<string> Layout(Block block, int width) => block switch
    {
        Paragraph p => Layout(p.Content, width),
        Heading h => Layout(h.Content, width),
        SceneBreak => [new string(' ', Math.Max(0, (width - 5) / 2)) + "* * *"],
        BlockQuotation q => Indent(Layout(q.Content, width - 4), "    ", "    "),
        ItemList l => l.Items.SelectMany((item, i) => Item(l, i, item, width)),
        CodeBlock c => c.Value.Split('\n').Select(line => "    " + line),
        Table t => TextTable.Layout(t),
        _ => [],
    };

    private static IEnumerable<string> Layout(IReadOnlyList<Inline> inlines, int width) =>
        PlainText.Of(inlines).Split('\n').SelectMany(line => LineWrap.Wrap(line, Math.Max(width, 24)));

    private static IEnumerable<string> Layout(IReadOnlyList<Block> blocks, int width) =>
        blocks.SelectMany((block, i) => i == 0 ? Layout(block, width) : Layout(block, width).Prepend(""));

    private static IEnumerable<string> Item(ItemList list, int index, IReadOnlyList<Block> item, int width)
    {
        var marker = list.Ordered ? $"{(long)list.Start + index,3}. " : "  - ";
        return Indent(Layout(item, width - marker.Length).DefaultIfEmpty(""), marker, new string(' ', marker.Length));
    }

    private static IEnumerable<string> Indent(IEnumerable<string> lines, string first, string rest) =>
        lines.Select((line, i) => (i == 0 ? first : rest) + line);

    private void Line(string line) => _text.Append(line.TrimEnd(' ')).Append('\n');
}
