using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Text;

/// <summary>The blocks of one section as lines of plain text; its notes are numbered from 1 and kept for its end.</summary>
internal sealed class TextBlocks(BookDesign design, BookWording wording)
{
    private const string Step = "    ";

    private readonly List<Footnote> _notes = [];

    private int Width => design.TextWidth;

    /// <summary>The lines of a text, a blank line after each block, and behind them those of its notes.</summary>
    public IEnumerable<string> Section(IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var line in Layout(block, Width))
            {
                yield return line;
            }

            yield return "";
        }

        if (_notes.Count > 0)
        {
            yield return wording.Notes;
            yield return "";
            for (var i = 0; i < _notes.Count; i++)
            {
                var mark = $"[{i + 1}] ".PadRight(Step.Length);
                foreach (var line in Indent(Layout(_notes[i].Content, LineWrap.Within(Width, mark.Length)), mark))
                {
                    yield return line;
                }

                yield return "";
            }
        }
    }

    /// <summary>The lines of blocks, a blank line between them.</summary>
    public IEnumerable<string> Layout(IReadOnlyList<Block> blocks, int width) =>
        blocks.SelectMany((block, i) => i == 0 ? Layout(block, width) : Layout(block, width).Prepend("")).DefaultIfEmpty("");

    private IEnumerable<string> Layout(Block block, int width) => block switch
    {
        Paragraph p => Words(p.Content, width),
        Heading h => Words(h.Content, width),
        SceneBreak when design.SceneOrnament.Trim().Length == 0 => [""],
        SceneBreak => [TextPage.Centred(design.SceneOrnament.Trim(), width)],
        BlockQuotation q => SetIn(q.Content, width),
        ItemList l => l.Items.SelectMany((item, i) => Item(l, i, item, width)),
        CodeBlock c => c.Value.Split('\n').Select(line => Step + line),
        Table t => TextTable.Layout(t, width, Line),
        Verse v => v.Stanzas.SelectMany((stanza, i) => stanza.SelectMany(line => VerseLine(line, width)).Prepend("").Skip(i == 0 ? 1 : 0)),
        Letter l => SetIn(l.Content, width),
        Figure f => Picture(f, width),
        Callout c => Box(wording.CalloutTitle(c.Kind), c.Title, c.Content, width),
        Exercise e => Box(wording.Exercise, e.Title, e.Content, width),
        _ => [],
    };

    private IEnumerable<string> Words(IReadOnlyList<Inline> inlines, int width) => Text(inlines).Split('\n').SelectMany(line => LineWrap.Wrap(line, width));

    private IEnumerable<string> SetIn(IReadOnlyList<Block> content, int width) => Indent(Layout(content, LineWrap.Within(width, Step.Length)), Step, Step);

    private IEnumerable<string> Item(ItemList list, int index, IReadOnlyList<Block> item, int width)
    {
        var marker = list.Ordered ? $"{(long)list.Start + index,3}. " : "  - ";
        return Indent(Layout(item, LineWrap.Within(width, marker.Length)), marker);
    }

    private IEnumerable<string> VerseLine(VerseLine line, int width)
    {
        var indent = Step + new string(' ', 2 * line.Indent);
        return Indent(Words(line.Content, LineWrap.Within(width, indent.Length + Step.Length)), indent, indent + Step);
    }

    private IEnumerable<string> Picture(Figure figure, int width)
    {
        var picture = figure.Alternative.Length == 0 ? $"[{wording.Picture}]" : $"[{wording.Picture}: {figure.Alternative}]";
        return [.. LineWrap.Wrap(picture, width), .. figure.Caption.Count == 0 ? [] : Words(figure.Caption, width)];
    }

    private IEnumerable<string> Box(string word, IReadOnlyList<Inline> title, IReadOnlyList<Block> content, int width)
    {
        var inner = LineWrap.Within(width, Step.Length);
        var head = title.Count == 0 ? LineWrap.Wrap(word, inner) : LineWrap.Wrap($"{word}: {Line(title)}", inner);
        return Indent(content.Count == 0 ? head : [.. head, "", .. Layout(content, inner)], Step, Step);
    }

    private string Line(IReadOnlyList<Inline> inlines) => Text(inlines).Replace('\n', ' ');

    /// <summary>The characters of inlines, with the numbers of their notes in brackets.</summary>
    private string Text(IReadOnlyList<Inline> inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines)
        {
            text.Append(inline switch
            {
                Footnote n => Call(n),
                Emphasis e => Text(e.Content),
                Strong s => Text(s.Content),
                SmallCaps c => Text(c.Content),
                Superscript u => Text(u.Content),
                Link l => Text(l.Content),
                LanguageSpan l => Text(l.Content),
                _ => PlainText.Of([inline]),
            });
        }

        return text.ToString();
    }

    private string Call(Footnote note)
    {
        _notes.Add(note);
        return $"[{_notes.Count}]";
    }

    private static IEnumerable<string> Indent(IEnumerable<string> lines, string first, string? rest = null) =>
        lines.Select((line, i) => (i == 0 ? first : rest ?? new string(' ', first.Length)) + line);
}
