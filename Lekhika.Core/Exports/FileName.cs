using System.Globalization;
using System.Text;

namespace Lekhika.Core.Exports;

/// <summary>File names from titles: any script, safe on every file system.</summary>
public static class FileName
{
    private const int MaxBytes = 120;

    /// <summary>
    /// <c>The Clockmaker's Daughter</c> as PDF is <c>The-Clockmakers-Daughter.pdf</c>: letters, marks and digits of any script,
    /// joined by hyphens, apostrophes dropped, at most 120 bytes of UTF-8 before the extension; <c>Book</c> when nothing is left.
    /// </summary>
    public static string Of(string title, ExportFormat format)
    {
        var name = new StringBuilder();
        var bytes = 0;
        var gap = false;
        foreach (var rune in title.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                var cost = rune.Utf8SequenceLength + (gap ? 1 : 0);
                if (bytes + cost > MaxBytes)
                {
                    break;
                }

                name.Append(gap && name.Length > 0 ? "-" : "").Append(rune.ToString());
                bytes += cost;
                gap = false;
            }
            else if (rune.Value is not ('\'' or '\u2019'))
            {
                gap = name.Length > 0;
            }
        }

        return $"{(name.Length == 0 ? "Book" : name.ToString())}.{format.Key}";
    }
}
