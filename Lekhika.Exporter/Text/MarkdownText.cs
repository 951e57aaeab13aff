using System.Text;
using System.Text.RegularExpressions;

namespace Lekhika.Exporter.Text;

/// <summary>Escapes plain characters so that CommonMark 0.31 with pipe tables, Pandoc's fences, spans and notes reads them back to the letter.</summary>
internal static partial class MarkdownText
{
    /// <summary>
    /// <paramref name="text"/> with every character that could be read as a mark escaped: those of inlines anywhere,
    /// those of blocks where <paramref name="startsLine"/> says that a line begins with it.
    /// </summary>
    public static string Escape(string text, bool startsLine = true)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '|' or '#' or '^' || (c == '&' && Entity().IsMatch(text.AsSpan(i))))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return startsLine ? EscapeBlockMarks(escaped.ToString()) : escaped.ToString();
    }

    /// <summary>Text within the quotation marks of a link's title, where marks are read once before the words in it are read as Markdown.</summary>
    public static string Quote(string text) => $"\"{WithMarks(text, "\\\"")}\"";

    /// <summary>The target of a link or a picture.</summary>
    public static string Target(string target) => $"<{WithMarks(target, "\\<>[]|*_`")}>";

    /// <summary>Markdig reads references after backslashes here: only a reference keeps a "&amp;" what it is.</summary>
    private static string WithMarks(string text, string marks)
    {
        var written = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            written.Append(marks.Contains(c) ? "\\" : "").Append(c == '&' ? "&amp;" : c.ToString());
        }

        return written.ToString();
    }

    /// <summary>A character as a numeric reference (CommonMark §2.5): the same text, but never part of a mark.</summary>
    public static string Reference(Rune rune) => $"&#{rune.Value};";

    private static string EscapeBlockMarks(string text) => BlockMark().Match(text) is { Success: true } mark
        ? text.Insert(mark.Groups["mark"].Index, "\\")
        : text;

    /// <summary>A character reference, or what a later reader may take for one.</summary>
    [GeneratedRegex(@"^&(#[xX]?[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entity();

    /// <summary>Bullets, quotation marks, fences of code and of divs, underlines of headings, and the stop after an item's number.</summary>
    [GeneratedRegex(@"^\s*(?:(?<mark>[-+>~=:])|[0-9]{1,9}(?<mark>[.)]))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BlockMark();
}
