using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>
/// Writes inlines as CommonMark. Whether a run of <c>*</c> or <c>_</c> opens or closes depends on the characters on both sides of
/// it (CommonMark 0.31 §6.2). What CommonMark cannot say (emphasis three levels deep, twice without a gap, or beginning or
/// ending between a letter and punctuation) loses its marks and keeps its characters; no Markdown source leads there.
/// </summary>
internal static class MarkdownInlines
{
    private const string SafeBesideMark = " .,;:!?()\"'\u2013\u2014\u2026\u2018\u2019\u201C\u201D";

    /// <summary>One or more lines; a hard break is a backslash before the newline.</summary>
    public static string Write(IReadOnlyList<Inline> inlines)
    {
        var tokens = new List<Token>();
        Tokens(tokens, inlines, parentMark: null, depth: 0);
        while (tokens is [.., { Kind: Kind.Break }])
        {
            tokens.RemoveAt(tokens.Count - 1);
        }

        return string.Concat(tokens.Select((token, i) => token.Kind switch
        {
            Kind.Text => TextAt(tokens, i),
            Kind.Code => Code(token.Value),
            _ => token.Value,
        }));
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

    private enum Kind
    {
        Text,
        Code,
        Open,
        Close,
        LinkStart,
        LinkEnd,
        Break,
    }

    private sealed record Token(Kind Kind, string Value);

    private static void Tokens(List<Token> tokens, IReadOnlyList<Inline> inlines, char? parentMark, int depth)
    {
        for (var i = 0; i < inlines.Count; i++)
        {
            switch (inlines[i])
            {
                case Core.Manuscripts.Text text: Join(tokens, Kind.Text, text.Value); break;
                case CodeSpan code: Join(tokens, Kind.Code, code.Value); break;
                case LineBreak: tokens.Add(new(Kind.Break, "\\\n")); break;
                case Emphasis emphasis: Marked(tokens, emphasis.Content, 1, parentMark, depth, inlines.ElementAtOrDefault(i + 1)); break;
                case Strong strong: Marked(tokens, strong.Content, 2, parentMark, depth, inlines.ElementAtOrDefault(i + 1)); break;
                case Link link:
                    tokens.Add(new(Kind.LinkStart, "["));
                    Tokens(tokens, link.Content, parentMark, depth);
                    tokens.Add(new(Kind.LinkEnd, $"](<{MarkdownText.Escape(link.Target, startsLine: false).Replace(">", "\\>", StringComparison.Ordinal)}>)"));
                    break;
            }
        }
    }

    /// <summary>Neighbouring texts, and neighbouring code spans, are one to a reader.</summary>
    private static void Join(List<Token> tokens, Kind kind, string value)
    {
        if (tokens is [.., var last] && last.Kind == kind)
        {
            tokens[^1] = new(kind, last.Value + value);
        }
        else if (value.Length > 0)
        {
            tokens.Add(new(kind, value));
        }
    }

    private static void Marked(List<Token> tokens, IReadOnlyList<Inline> content, int length, char? parentMark, int depth, Inline? next)
    {
        var before = tokens.LastOrDefault();
        var taken = before is { Kind: Kind.Close or Kind.Open } ? before.Value[0] : (char?)null;
        var mark = "*_".FirstOrDefault(c => c != parentMark && c != taken);
        if (mark == default || depth > 1 || PlainText.Of(content).Length == 0 || !CanMark(before, mark, content, next))
        {
            Tokens(tokens, content, parentMark, depth);
            return;
        }

        tokens.Add(new(Kind.Open, new string(mark, length)));
        Tokens(tokens, content, mark, depth + 1);
        tokens.Add(new(Kind.Close, new string(mark, length)));
    }

    private static bool CanMark(Token? before, char mark, IReadOnlyList<Inline> content, Inline? next)
    {
        var (first, last) = (content[0] as Core.Manuscripts.Text, content[^1] as Core.Manuscripts.Text);
        var after = next is null or CodeSpan or Link or LineBreak ? "" : PlainText.Of([next]);
        return (before is not { Kind: Kind.Text } || IsSafeBeside(before.Value.EnumerateRunes().Last(), mark, first?.Value.EnumerateRunes().FirstOrDefault()))
            && (after.Length == 0 || IsSafeBeside(after.EnumerateRunes().First(), mark, last?.Value.EnumerateRunes().LastOrDefault()));
    }

    /// <summary>Whether a mark between these two characters is read as a mark; null stands for another mark, or code.</summary>
    private static bool IsSafeBeside(Rune outer, char mark, Rune? inner) =>
        Rune.IsWhiteSpace(outer)
        || SafeBesideMark.Contains(outer.ToString(), StringComparison.Ordinal)
        || (mark == '*' && inner is { } rune && Rune.IsLetterOrDigit(rune));

    private static string Code(string value)
    {
        var fence = new string('`', LongestRun(value, '`') + 1);
        var pad = value[0] == '`' || value[^1] == '`' || (value[0] == ' ' && value[^1] == ' ' && value.Trim(' ').Length > 0) ? " " : "";
        return fence + pad + value + pad + fence;
    }

    /// <summary>The text of one token, escaped, its first and last characters as references where their neighbours ask for it.</summary>
    private static string TextAt(List<Token> tokens, int index)
    {
        var (before, text, after) = (tokens.ElementAtOrDefault(index - 1), tokens[index].Value, tokens.ElementAtOrDefault(index + 1));
        var (first, last) = (text.EnumerateRunes().First(), text.EnumerateRunes().Last());
        var startsLine = before is null or { Kind: Kind.Break };
        var referFirst = before is null or { Kind: Kind.Break or Kind.Open } && Rune.IsWhiteSpace(first);
        var referLast = after switch
        {
            null or { Kind: Kind.Break } => Rune.IsWhiteSpace(last),
            { Kind: Kind.Close } => Rune.IsWhiteSpace(last) || last.Value == after.Value[0],
            { Kind: Kind.LinkStart } => last.Value == '!',
            { Kind: Kind.Code } => last.Value == '`',
            _ => false,
        };

        var start = referFirst ? first.Utf16SequenceLength : 0;
        var end = referLast ? text.Length - last.Utf16SequenceLength : text.Length;
        return start > end
            ? MarkdownText.Reference(first)
            : (referFirst ? MarkdownText.Reference(first) : "")
                + MarkdownText.Escape(text[start..end], startsLine && !referFirst)
                + (referLast ? MarkdownText.Reference(last) : "");
    }
}
