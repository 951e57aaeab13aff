using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Rendering;

/// <summary>
/// Makes a manuscript fit to print: characters that no format can carry (XML 1.0 §2.2: control characters, non-characters)
/// are dropped, halves of surrogate pairs become U+FFFD, and white-space controls within prose become spaces. Every other
/// character stays as it is. A renderer calls this first, so that nothing after it needs to think of such characters.
/// </summary>
internal static partial class PrintableText
{
    /// <summary>Every character that may not stay: controls, the line ends of Unicode, halves of pairs, non-characters.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create(string.Concat(
        new[] { ('\0', '\u001F'), ('\u007F', '\u009F'), ('\u2028', '\u2029'), ('\uD800', '\uDFFF'), ('\uFDD0', '\uFDEF'), ('\uFFFE', '\uFFFF') }
            .SelectMany(range => Enumerable.Range(range.Item1, range.Item2 - range.Item1 + 1)).Select(character => (char)character)));

    public static Manuscript Of(Manuscript manuscript) => manuscript with
    {
        Metadata = Of(manuscript.Metadata),
        Chapters = [.. manuscript.Chapters.Select(Of)],
        Colophon = [.. manuscript.Colophon.Select(Prose)],
        FrontMatter = [.. manuscript.FrontMatter.Select(Of)],
        BackMatter = [.. manuscript.BackMatter.Select(Of)],
        Parts = [.. manuscript.Parts.Select(part => part with { Title = Line(part.Title) })],
    };

    private static Chapter Of(Chapter chapter) => chapter with
    {
        Title = Line(chapter.Title),
        Subtitle = LineOrNull(chapter.Subtitle),
        Byline = LineOrNull(chapter.Byline),
        Epigraph = Of(chapter.Epigraph),
        Blocks = Of(chapter.Blocks),
    };

    private static Matter Of(Matter matter) => matter with { Title = Line(matter.Title), Blocks = Of(matter.Blocks) };

    private static BookMetadata Of(BookMetadata metadata) => metadata with
    {
        Title = Line(metadata.Title) is { Length: > 0 } title ? title : "Untitled",
        Subtitle = LineOrNull(metadata.Subtitle),
        Author = Line(metadata.Author),
        Description = LineOrNull(metadata.Description),
        AiService = Line(metadata.AiService),
        Language = LanguageTag().IsMatch(metadata.Language) ? metadata.Language : "und",
        Publisher = LineOrNull(metadata.Publisher),
        Edition = LineOrNull(metadata.Edition),
        Copyright = LineOrNull(metadata.Copyright),
        Rights = LineOrNull(metadata.Rights),
        Provenance = metadata.Provenance is { } address ? LinkTarget.Of(address) : null,
        Subjects = [.. metadata.Subjects.Select(Line).Where(subject => subject.Length > 0)],
    };

    private static IReadOnlyList<Block> Of(IReadOnlyList<Block> blocks) => [.. blocks.Select(Of)];

    private static Block Of(Block block) => block switch
    {
        Paragraph p => new Paragraph(Of(p.Content)),
        Heading h => h with { Content = Of(h.Content) },
        BlockQuotation q => new BlockQuotation(Of(q.Content)),
        ItemList l => l with { Items = [.. l.Items.Select(Of)] },
        CodeBlock c => new CodeBlock(c.Language is null ? null : Line(c.Language), Code(c.Value)),
        Table t => t with { Header = Of(t.Header), Rows = [.. t.Rows.Select(Of)] },
        Verse v => new Verse([.. v.Stanzas.Select(IReadOnlyList<VerseLine> (stanza) => [.. stanza.Select(line => line with { Content = Of(line.Content) })])]),
        Letter l => new Letter(Of(l.Content)),
        Figure f => f with { Alternative = Line(f.Alternative), Caption = Of(f.Caption) },
        Callout c => c with { Title = Of(c.Title), Content = Of(c.Content) },
        Exercise e => new Exercise(Of(e.Title), Of(e.Content)),
        _ => block,
    };

    private static IReadOnlyList<IReadOnlyList<Inline>> Of(IReadOnlyList<IReadOnlyList<Inline>> cells) => [.. cells.Select(Of)];

    private static IReadOnlyList<Inline> Of(IReadOnlyList<Inline> inlines) => [.. inlines.Select(Of)];

    private static Inline Of(Inline inline) => inline switch
    {
        Core.Manuscripts.Text t => new Core.Manuscripts.Text(Prose(t.Value)),
        CodeSpan c => new CodeSpan(Prose(c.Value)),
        Emphasis e => new Emphasis(Of(e.Content)),
        Strong s => new Strong(Of(s.Content)),
        SmallCaps c => new SmallCaps(Of(c.Content)),
        Superscript u => new Superscript(Of(u.Content)),
        Link l => new Link(Of(l.Content), Line(l.Target)),
        LanguageSpan l => LanguageTag().IsMatch(l.Language) ? l with { Content = Of(l.Content) } : l with { Content = Of(l.Content), Language = "und" },
        Footnote n => new Footnote(Of(n.Content)),
        _ => inline,
    };

    private static string? LineOrNull(string? text) => text is null || Line(text) is not { Length: > 0 } line ? null : line;

    private static string Line(string text) => Prose(text).Trim();

    private static string Prose(string text) => Clean(text, keepLines: false);

    private static string Code(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        // Nearly every text of a book is fit as it is.
        if (!text.AsSpan().ContainsAny(Suspects))
        {
            return text;
        }

        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n' or '\t' when keepLines: clean.Append((char)rune.Value); break;
                case '\r' or 0x85 or 0x2028 or 0x2029 when keepLines: clean.Append('\n'); break;
                case '\t' or '\n' or '\v' or '\f' or '\r' or 0x85 or 0x2028 or 0x2029: clean.Append(' '); break;
                case < 0x20 or (>= 0x7F and <= 0x9F) or (>= 0xFDD0 and <= 0xFDEF): break;
                case var value when (value & 0xFFFE) == 0xFFFE: break;
                default: clean.Append(rune.ToString()); break;
            }
        }

        return clean.ToString();
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex LanguageTag();
}
