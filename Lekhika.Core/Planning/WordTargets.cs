namespace Lekhika.Core.Planning;

/// <summary>Makes the chapters' targets add up to the words asked of the book, whatever a model counted.</summary>
public static class WordTargets
{
    /// <summary>
    /// The chapters with targets in the proportions given, none under half or over twice the average, whose sum is
    /// <paramref name="words"/> exactly.
    /// </summary>
    public static IReadOnlyList<OutlineChapter> Spread(IReadOnlyList<OutlineChapter> chapters, int words)
    {
        var average = (double)words / chapters.Count;
        var given = chapters.Sum(chapter => (double)Math.Max(0, chapter.TargetWords));
        var weights = chapters.Select(chapter => given <= 0 ? 1 : Math.Clamp(Math.Max(0, chapter.TargetWords) / given * chapters.Count, 0.5, 2)).ToList();
        var scale = average / weights.Average();
        var spread = new List<OutlineChapter>(chapters.Count);
        double exact = 0;
        var used = 0;
        for (var i = 0; i < chapters.Count; i++)
        {
            // Rounding the running sum keeps the whole exact.
            exact += weights[i] * scale;
            var target = (int)Math.Round(exact) - used;
            used += target;
            spread.Add(chapters[i] with { TargetWords = target });
        }

        return spread;
    }
}
