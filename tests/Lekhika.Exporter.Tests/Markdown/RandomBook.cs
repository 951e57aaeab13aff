using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Markdown;

/// <summary>
/// Random manuscripts of everything that the model can say, in the form in which Markdown is read: no neighbouring texts, no empty
/// paragraphs and spans, no notes in notes, no links in links. The same seed gives the same book.
/// </summary>
internal sealed class RandomBook(int seed)
{
    private const int Deepest = 3;

    private readonly Random _random = new(seed);
    private readonly NastyProse _prose = new(seed * 31);

    public Manuscript Next()
    {
        var chapters = Many(0, 4, i => new Chapter(i + 1, Maybe(Line), Blocks(Deepest, notes: true), _random.Next(1, 5)) { Subtitle = MaybeNull(Line), Byline = MaybeNull(Line), Epigraph = Any(3) ? Blocks(1, notes: true) : [] });
        return new(
            new(Id(), Line(), MaybeNull(Line), Maybe(Line), Any(2) ? "en" : "zh-Hant-TW", MaybeNull(Line), Line(), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(330)).AddTicks(_random.NextInt64(1L << 50)))
            {
                Publisher = MaybeNull(Line),
                PrintIsbn = MaybeNull(Line),
                EbookIsbn = MaybeNull(Line),
                Edition = MaybeNull(Line),
                Copyright = MaybeNull(Line),
                Rights = MaybeNull(Line),
                Subjects = Many(0, 3, _ => Line()),
            },
            chapters,
            Many(0, 3, _ => Line()))
        {
            FrontMatter = Many(0, 3, _ => Section()),
            BackMatter = Many(0, 3, _ => Section()),
            Parts = [.. chapters.Where(_ => Any(3)).Select((chapter, i) => new Part(i + 1, Maybe(Line), chapter.Number))],
            Images = Many(0, 3, i => i).ToDictionary(i => $"{i} {Line()}", _ => Image()),
            CoverImage = MaybeNull(Line),
        };
    }

    private Matter Section() => new((MatterKind)_random.Next(Enum.GetValues<MatterKind>().Length), Maybe(Line), Blocks(2, notes: true));

    private BookImage Image()
    {
        var bytes = new byte[_random.Next(300)];
        _random.NextBytes(bytes);
        return new("image/png", _random.Next(1, 5000), _random.Next(1, 5000), bytes, MaybeNull(Line));
    }

    private List<Block> Blocks(int depth, bool notes) => Many(1, depth + 3, _ => NextBlock(depth, notes));

    private Block NextBlock(int depth, bool notes) => _random.Next(depth == 0 ? 12 : 20) switch
    {
        < 5 => new Paragraph(Inlines(notes, breaks: true)),
        5 => new Heading(2, Inlines(notes, breaks: true)),
        6 => new Heading(_random.Next(2, 7), Any(5) ? [] : Inlines(notes)),
        7 => new SceneBreak(),
        8 => new CodeBlock(Any(2) ? null : Any(2) ? "c#" : Line(), string.Join('\n', Many(0, 4, _ => new string(' ', _random.Next(6)) + (Any(4) ? ":::" : Line())))),
        9 => new Figure(Any(3) ? "https://example.org/a?b=(c)" : Line(), Maybe(Line), Any(2) ? [] : Inlines(notes, breaks: true)),
        10 => new Verse(Many(0, 3, _ => (IReadOnlyList<VerseLine>)Many(1, 4, _ => new VerseLine(_random.Next(9), Inlines(notes))))),
        11 => NextTable(notes),
        12 or 13 => new BlockQuotation(Any(8) ? [] : Blocks(depth - 1, notes)),
        14 or 15 => NextList(depth, notes),
        16 => new Letter(Any(8) ? [] : Blocks(depth - 1, notes)),
        17 => new Exercise(Any(2) ? [] : Inlines(notes, breaks: true), Any(8) ? [] : Blocks(depth - 1, notes)),
        _ => new Callout((CalloutKind)_random.Next(5), Any(2) ? [] : Inlines(notes), Any(8) ? [] : Blocks(depth - 1, notes)),
    };

    private ItemList NextList(int depth, bool notes)
    {
        var isOrdered = Any(2);
        return new(isOrdered, isOrdered ? _random.Next(20) : 1, Many(1, 4, IReadOnlyList<Block> (_) => Any(8) ? [] : Blocks(depth - 1, notes)));
    }

    private Table NextTable(bool notes)
    {
        var width = _random.Next(2, 4);
        IReadOnlyList<IReadOnlyList<Inline>> Row() => Many(width, width, _ => (IReadOnlyList<Inline>)Inlines(notes));
        return new(Many(width, width, _ => (ColumnAlignment)_random.Next(3)), Row(), Many(1, 3, _ => Row()));
    }

    private List<Inline> Inlines(bool notes, bool breaks = false, int depth = 2, bool links = true)
    {
        var inlines = new List<Inline>();
        for (var count = _random.Next(1, 5); count > 0; count--)
        {
            Inline next = _random.Next(depth == 0 ? 8 : 14) switch
            {
                < 5 => new Core.Manuscripts.Text(Any(6) ? Any(2) ? "词“好”语" : "x" : (Any(3) ? " " : "") + Line() + (Any(3) ? " " : "")),
                5 => new CodeSpan(Any(4) ? " `` " : Line()),
                6 when notes => new Footnote(Blocks(1, notes: false)),
                7 when breaks && inlines.Count > 0 && count > 1 => new LineBreak(),
                8 => new Emphasis(Inlines(notes, breaks, depth - 1, links)),
                9 => new Strong(Inlines(notes, breaks, depth - 1, links)),
                10 => new SmallCaps(Inlines(notes, breaks, depth - 1, links)),
                11 => new Superscript(Any(2) ? [new Core.Manuscripts.Text("nd")] : Inlines(notes, breaks, depth - 1, links)),
                12 => new LanguageSpan(Inlines(notes, breaks, depth - 1, links), Any(2) ? "fr" : "zh-Hans"),
                13 when links => new Link(Inlines(notes, breaks, depth - 1, links: false), "https://example.org/a_b*c?x=1&amp=2#(f)"),
                _ => new Core.Manuscripts.Text("plain"),
            };

            // Neighbours of one kind would be read as one.
            if (inlines is [.., var last] && ((last is Core.Manuscripts.Text && next is Core.Manuscripts.Text) || (last is CodeSpan && next is CodeSpan)))
            {
                continue;
            }

            inlines.Add(next);
        }

        return inlines;
    }

    private Guid Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    private string Line() => _prose.Line(_random.Next(1, 6));

    private bool Any(int of) => _random.Next(of) == 0;

    private string Maybe(Func<string> line) => Any(3) ? "" : line();

    private string? MaybeNull(Func<string> line) => Any(2) ? null : line();

    private List<T> Many<T>(int least, int most, Func<int, T> next) => [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(next)];
}
