namespace Lekhika.Testing.Limits;

/// <summary>What a process of limited calls does: begins calls as fast as it may, each of them held for a while.</summary>
/// <param name="Redis">In StackExchange.Redis's form.</param>
/// <param name="Prefix">For the setting <c>Signals:Prefix</c>.</param>
/// <param name="Callers">How many want to call at once.</param>
public sealed record LimitedCalls(string Redis, string Prefix, int Callers)
{
    /// <summary>Calls at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Calls in any window.</summary>
    public int? Requests { get; init; }

    /// <summary>Length of the window in milliseconds.</summary>
    public int WindowMs { get; init; } = 60_000;

    /// <summary>How long a lease lasts that nobody renews, in milliseconds.</summary>
    public int LeaseMs { get; init; } = 30_000;

    /// <summary>Length of a call in milliseconds; -1: for ever.</summary>
    public int HoldMs { get; init; }
}

/// <summary>A call by the machine's clock, in microseconds since 1970.</summary>
/// <param name="From">When it was granted, by Redis.</param>
/// <param name="Until">When it was about to be released; null: it never was.</param>
public sealed record LimitedCall(long From, long? Until);

/// <summary>What was allowed, told afterwards.</summary>
public static class LimitedCallsExtensions
{
    /// <summary>Most calls that began in one window, whichever it is.</summary>
    public static int MostInAnyWindow(this IEnumerable<LimitedCall> calls, TimeSpan window)
    {
        var from = calls.Select(call => call.From).Order().ToArray();
        var (most, first) = (0, 0);
        for (var last = 0; last < from.Length; last++)
        {
            while (from[last] - from[first] >= window.TotalMicroseconds)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>Most calls at once.</summary>
    public static int MostAtOnce(this IEnumerable<LimitedCall> calls)
    {
        var (most, running) = (0, 0);
        foreach (var (_, change) in calls.SelectMany(call => new[] { (At: call.From, Change: 1), (At: call.Until ?? long.MaxValue, Change: -1) }).Order())
        {
            running += change;
            most = Math.Max(most, running);
        }

        return most;
    }
}
