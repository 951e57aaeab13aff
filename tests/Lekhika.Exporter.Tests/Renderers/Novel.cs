using System.Text;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>A believable novel of any length for looking at pages and for measuring: the same seed gives the same book.</summary>
internal static class Novel
{
    private static readonly string[] Titles =
    [
        "The Lamplighter", "Salt in the Gears", "What the Tide Kept", "A Door Without a House", "The Harbourmaster’s Ledger",
        "Seven Bells", "The Long Dark Between the Islands and the Shore", "Glass", "Letters to No One", "The Clock Runs Backwards", "Ebb", "Morning, at Last",
    ];

    private static readonly string[] Subjects = ["Ines", "the old keeper", "Tomas Reyne", "her father", "the boy from the ferry", "Captain Orlo", "nobody in the town", "the widow Ansel"];
    private static readonly string[] Verbs = ["remembered", "had never believed in", "turned away from", "kept a careful record of", "listened for", "was afraid of", "would have traded a year’s wages for", "walked twice around"];
    private static readonly string[] Objects = ["the great brass wheel", "a sound like distant rain", "the unfinished letter", "the lamp above the quay", "the seventh stair", "the hour that did not strike", "the drowned orchard", "every lie she had told that winter"];
    private static readonly string[] Endings = ["before the tide came in", "though the wind had already changed", "as if it were the most ordinary thing in the world", "and said nothing of it to anyone", "with both hands in the pockets of a borrowed coat", "until the light went out", "because there was no one left to ask", "while, far below, the sea went on counting"];
    private static readonly string[] Openings = ["In the morning", "Later", "By the time the lamps were lit", "Once", "On the fourth day", "After that", "Even now", "Somewhere past midnight"];
    private static readonly string[] Speech = ["“You can’t mean to go up there alone,”", "“It *isn’t* the clock that is wrong,”", "“Ask me again when the fog lifts,”", "“Nobody has wound it for thirty years,”", "“Then who rang the bell—”"];

    /// <summary>A book of chapters that have about the same number of words each.</summary>
    public static Manuscript Of(int chapters, int words, int seed = 7)
    {
        var random = new Random(seed);
        return Books.Of(Enumerable.Range(0, chapters).Select(i => (Titles[i % Titles.Length], Chapter(random, words / chapters))));
    }

    private static string Chapter(Random random, int words)
    {
        var text = new StringBuilder();
        for (var paragraph = 0; WordCount.Of(text.ToString()) < words; paragraph++)
        {
            text.Append(paragraph % 11 == 10 ? "***\n\n" : "").Append(Paragraph(random)).Append("\n\n");
        }

        return text.ToString();
    }

    private static string Paragraph(Random random)
    {
        string Pick(string[] from) => from[random.Next(from.Length)];
        if (random.Next(4) == 0)
        {
            return $"{Pick(Speech)} said {Pick(Subjects)}, {Pick(Endings)}.";
        }

        var sentences = Enumerable.Range(0, random.Next(2, 7)).Select(_ => random.Next(4) switch
        {
            0 => $"{Pick(Openings)}, {Pick(Subjects)} {Pick(Verbs)} {Pick(Objects)}.",
            1 => $"{Capital(Pick(Subjects))} {Pick(Verbs)} {Pick(Objects)}, {Pick(Endings)}; it was *almost* enough.",
            2 => $"There were evenings when {Pick(Subjects)} {Pick(Verbs)} {Pick(Objects)}—and evenings when {Pick(Subjects)} did, {Pick(Endings)}.",
            _ => $"{Capital(Pick(Subjects))} {Pick(Verbs)} {Pick(Objects)} {Pick(Endings)}.",
        });
        return string.Join(' ', sentences);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
