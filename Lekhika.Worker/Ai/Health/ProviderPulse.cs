using System.Collections.Concurrent;
using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Health;

/// <summary>What was heard last of each provider account, by this process.</summary>
internal sealed class ProviderPulse(TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid Id, string Name), Beat> _beats = new();

    /// <summary>A call has ended.</summary>
    /// <param name="errorClass">Null when it ended well.</param>
    public void Heard(ProviderAccount account, string? errorClass) => Heard(account, errorClass switch
    {
        ErrorClasses.Permanent => new Beat(time.GetTimestamp(), time.GetUtcNow(), "refuses what is asked: look at its key and its models", false),
        ErrorClasses.Unavailable or ErrorClasses.TimedOut => new Beat(time.GetTimestamp(), time.GetUtcNow(), "does not answer", false),
        _ => new Beat(time.GetTimestamp(), time.GetUtcNow(), "answers", true),
    });

    /// <summary>It was asked only for how it is.</summary>
    public void Probed(ProviderAccount account, bool isWell, string word) => Heard(account, new Beat(time.GetTimestamp(), time.GetUtcNow(), word, isWell));

    /// <summary>The newest that is known; null when nothing is, nothing since <paramref name="recent"/> ago, or nothing since the account was changed.</summary>
    public Beat? Of(ProviderAccount account, TimeSpan recent) =>
        _beats.TryGetValue((account.Id, account.Name), out var beat) && time.GetElapsedTime(beat.At) < recent && beat.When >= account.ChangedAt ? beat : null;

    private void Heard(ProviderAccount account, Beat beat) => _beats[(account.Id, account.Name)] = beat;

    /// <summary>One sign.</summary>
    /// <param name="At">A time stamp of the process.</param>
    /// <param name="When">The same by the clock.</param>
    /// <param name="Word">For people: what the provider does.</param>
    internal sealed record Beat(long At, DateTimeOffset When, string Word, bool IsWell);
}
