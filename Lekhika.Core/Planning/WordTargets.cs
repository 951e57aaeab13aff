namespace Lekhika.Core.Planning;

/// <summary>Makes the chapters' targets add up to the words asked of the book, whatever a model counted.</summary>
public static class WordTargets
{
    /// <summary>
    /// The chapters with targets in the proportions given, none (to a word) under half or over twice the average, whose sum is
    /// <paramref name="words"/> exactly.
    /// </summary>
    public static IReadOnlyList<OutlineChapter> Spread(IReadOnlyList<OutlineChapter> chapters, int words)
    {
        var average = (double)words / chapters.Count;
        var weights = Weights(chapters);
        var spread = new List<OutlineChapter>(chapters.Count);
        double exact = 0;
        var used = 0;
        for (var i = 0; i < chapters.Count; i++)
        {
            // Rounding the running sum keeps the whole exact.
            exact += weights[i] * average;
            var target = (int)Math.Round(exact) - used;
            used += target;
            spread.Add(chapters[i] with { TargetWords = target });
        }

        return spread;
    }

    /// <summary>Weights of average 1: the proportions given, times the one factor with which they still average 1 when cut to half and twice.</summary>
    private static List<double> Weights(IReadOnlyList<OutlineChapter> chapters)
    {
        var given = chapters.Select(chapter => (double)Math.Max(1, chapter.TargetWords)).ToList();
        List<double> Cut(double factor) => [.. given.Select(words => Math.Clamp(words * factor, 0.5, 2))];

        // The average grows with the factor, from a half to two: bisection finds it to the last bit that counts.
        var (low, high) = (0.5 / given.Max(), 2 / given.Min());
        for (var step = 0; step < 100; step++)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = Cut(middle).Average() < 1 ? (middle, high) : (low, middle);
        }

        return Cut(high);
    }
}
