using System.Globalization;
using System.Text;

namespace Lekhika.Exporter.Text;

/// <summary>Breaks prose into lines at spaces; a word longer than the line stays whole, and no-break spaces hold.</summary>
internal static class LineWrap
{
    /// <summary>Lines narrower than this are not readable, however deep they are set in.</summary>
    private const int Narrowest = 24;

    /// <summary>The lines of <paramref name="text"/>, each at most <paramref name="width"/> user-perceived characters where its words allow; one line for the width 0.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        if (width == 0)
        {
            yield return text;
            yield break;
        }

        var line = new StringBuilder();
        var length = 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var wordLength = Length(word);
            if (length > 0 && length + 1 + wordLength > width)
            {
                yield return line.ToString();
                line.Clear();
                length = 0;
            }

            line.Append(length == 0 ? "" : " ").Append(word);
            length += length == 0 ? wordLength : 1 + wordLength;
        }

        yield return line.ToString();
    }

    /// <summary>What is left of a width for text that is set in; 0 stays 0.</summary>
    public static int Within(int width, int indent) => width == 0 ? 0 : Math.Max(Narrowest, width - indent);

    /// <summary>User-perceived characters.</summary>
    public static int Length(string text) => Ascii.IsValid(text) && !text.Contains('\r', StringComparison.Ordinal) ? text.Length : new StringInfo(text).LengthInTextElements;
}
