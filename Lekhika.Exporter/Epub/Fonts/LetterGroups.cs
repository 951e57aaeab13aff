using System.Buffers;

namespace Lekhika.Exporter.Epub.Fonts;

/// <summary>
/// Letters that a book has all of when it has one: nearly every book of a script uses nearly all of its alphabet, and those that differ by a capital Q
/// would each have typefaces cut for themselves. A typeface has all of a group or none of the letters that call for it, so no group calls for a typeface that the book's letters do not.
/// </summary>
internal static class LetterGroups
{
    /// <summary>The letters of which one is enough, and what comes with it.</summary>
    public static IReadOnlyList<(SearchValues<char> Letters, string All)> Known { get; } =
    [
        Group(Range('A', 'Z') + Range('a', 'z'), Range(' ', '~') + "\u00A0–—‘’“”…"),
        Group(Range('À', 'ÿ')),
        Group(Range('А', 'я') + "Ёё"),
    ];

    private static (SearchValues<char> Letters, string All) Group(string letters, string? more = null) => (SearchValues.Create(letters), more ?? letters);

    private static string Range(char first, char last) => string.Concat(Enumerable.Range(first, last - first + 1).Select(letter => (char)letter));
}
