using Lekhika.Core.Manuscripts;
using Lekhika.Core.Manuscripts.Markup;

namespace Lekhika.Exporter.Text;

/// <summary>Writes blocks as Markdown such that <see cref="MarkdownReader"/> reads the same blocks again.</summary>
internal sealed class MarkdownWriter
{
    private readonly MarkdownNotes _notes = new();
    private readonly MarkdownInlines _inlines;

    public MarkdownWriter() => _inlines = new(_notes);

    /// <summary>The blocks and behind them their notes, a blank line between all, no newline at the end.</summary>
    public static string Write(IReadOnlyList<Block> blocks) => string.Join('\n', new MarkdownWriter().Section(blocks));

    /// <summary>The lines of a section, its notes behind its blocks.</summary>
    public IEnumerable<string> Section(IReadOnlyList<Block> blocks) => [.. Lines(blocks), .. Notes(hasText: blocks.Count > 0)];

    /// <summary>The lines of blocks between fences that are longer than those in them.</summary>
    public static IReadOnlyList<string> Fenced(string head, IEnumerable<string> content)
    {
        var lines = content.ToList();
        var fence = new string(':', 3 + lines.Select(Fence).DefaultIfEmpty(2).Max() - 2);
        return [$"{fence} {head}", .. lines, fence];
    }

    /// <summary>The lines of blocks, a blank line between them.</summary>
    /// <param name="turned">Whether lists have the other marker first: lists that begin in each other would be "- - -", which is a break.</param>
    public IEnumerable<string> Lines(IReadOnlyList<Block> blocks, bool turned = false)
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

            foreach (var line in Lines(blocks[i], otherMarker: listsInARow % 2 == 0 != turned))
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> Lines(Block block, bool otherMarker) => block switch
    {
        Paragraph p => _inlines.Write(p.Content).Split('\n'),
        Heading h => Heading(h),
        SceneBreak => ["* * *"],
        BlockQuotation q => Lines(q.Content).DefaultIfEmpty("").Select(line => line.Length == 0 ? ">" : "> " + line),
        ItemList l => l.Items.SelectMany((item, i) => Item(l, i, item, otherMarker)),
        CodeBlock c => Code(c),
        Table t => MarkdownTable(t),
        Verse v => Fenced("verse", v.Stanzas.SelectMany((stanza, i) => stanza.Select(Line).Prepend("").Skip(i == 0 ? 1 : 0))),
        Letter l => Fenced("letter", Lines(l.Content)),
        Figure f => Figure(f).Split('\n'),
        Callout c => Box(c.Kind.ToString().ToLowerInvariant(), c.Title, c.Content),
        Exercise e => Box("exercise", e.Title, e.Content),
        _ => [],
    };

    private IEnumerable<string> Heading(Heading heading)
    {
        var text = _inlines.Write(heading.Content);
        return heading.Level == 2 && text.Contains('\n', StringComparison.Ordinal)
            ? [.. text.Split('\n'), "---"]
            : [$"{new string('#', heading.Level)} {text.Replace("\\\n", " ", StringComparison.Ordinal)}".TrimEnd(' ')];
    }

    private IEnumerable<string> Item(ItemList list, int index, IReadOnlyList<Block> item, bool otherMarker)
    {
        var marker = list.Ordered
            ? $"{Math.Min((long)list.Start + index, 999_999_999)}{(otherMarker ? ')' : '.')} "
            : otherMarker ? "+ " : "- ";
        var lines = Lines(item, turned: !otherMarker && item is [ItemList, ..]).ToList();

        // Markdig keeps what code is set in by only below four columns.
        return Indented(lines, lines.Exists(line => line is [' ', ..]) ? marker.PadRight(4) : marker);
    }

    private static IEnumerable<string> Code(CodeBlock code)
    {
        var mark = code.Language?.Contains('`', StringComparison.Ordinal) == true ? '~' : '`';
        var fence = new string(mark, Math.Max(3, MarkdownInlines.LongestRun(code.Value, mark) + 1));
        var language = code.Language is null ? "" : MarkdownText.Escape(code.Language);
        return [fence + language, .. code.Value.Length == 0 ? [] : code.Value.Split('\n'), fence];
    }

    private IEnumerable<string> MarkdownTable(Table table) =>
    [
        Row(table.Header),
        "| " + string.Join(" | ", table.Columns.Select(Rule)) + " |",
        .. table.Rows.Select(Row),
    ];

    private string Row(IReadOnlyList<IReadOnlyList<Inline>> cells) =>
        "| " + string.Join(" | ", cells.Select(cell => _inlines.Write(cell).Replace("\\\n", " ", StringComparison.Ordinal))) + " |";

    private static string Rule(ColumnAlignment alignment) => alignment switch
    {
        ColumnAlignment.Centre => ":---:",
        ColumnAlignment.End => "---:",
        _ => "---",
    };

    private string Line(VerseLine line) => new string(' ', 2 * line.Indent) + _inlines.Write(line.Content).Replace("\\\n", " ", StringComparison.Ordinal);

    private string Figure(Figure figure)
    {
        var caption = _inlines.Write(figure.Caption);
        return $"![{MarkdownText.Escape(figure.Alternative, startsLine: false)}]({MarkdownText.Target(Figures.AddressOf(figure.Image))}{(caption.Length == 0 ? "" : " " + MarkdownText.Quote(caption))})";
    }

    /// <summary>A box's title is its first heading; where it has none and its text begins with a heading, an empty title says so.</summary>
    private IReadOnlyList<string> Box(string name, IReadOnlyList<Inline> title, IReadOnlyList<Block> content)
    {
        var blocks = title.Count == 0 ? content : [new Heading(2, title), .. content];
        return Fenced(title.Count == 0 && content is [Core.Manuscripts.Heading, ..] ? $"{{.{name} title=\"\"}}" : name, Lines(blocks));
    }

    private IEnumerable<string> Notes(bool hasText)
    {
        foreach (var (call, note) in _notes.Take())
        {
            if (hasText)
            {
                yield return "";
            }

            // Only a paragraph may begin behind the mark: the columns of a list there would be others than those of its next line.
            foreach (var line in Indented(note.Content is [Paragraph, ..] ? Lines(note.Content) : Lines(note.Content).Prepend(""), $"{call}: ", 4))
            {
                yield return line;
            }

            hasText = true;
        }
    }

    private static IEnumerable<string> Indented(IEnumerable<string> lines, string first, int? columns = null) =>
        lines.DefaultIfEmpty("").Select((line, i) => (i == 0, line.Length) switch
        {
            (true, 0) => first.TrimEnd(' '),
            (true, _) => first + line,
            (false, 0) => "",
            _ => new string(' ', columns ?? first.Length) + line,
        });

    private static int Fence(string line) => line.TrimStart(' ', '>', '-', '+', '.', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is [':', ':', ':', ..] fence ? fence.TakeWhile(c => c == ':').Count() : 2;
}
