namespace Lekhika.Persistence.Signals;

/// <summary>What a model's provider allows; what is null is not limited.</summary>
/// <param name="Concurrency">Calls at once.</param>
/// <param name="Requests">Calls in any window of <see cref="SharedLimits.Window"/>.</param>
/// <param name="Tokens">Tokens in any such window. A call that alone wants more takes all of them.</param>
public sealed record ModelLimits(int? Concurrency, int? Requests, int? Tokens)
{
    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => (Concurrency ?? Requests ?? Tokens) is null;

    /// <summary>What is taken of the tokens for a call that wants so many.</summary>
    public int TokensOf(int wanted) => Math.Min(wanted, Tokens ?? 0);
}

/// <summary>What a call has taken; its lease ends with <see cref="SharedLimits.ReleaseAsync"/>, or when nobody renews it.</summary>
/// <param name="Tokens">Taken for it, of those that are limited.</param>
public sealed record LimitGrant(string Key, string Id, ModelLimits Limits, int Tokens)
{
    /// <summary>When it was given, by Redis' clock.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>What Redis says to a call that wants to begin.</summary>
public abstract record LimitAnswer
{
    private LimitAnswer()
    {
    }

    /// <summary>All was taken.</summary>
    public sealed record Granted(LimitGrant Grant) : LimitAnswer;

    /// <summary>Nothing was taken.</summary>
    /// <param name="AtLeast">No earlier can there be room; zero: when a call ends, which may be at any time.</param>
    public sealed record Wait(TimeSpan AtLeast) : LimitAnswer;

    /// <summary>Redis does not answer in time.</summary>
    /// <param name="Grant">Renewed and released like one that was given, so that those who see Redis later count the call too.</param>
    public sealed record Unreachable(LimitGrant Grant) : LimitAnswer;
}
