namespace Lekhika.Core.Executions;

/// <summary>
/// Which errors of a step are worth another try, and when: exponential back-off with full jitter (Brooker, "Exponential Backoff and
/// Jitter", 2015), longer for a provider that is busy than for an answer that was no good, and never shorter than the provider's Retry-After.
/// </summary>
public static class RetryPolicy
{
    /// <summary>Longest wait before a try; also the longest Retry-After that is waited for.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether asking again may help.</summary>
    public static bool MayHelp(string errorClass) =>
        errorClass is ErrorClasses.RateLimited or ErrorClasses.TimedOut or ErrorClasses.Unavailable or ErrorClasses.InvalidAnswer;

    /// <summary>The wait after a failed try.</summary>
    /// <param name="errorClass">One that <see cref="MayHelp"/>.</param>
    /// <param name="failed">How many tries have failed, from 1.</param>
    /// <param name="retryAfter">What the provider asked for.</param>
    /// <param name="jitter">From 0 (the shortest wait) to 1.</param>
    public static TimeSpan Delay(string errorClass, int failed, TimeSpan? retryAfter, double jitter)
    {
        var first = errorClass switch
        {
            ErrorClasses.RateLimited => TimeSpan.FromSeconds(2),
            ErrorClasses.InvalidAnswer => TimeSpan.FromMilliseconds(100),
            _ => TimeSpan.FromMilliseconds(500),
        };
        var ceiling = first * Math.Pow(2, Math.Min(failed - 1, 10));
        var wait = (ceiling * 0.5) + (ceiling * 0.5 * Math.Clamp(jitter, 0, 1));
        wait = retryAfter is { } asked && asked > wait ? asked : wait;
        return wait < Longest ? wait : Longest;
    }
}
