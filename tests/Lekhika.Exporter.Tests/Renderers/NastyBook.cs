using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>Random whole books of every kind of block and inline and of every part a book can have, in nasty words. The same seed gives the same book.</summary>
internal sealed class NastyBook(int seed)
{
    private static readonly string[] Languages = ["fr", "ar", "hi", "ja", "he-IL", "zh-Hant"];
    private static readonly string[] Foreign = ["mot juste", "كلمة (واحدة)", "शब्द १९८६", "言葉", "מילה, ועוד מילה", "詞"];
    private readonly NastyProse _prose = new(seed);
    private readonly Random _random = new(seed);

    public static Manuscript Of(int seed) => new NastyBook(seed).Book();

    /// <summary>What is noted in these blocks, in the order in which it is called.</summary>
    public static IEnumerable<Footnote> Notes(IEnumerable<Block> blocks) => blocks.SelectMany(block => block switch
    {
        Paragraph p => Notes(p.Content),
        Heading h => Notes(h.Content),
        BlockQuotation q => Notes(q.Content),
        ItemList l => l.Items.SelectMany(Notes),
        Table t => t.Rows.Prepend(t.Header).SelectMany(row => row.SelectMany(Notes)),
        Verse v => v.Stanzas.SelectMany(stanza => stanza.SelectMany(line => Notes(line.Content))),
        Letter l => Notes(l.Content),
        Figure f => Notes(f.Caption),
        Callout c => Notes(c.Title).Concat(Notes(c.Content)),
        Exercise e => Notes(e.Title).Concat(Notes(e.Content)),
        _ => [],
    });

    private static IEnumerable<Footnote> Notes(IEnumerable<Inline> inlines) => inlines.SelectMany(inline => inline switch
    {
        Footnote n => [n],
        Emphasis e => Notes(e.Content),
        Strong s => Notes(s.Content),
        SmallCaps c => Notes(c.Content),
        Superscript u => Notes(u.Content),
        Link l => Notes(l.Content),
        LanguageSpan l => Notes(l.Content),
        _ => [],
    });

    private Manuscript Book() => WholeBook.Of() with
    {
        Metadata = Books.Metadata with { Title = _prose.Line(4), Subtitle = _prose.Line(3), Author = _prose.Line(2), Subjects = [_prose.Line(1)], Publisher = _prose.Line(2), Rights = _prose.Line(3) },
        Chapters = [.. Enumerable.Range(1, 3).Select(number => new Chapter(number, number == 2 ? "" : _prose.Line(3), Blocks(25, 0), 1) { Subtitle = Maybe(), Byline = Maybe(), Epigraph = number == 3 ? [Prose()] : [] })],
        FrontMatter = [.. Enum.GetValues<MatterKind>().Where(_ => _random.Next(3) == 0).Select(Section)],
        BackMatter = [.. Enum.GetValues<MatterKind>().Where(_ => _random.Next(3) == 0).Select(Section)],
        Parts = _random.Next(2) == 0 ? [] : [new(1, Maybe() ?? "", 1), new(2, _prose.Line(2), 3)],
    };

    private Matter Section(MatterKind kind) => new(kind, Maybe() ?? "", Blocks(2, 1));

    private string? Maybe() => _random.Next(2) == 0 ? null : _prose.Line(3);

    private List<Block> Blocks(int count, int depth) => [.. Enumerable.Range(0, count).Select(_ => Next(depth))];

    private Block Next(int depth) => _random.Next(depth > 1 ? 9 : 15) switch
    {
        0 => new Heading(_random.Next(2, 7), Inlines(depth)),
        1 => new SceneBreak(),
        2 => new CodeBlock(null, $"{_prose.Line(2)}\n\t{_prose.Line(2)}"),
        3 => new Verse([[new(0, Inlines(depth)), new(_random.Next(9), Inlines(depth))], [new(0, Inlines(depth))]]),
        4 => new Figure(_random.Next(2) == 0 ? WholeBook.Picture : "lost", _prose.Line(2), _random.Next(2) == 0 ? [] : Inlines(depth)),
        5 => new Table([ColumnAlignment.Start, ColumnAlignment.End], [Inlines(depth), Inlines(depth)], [[Inlines(depth), []]]),
        <= 8 => Prose(depth),
        9 => new BlockQuotation(Blocks(2, depth + 1)),
        10 => new ItemList(_random.Next(2) == 0, _random.Next(1, 9), [Blocks(2, depth + 1), Blocks(1, depth + 1)]),
        11 => new Letter(Blocks(2, depth + 1)),
        12 => new Callout((CalloutKind)_random.Next(5), Inlines(depth), Blocks(2, depth + 1)),
        13 => new Exercise(Inlines(depth), Blocks(2, depth + 1)),
        _ => Hollow(),
    };

    /// <summary>What holds blocks or inlines, and has none.</summary>
    private Block Hollow() => _random.Next(9) switch
    {
        0 => new BlockQuotation([]),
        1 => new ItemList(false, 1, [[]]),
        2 => new Letter([]),
        3 => new Callout(CalloutKind.Tip, [Words()], []), // Without a title it has its kind’s word.
        4 => new Exercise([Words()], []),
        5 => new CodeBlock(null, ""),
        6 => new Verse([[new(0, [])]]),
        7 => new Table([ColumnAlignment.Start], [[]], [[[]]]),
        _ => new Heading(3, []),
    };

    private Inline HollowInline() => _random.Next(6) switch
    {
        0 => new Emphasis([]),
        1 => new Strong([]),
        2 => new SmallCaps([]),
        3 => new Superscript([]),
        4 => new Link([], "https://example.org/hollow"),
        _ => new LanguageSpan([], "fr"),
    };

    private Paragraph Prose(int depth = 1) => new(Inlines(depth));

    private List<Inline> Inlines(int depth)
    {
        var inlines = new List<Inline> { Words() };
        for (var i = _random.Next(4); i > 0; i--)
        {
            inlines.Add(NextInline(depth));
            inlines.Add(Words());
        }

        return inlines;
    }

    private Inline NextInline(int depth) => _random.Next(12) switch
    {
        0 => new Emphasis([Words(), new Strong([Words()])]),
        1 => new Strong([Words(), new SmallCaps([Words()])]),
        2 => new SmallCaps([Words()]),
        3 => new Superscript([Words()]),
        4 => new CodeSpan(_prose.Line(1)),
        5 => new Link([Words(), new Emphasis([Words()])], "https://example.org/a_b*c?x=1&amp=2#(f)"),
        6 when depth < 9 => new Footnote(depth == 8 ? [] : [Prose(9), .. _random.Next(3) == 0 ? [new ItemList(false, 1, [[Prose(9)]])] : Array.Empty<Block>()]),
        7 => HollowInline(),
        8 when depth < 8 => new Link([Words(), new Footnote([Prose(9)]), Words()], "https://example.org/noted"),
        _ => Foreigner(),
    };

    private LanguageSpan Foreigner()
    {
        var which = _random.Next(Languages.Length);
        return new([new Core.Manuscripts.Text(Foreign[which])], Languages[which]);
    }

    private Core.Manuscripts.Text Words() => new(_prose.Line(_random.Next(1, 5)) + " ");
}
