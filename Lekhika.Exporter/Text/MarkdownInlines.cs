using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>
/// Writes inlines as CommonMark with Pandoc's spans and notes. Whether a run of <c>*</c> opens or closes depends on the characters
/// on both sides of it (CommonMark 0.31 §6.2); where that could be read otherwise, a span says the same: <c>[pre]{.emphasis}</c>.
/// </summary>
internal sealed class MarkdownInlines(MarkdownNotes notes)
{
    private const string SafeBesideMark = " .,;:!?()\"'\u2013\u2014\u2026\u2018\u2019\u201C\u201D";
    private const int MostRaised = 16;

    /// <summary>One or more lines; a hard break is a backslash before the newline.</summary>
    public string Write(IReadOnlyList<Inline> inlines)
    {
        var tokens = new MarkdownTokens();
        Add(tokens, inlines, marks: "");
        return tokens.ToString();
    }

    /// <summary>Length of the longest run of <paramref name="mark"/> in <paramref name="text"/>.</summary>
    public static int LongestRun(string text, char mark)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == mark ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private void Add(MarkdownTokens tokens, IReadOnlyList<Inline> inlines, string marks)
    {
        for (var i = 0; i < inlines.Count; i++)
        {
            var next = inlines.ElementAtOrDefault(i + 1);
            switch (inlines[i])
            {
                case Core.Manuscripts.Text text: tokens.Join(TokenKind.Text, text.Value); break;
                case CodeSpan code: tokens.Join(TokenKind.Code, code.Value); break;
                case LineBreak: tokens.Add(TokenKind.Break, "\\\n"); break;
                case Footnote note: tokens.Add(TokenKind.Note, notes.Call(note)); break;
                case Emphasis emphasis: Marked(tokens, emphasis.Content, 1, "emphasis", marks, next); break;
                case Strong strong: Marked(tokens, strong.Content, 2, "strong", marks, next); break;
                case SmallCaps caps: Bracketed(tokens, caps.Content, "]{.smallcaps}", marks); break;
                case LanguageSpan words: Bracketed(tokens, words.Content, $"]{{lang={words.Language}}}", marks); break;
                case Superscript raised when IsRaisedWord(tokens.Last, raised.Content, next): tokens.Add(TokenKind.Raised, $"^{PlainText.Of(raised.Content)}^"); break;
                case Superscript raised: Bracketed(tokens, raised.Content, "]{.superscript}", marks); break;
                case Link link: Bracketed(tokens, link.Content, $"]({MarkdownText.Target(link.Target)})", marks); break;
            }
        }
    }

    private void Bracketed(MarkdownTokens tokens, IReadOnlyList<Inline> content, string end, string marks)
    {
        tokens.Add(TokenKind.BracketOpen, "[");
        Add(tokens, content, marks);
        tokens.Add(TokenKind.BracketClose, end);
    }

    private void Marked(MarkdownTokens tokens, IReadOnlyList<Inline> content, int length, string name, string marks, Inline? next)
    {
        var mark = "*_".FirstOrDefault(c => !marks.Contains(c));
        if (mark == default || !CanMark(tokens.Last, mark, content, next))
        {
            Bracketed(tokens, content, $"]{{.{name}}}", marks);
            return;
        }

        tokens.Add(TokenKind.MarkOpen, new string(mark, length));
        Add(tokens, content, marks + mark);
        tokens.Add(TokenKind.MarkClose, new string(mark, length));
    }

    private static bool CanMark(Token? before, char mark, IReadOnlyList<Inline> content, Inline? next)
    {
        if (content is [] || PlainText.Of(content).Length == 0)
        {
            return false;
        }

        var (first, last) = (content[0] as Core.Manuscripts.Text, content[^1] as Core.Manuscripts.Text);
        if (first?.Value is [var start, ..] && char.IsWhiteSpace(start) || last?.Value is [.., var end] && char.IsWhiteSpace(end))
        {
            return false;
        }

        var isSafeBefore = before switch
        {
            null or { Kind: TokenKind.Break or TokenKind.MarkOpen or TokenKind.BracketOpen } => content[0] is not LineBreak,
            { Kind: TokenKind.Text } => IsSafeBeside(before.Value.EnumerateRunes().Last(), mark, first?.Value.EnumerateRunes().FirstOrDefault()),
            _ => false,
        };
        return isSafeBefore && content[^1] is not LineBreak && next switch
        {
            null or LineBreak => true,
            Core.Manuscripts.Text { Value.Length: > 0 } text => IsSafeBeside(text.Value.EnumerateRunes().First(), mark, last?.Value.EnumerateRunes().LastOrDefault()),
            _ => false,
        };
    }

    /// <summary>Whether a mark between these two characters is read as a mark; null stands for another mark, or code.</summary>
    private static bool IsSafeBeside(Rune outer, char mark, Rune? inner) =>
        Rune.IsWhiteSpace(outer)
        || SafeBesideMark.Contains(outer.ToString(), StringComparison.Ordinal)
        || (mark == '*' && inner is { } rune && Rune.IsLetterOrDigit(rune));

    /// <summary>Whether <c>2^nd^</c> is read as a raised "nd" here.</summary>
    private static bool IsRaisedWord(Token? before, IReadOnlyList<Inline> content, Inline? next) =>
        content is [Core.Manuscripts.Text { Value: { Length: > 0 and <= MostRaised } word }]
        && word.All(char.IsAsciiLetterOrDigit)
        && before is { Kind: TokenKind.Text } && char.IsAsciiLetterOrDigit(before.Value[^1])
        && (next is null or LineBreak || (next is Core.Manuscripts.Text { Value: [var after, ..] } && char.IsAscii(after) && !char.IsAsciiLetterOrDigit(after) && after != '^'));
}
