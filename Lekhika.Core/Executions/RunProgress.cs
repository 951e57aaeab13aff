using Lekhika.Core.Planning;

namespace Lekhika.Core.Executions;

/// <summary>
/// Percent by weight of work, never by count of nodes: everything before the chapters 10, chapters 75 (each by its target words),
/// compilation 1, formats 14 in even shares.
/// </summary>
public static class RunProgress
{
    /// <summary>Percent of the whole once the manuscript is with the exporter.</summary>
    public const double Compiled = 86;

    /// <summary>Percent of the compilation.</summary>
    public const double Compilation = 1;

    /// <summary>Percent of one of <paramref name="steps"/> steps that are neither chapters nor compilation.</summary>
    public static double Planning(int steps) => 10.0 / Math.Max(1, steps);

    /// <summary>Percent of one chapter.</summary>
    public static double Chapter(Outline outline, int number)
    {
        var all = outline.Chapters.Sum(chapter => (double)Math.Max(1, chapter.TargetWords));
        return 75.0 * Math.Max(1, outline.Chapters[number - 1].TargetWords) / all;
    }
}
