using System.Text;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>What stands in braces in Pandoc's Markdown: <c>{.note title="Mind the gap" lang=fr}</c>.</summary>
internal sealed record Attributes(IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Longer ones are text.</summary>
    private const int MostCharacters = 2_000;

    public string? Value(string key) => Values.GetValueOrDefault(key);

    /// <summary>Reads attributes at the beginning of a text; null when there are none, as in most braces that people write.</summary>
    /// <param name="length">Characters taken, both braces included.</param>
    public static Attributes? Read(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        text = text[..Math.Min(text.Length, MostCharacters)];
        if (text is not ['{', ..])
        {
            return null;
        }

        var classes = new List<string>();
        var values = new Dictionary<string, string>();
        var at = 1;
        while (true)
        {
            while (at < text.Length && text[at] is ' ' or '\t')
            {
                at++;
            }

            if (at >= text.Length || classes.Count + values.Count > 20)
            {
                return null;
            }

            if (text[at] == '}')
            {
                length = at + 1;
                return classes.Count + values.Count == 0 ? null : new(classes, values);
            }

            if (!(text[at] == '.' ? ReadClass(text, ref at, classes) : ReadValue(text, ref at, values)))
            {
                return null;
            }
        }
    }

    /// <summary>A value between quotation marks, as <see cref="Read"/> reads it.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool ReadClass(ReadOnlySpan<char> text, ref int at, List<string> classes)
    {
        at++;
        classes.Add(Name(text, ref at));
        return classes[^1].Length > 0;
    }

    private static bool ReadValue(ReadOnlySpan<char> text, ref int at, Dictionary<string, string> values)
    {
        var key = Name(text, ref at);
        if (key.Length == 0 || at >= text.Length || text[at] != '=')
        {
            return false;
        }

        at++;
        if (at < text.Length && text[at] == '"')
        {
            return Quoted(text, ref at) is { } quoted && values.TryAdd(key, quoted);
        }

        var value = Name(text, ref at);
        return value.Length > 0 && values.TryAdd(key, value);
    }

    private static string Name(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_'))
        {
            at++;
        }

        return text[start..at].ToString();
    }

    private static string? Quoted(ReadOnlySpan<char> text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"': at++; return value.ToString();
                case '\r' or '\n': return null;
                case '\\' when at + 1 < text.Length && text[at + 1] is '\\' or '"': value.Append(text[++at]); break;
                default: value.Append(text[at]); break;
            }
        }

        return null;
    }
}
