using Lekhika.Core.Planning;

namespace Lekhika.Core.Executions;

/// <summary>
/// Percent by weight of work: planning 10 (three steps), chapters 75 (each by its target words), compilation 1, formats 14
/// (shared evenly). The status row keeps the number, so that a poll reads one small row.
/// </summary>
public static class RunProgress
{
    /// <summary>Percent after the planning step number <paramref name="done"/> of <paramref name="total"/>.</summary>
    public static double Planning(int done, int total) => total == 0 ? 10 : 10.0 * done / total;

    /// <summary>Percent when the chapters with these numbers are durable.</summary>
    public static double Chapters(Outline outline, IReadOnlySet<int> written)
    {
        var all = outline.Chapters.Sum(c => (double)Math.Max(1, c.TargetWords));
        var done = outline.Chapters.Where(c => written.Contains(c.Number)).Sum(c => (double)Math.Max(1, c.TargetWords));
        return 10 + (75 * done / all);
    }

    /// <summary>Percent when the manuscript is compiled.</summary>
    public const double Compiled = 86;

    /// <summary>Percent when <paramref name="ended"/> of <paramref name="asked"/> formats have ended.</summary>
    public static double Formats(int ended, int asked) => asked == 0 ? 100 : Compiled + ((100 - Compiled) * ended / asked);
}
