namespace Lekhika.Core.Executions;

/// <summary>How fast a run gets on, by the time that workers have held it; waiting does not count.</summary>
public static class RunPace
{
    /// <summary>Percent below which the rest cannot be told.</summary>
    private const double FirstPercents = 2;

    /// <summary>Words a second, to the hundredth; null before any time has passed.</summary>
    public static double? WordsPerSecond(int words, TimeSpan worked) => worked > TimeSpan.Zero ? Math.Round(words / worked.TotalSeconds, 2) : null;

    /// <summary>
    /// Seconds that a running run needs for the rest at the pace of what it has done, from its progress in percent; null when it does not
    /// run, or has hardly begun.
    /// </summary>
    public static long? SecondsLeft(RunStatus status, double progress, TimeSpan worked) =>
        status == RunStatus.Running && progress is > FirstPercents and <= 100 && worked > TimeSpan.Zero
            ? (long)Math.Round(worked.TotalSeconds * (100 - progress) / progress)
            : null;
}
