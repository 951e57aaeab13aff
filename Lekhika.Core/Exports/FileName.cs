using System.Globalization;
using System.Text;

namespace Lekhika.Core.Exports;

/// <summary>File names from titles: any script, safe on every file system.</summary>
public static class FileName
{
    private const int MaxBytes = 120;

    // The letters from U+00C0 to U+017F without their marks: the program runs without tables of cultures, which could take them off.
    private const string Plain =
        "AAAAAAACEEEEIIIIDNOOOOO-OUUUUYTsaaaaaaaceeeeiiiidnooooo-ouuuuytyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
        + "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

    // With any extension, too (Microsoft, "Naming Files, Paths, and Namespaces").
    private static readonly HashSet<string> Reserved = new(
        ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// <c>The Clockmaker's Daughter</c> as PDF is <c>The-Clockmakers-Daughter.pdf</c>: letters, marks and digits of any script,
    /// joined by hyphens, apostrophes and invisible characters dropped, at most 120 bytes of UTF-8 before the extension, cut between
    /// characters as readers see them; <c>Book</c> when nothing is left, <c>Book-Con</c> for a name that Windows keeps for itself.
    /// A cover is <c>The-Clockmakers-Daughter_cover.pdf</c>. Files that were ordered later have the order's number, <c>The-Clockmakers-Daughter_2.pdf</c>: no title brings an underscore, so no two
    /// files of a run have one name.
    /// </summary>
    /// <param name="order">Of the run, from 1.</param>
    public static string Of(string title, ExportFormat format, int order = 1)
    {
        var name = new StringBuilder();
        var bytes = 0;
        var gap = false;
        var characters = StringInfo.GetTextElementEnumerator(Whole(title).Normalize(NormalizationForm.FormC));
        while (characters.MoveNext())
        {
            var character = Kept(characters.GetTextElement(), out var parts);
            if (character.Length > 0)
            {
                var cost = Encoding.UTF8.GetByteCount(character) + (gap ? 1 : 0);
                if (bytes + cost > MaxBytes)
                {
                    break;
                }

                name.Append(gap ? "-" : "").Append(character);
                bytes += cost;
                gap = false;
            }

            gap |= parts && name.Length > 0;
        }

        return $"{Stem(name)}{(order > 1 ? $"_{order}" : "")}{(format.Key == format.Extension ? "" : $"_{format.Key}")}.{format.Extension}";
    }

    /// <summary>
    /// A name of <see cref="Of"/> in letters and digits of ASCII, for clients that know no others: <c>Salz-Kartchen.pdf</c> for
    /// <c>Salz-Kärtchen.pdf</c>, <c>Book.pdf</c> when less than half of it would be left.
    /// </summary>
    public static string InAscii(string name)
    {
        var end = name.IndexOfAny(['_', '.']) is >= 0 and var found ? found : name.Length;
        var stem = name[..end];
        var all = stem.EnumerateRunes().Count(Rune.IsLetterOrDigit);
        var kept = string.Concat(stem.Select(c => c is >= '\u00C0' and <= '\u017F' ? Plain[c - '\u00C0'] : c).Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')).Split('-', StringSplitOptions.RemoveEmptyEntries);
        var letters = kept.Sum(word => word.Length);
        return Stem(new StringBuilder(letters * 2 < all ? "" : string.Join('-', kept))) + name[end..];
    }

    private static string Stem(StringBuilder name)
    {
        var stem = name.Length == 0 ? "Book" : name.ToString();
        return Reserved.Contains(stem) ? "Book-" + stem : stem;
    }

    /// <summary>A character's letter and its marks; nothing of a mark that has no letter, such as an emoji's variant selector.</summary>
    /// <param name="character">A grapheme cluster.</param>
    /// <param name="parts">Whether it stands between two words.</param>
    private static string Kept(string character, out bool parts)
    {
        var kept = new StringBuilder();
        parts = false;
        foreach (var rune in character.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsLetterOrDigit(rune) || (kept.Length > 0 && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
            {
                kept.Append(rune.ToString());
            }
            else if (category is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) && rune.Value is not ('\'' or '\u2019'))
            {
                parts = true;
            }
        }

        return kept.ToString();
    }

    /// <summary>Half of a surrogate pair cannot be normalised; it becomes U+FFFD, which is no letter.</summary>
    private static string Whole(string title) => string.Concat(title.EnumerateRunes().Select(rune => rune.ToString()));
}
