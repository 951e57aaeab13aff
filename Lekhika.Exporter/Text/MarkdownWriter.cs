using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>Writes blocks as CommonMark such that <see cref="MarkdownReader"/> reads the same blocks again.</summary>
internal static class MarkdownWriter
{
    /// <summary>The blocks, a blank line between them, no newline at the end.</summary>
    public static string Write(IReadOnlyList<Block> blocks) => string.Join('\n', Lines(blocks));

    private static IEnumerable<string> Lines(IReadOnlyList<Block> blocks)
    {
        // Two lists in a row are one list to a reader unless their markers differ.
        var listsInARow = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            listsInARow = blocks[i] is ItemList ? listsInARow + 1 : 0;
            if (i > 0)
            {
                yield return "";
            }

            foreach (var line in Lines(blocks[i], otherMarker: listsInARow % 2 == 0))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Lines(Block block, bool otherMarker) => block switch
    {
        Paragraph p => MarkdownInlines.Write(p.Content).Split('\n'),
        Heading h => Heading(h),
        SceneBreak => ["* * *"],
        BlockQuotation q => Lines(q.Content).DefaultIfEmpty("").Select(line => ("> " + line).TrimEnd(' ')),
        ItemList l => l.Items.SelectMany((item, i) => Item(l, i, item, otherMarker)),
        CodeBlock c => Code(c),
        Table t => MarkdownTable(t),
        _ => [],
    };

    private static IEnumerable<string> Heading(Heading heading)
    {
        var text = MarkdownInlines.Write(heading.Content);
        return heading.Level == 2 && text.Contains('\n', StringComparison.Ordinal)
            ? [.. text.Split('\n'), "---"]
            : [$"{new string('#', heading.Level)} {text.Replace("\\\n", " ", StringComparison.Ordinal)}".TrimEnd(' ')];
    }

    private static IEnumerable<string> Item(ItemList list, int index, IReadOnlyList<Block> item, bool otherMarker)
    {
        var marker = list.Ordered
            ? $"{Math.Min((long)list.Start + index, 999_999_999)}{(otherMarker ? ')' : '.')} "
            : otherMarker ? "+ " : "- ";
        var indent = new string(' ', marker.Length);
        return Lines(item).DefaultIfEmpty("").Select((line, i) => ((i == 0 ? marker : line.Length == 0 ? "" : indent) + line).TrimEnd(' '));
    }

    private static IEnumerable<string> Code(CodeBlock code)
    {
        var fence = new string('`', Math.Max(3, MarkdownInlines.LongestRun(code.Value, '`') + 1));
        var language = code.Language is null ? "" : MarkdownText.Escape(code.Language);
        return [fence + language, .. code.Value.Length == 0 ? [] : code.Value.Split('\n'), fence];
    }

    private static IEnumerable<string> MarkdownTable(Table table) =>
    [
        Row(table.Header),
        "| " + string.Join(" | ", table.Columns.Select(Rule)) + " |",
        .. table.Rows.Select(Row),
    ];

    private static string Row(IReadOnlyList<IReadOnlyList<Inline>> cells) =>
        "| " + string.Join(" | ", cells.Select(cell => MarkdownInlines.Write(cell).Replace("\\\n", " ", StringComparison.Ordinal))) + " |";

    private static string Rule(ColumnAlignment alignment) => alignment switch
    {
        ColumnAlignment.Centre => ":---:",
        ColumnAlignment.End => "---:",
        _ => "---",
    };
}
