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
    public static Manuscript Of(Manuscript manuscript) => new(
        Of(manuscript.Metadata),
        [.. manuscript.Chapters.Select(chapter => chapter with { Title = Line(chapter.Title), Blocks = Of(chapter.Blocks) })],
        [.. manuscript.Colophon.Select(Prose)]);

    private static BookMetadata Of(BookMetadata metadata) => metadata with
    {
        Title = Line(metadata.Title) is { Length: > 0 } title ? title : "Untitled",
        Subtitle = string.IsNullOrWhiteSpace(metadata.Subtitle) ? null : Line(metadata.Subtitle),
        Author = Line(metadata.Author),
        Description = string.IsNullOrWhiteSpace(metadata.Description) ? null : Line(metadata.Description),
        AiService = Line(metadata.AiService),
        Language = LanguageTag().IsMatch(metadata.Language) ? metadata.Language : "und",
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
        Link l => new Link(Of(l.Content), Line(l.Target)),
        _ => inline,
    };

    private static string Line(string text) => Prose(text).Trim();

    private static string Prose(string text) => Clean(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: false);

    private static string Code(string text) => Clean(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
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
