using System.Text;

namespace Lekhika.Exporter.Text;

internal enum TokenKind
{
    Text,
    Code,
    MarkOpen,
    MarkClose,
    BracketOpen,
    BracketClose,
    Raised,
    Note,
    Break,
}

/// <summary>A mark or a piece of text, not yet escaped.</summary>
internal sealed record Token(TokenKind Kind, string Value);

/// <summary>Marks and texts in a row: how a text must be escaped depends on the marks beside it.</summary>
internal sealed class MarkdownTokens
{
    private readonly List<Token> _tokens = [];

    public Token? Last => _tokens.LastOrDefault();

    public void Add(TokenKind kind, string value) => _tokens.Add(new(kind, value));

    /// <summary>Neighbouring texts, and neighbouring code spans, are one to a reader.</summary>
    public void Join(TokenKind kind, string value)
    {
        if (_tokens is [.., var last] && last.Kind == kind)
        {
            _tokens[^1] = new(kind, last.Value + value);
        }
        else if (value.Length > 0)
        {
            Add(kind, value);
        }
    }

    public override string ToString()
    {
        var count = _tokens.Count;
        while (count > 0 && _tokens[count - 1].Kind == TokenKind.Break)
        {
            count--;
        }

        return string.Concat(_tokens.Take(count).Select((token, i) => token.Kind switch
        {
            TokenKind.Text => TextAt(i),
            TokenKind.Code => Code(token.Value),
            _ => token.Value,
        }));
    }

    private static string Code(string value)
    {
        var fence = new string('`', MarkdownInlines.LongestRun(value, '`') + 1);
        var pad = value[0] == '`' || value[^1] == '`' || (value[0] == ' ' && value[^1] == ' ' && value.Trim(' ').Length > 0) ? " " : "";
        return fence + pad + value + pad + fence;
    }

    /// <summary>The text of one token, escaped, its first and last characters as references where their neighbours ask for it.</summary>
    private string TextAt(int index)
    {
        var (before, text, after) = (_tokens.ElementAtOrDefault(index - 1), _tokens[index].Value, _tokens.ElementAtOrDefault(index + 1));
        var (first, last) = (text.EnumerateRunes().First(), text.EnumerateRunes().Last());
        var startsLine = before is null or { Kind: TokenKind.Break };
        var referFirst = before switch
        {
            null or { Kind: TokenKind.Break or TokenKind.MarkOpen or TokenKind.BracketOpen } => Rune.IsWhiteSpace(first),

            // "[^1]: " at the beginning of a line would be the note's text.
            { Kind: TokenKind.Note } => first.Value == ':',
            _ => false,
        };
        var referLast = after switch
        {
            null or { Kind: TokenKind.Break } => Rune.IsWhiteSpace(last),
            { Kind: TokenKind.BracketClose } => Rune.IsWhiteSpace(last),
            { Kind: TokenKind.MarkClose } => Rune.IsWhiteSpace(last) || last.Value == after.Value[0],
            { Kind: TokenKind.BracketOpen or TokenKind.Note } => last.Value == '!',
            { Kind: TokenKind.Code } => last.Value == '`',
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
