using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>Random prose made of what breaks renderers: marks of every markup, quotes, dashes, dates, several scripts. The same seed gives the same prose.</summary>
internal sealed class NastyProse(int seed)
{
    private static readonly string[] Words =
    [
        "the", "Zoë", "naïve", "façade", "Łódź", "Ελένη", "Россия", "don’t", "“Yes,”", "‘no’", "—", "–", "…", "1986.", "12/03/1999", "3)", "(c)",
        "#hash", "# not a heading", "##", "* star", "*", "**", "_under_score_", "__init__", "$5", "$x^2$", "@cite", "@", "<b>", "</script>", "<!--", "-->",
        "&amp;", "&", "&#65;", "AT&T", "[link](http://x)", "[", "]", "![img](a)", "\\", "\\n", "{", "}", "{{x}}", "#{code}", "#let x = 1", "\"", "'", "~", "~~",
        "^", "`", "``", "```", "|", "a|b", "-", "- item", "+", "+ plus", "=", "===", "---", ">", "> quote", "Introduction:", "Chapter 7:", "Note:", ":",
        ":---", "http://example.org/?a=1&b=2", "<http://example.org>", "me@example.org", "100%", "//", "/* */", "%s", "\u00A0", "fi", "ffl", "Tr", "!", "?!",
        "]]>", "<?xml?>", "\u00AD-", "e\u0301", "½", "§", "†", "€", "№", "“", "”", "„", "«", "»", "x", "I", "a.", "co-operate",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A chapter of every kind of block, without white space that any reader would drop.</summary>
    public IReadOnlyList<Block> Blocks(int count, int depth = 0) => [.. Enumerable.Range(0, count).Select(i => NextBlock(i, depth))];

    /// <summary>Words in a row, sometimes glued together; never blank at an end.</summary>
    public string Line(int words)
    {
        var line = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            line.Append(line.Length > 0 && _random.Next(4) > 0 ? " " : "").Append(Words[_random.Next(Words.Length)]);
        }

        return line.ToString().Trim() is { Length: > 0 } text ? text : "x";
    }

    private Block NextBlock(int index, int depth) => _random.Next(depth > 1 ? 10 : 16) switch
    {
        < 7 => new Paragraph(Inlines()),
        7 => new Heading(_random.Next(2, 7), Inlines(breaks: false)),
        8 when index > 0 => new SceneBreak(),
        9 => new CodeBlock(_random.Next(2) == 0 ? null : "c#", string.Join('\n', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Line(3)))),
        10 or 11 => new BlockQuotation(Blocks(_random.Next(1, 3), depth + 1)),
        12 or 13 => new ItemList(_random.Next(2) == 0, 1, [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Blocks(_random.Next(1, 3), depth + 1))]),
        14 => NextTable(),
        _ => new Paragraph(Inlines()),
    };

    private Table NextTable()
    {
        var width = _random.Next(2, 4);
        IReadOnlyList<IReadOnlyList<Inline>> Row() => [.. Enumerable.Range(0, width).Select(_ => Inlines(breaks: false, code: false))];
        return new Table([.. Enumerable.Range(0, width).Select(_ => (ColumnAlignment)_random.Next(3))], Row(), [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Row())]);
    }

    private List<Inline> Inlines(bool breaks = true, bool code = true)
    {
        var inlines = new List<Inline> { new Core.Manuscripts.Text(Line(_random.Next(1, 8))) };
        for (var i = _random.Next(3); i > 0; i--)
        {
            // Markdown has no emphasis that begins or ends between a letter and punctuation; MarkdownTests shows what is kept then.
            inlines[^1] = new Core.Manuscripts.Text(((Core.Manuscripts.Text)inlines[^1]).Value + " ");
            inlines.Add(_random.Next(6) switch
            {
                0 => new Emphasis([new Core.Manuscripts.Text(Line(2))]),
                1 => new Strong([new Core.Manuscripts.Text(Line(2) + " "), new Emphasis([new Core.Manuscripts.Text(Line(1))])]),
                2 when code => new CodeSpan(Line(2)),
                3 => new Link([new Core.Manuscripts.Text(Line(2))], "https://example.org/a_b*c?x=1&amp=2#(f)"),
                4 when breaks => new LineBreak(),
                _ => new Strong([new Core.Manuscripts.Text(Line(1))]),
            });
            inlines.Add(new Core.Manuscripts.Text((inlines[^1] is LineBreak ? "" : " ") + Line(_random.Next(1, 5))));
        }

        return inlines;
    }
}
