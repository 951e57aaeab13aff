using System.Globalization;

namespace Lekhika.Exporter.Text;

/// <summary>Breaks prose into lines at spaces; a word longer than the line stays whole, and no-break spaces hold.</summary>
internal static class LineWrap
{
    /// <summary>The lines of <paramref name="text"/>, each at most <paramref name="width"/> user-perceived characters where its words allow.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        var length = 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var wordLength = new StringInfo(word).LengthInTextElements;
            if (length > 0 && length + 1 + wordLength > width)
            {
                yield return line;
                (line, length) = ("", 0);
            }

            (line, length) = length == 0 ? (word, wordLength) : ($"{line} {word}", length + 1 + wordLength);
        }

        yield return line;
    }
}
