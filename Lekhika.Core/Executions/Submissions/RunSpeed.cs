namespace Lekhika.Core.Executions.Submissions;

/// <summary>How fast a run is to be: at once, or through the providers' batch interfaces at their lower price.</summary>
public static class RunSpeed
{
    public const string Standard = "standard";

    public const string Economy = "economy";

    /// <summary>The longest that a call may wait for its batch, which is also what providers promise; the default.</summary>
    public const int MostHours = 24;

    /// <summary>How many hours a call may wait for its batch; null at normal speed.</summary>
    public static int? EconomyHours(string? speed, int? hours) => speed == Economy ? hours ?? MostHours : null;

    /// <summary>The word for a run whose calls may wait so many hours.</summary>
    public static string Word(int? economyHours) => economyHours is null ? Standard : Economy;
}
