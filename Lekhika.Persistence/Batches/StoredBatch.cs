using Lekhika.Core.Models;

namespace Lekhika.Persistence.Batches;

/// <summary>Who sees to a batch: every write carries it, and zero rows mean that somebody else does now.</summary>
public readonly record struct BatchLease(Guid BatchId, Guid UserId, int Attempt);

/// <summary>A batch with its calls.</summary>
/// <param name="ProviderId">The provider's row; empty for one of the environment.</param>
/// <param name="Provider">The kind of provider.</param>
/// <param name="Model">As the provider knows it.</param>
/// <param name="ProviderBatchId">The provider's name for it; null until it is known to be made.</param>
/// <param name="TriedAt">When somebody last began to make it; null: it is certainly not there.</param>
/// <param name="CancelledFor">deadline or unwanted; null while it is not cancelled.</param>
/// <param name="CancelledSince">How long ago that was.</param>
/// <param name="IsLate">Whether its deadline has passed, by the database's clock.</param>
/// <param name="IsWanted">Whether its run still wants an answer of it.</param>
/// <param name="Looks">How often it was looked at.</param>
/// <param name="TraceParent">Of the request that submitted the run (W3C Trace Context).</param>
public sealed record StoredBatch(
    Guid Id,
    Guid ExecutionId,
    Guid ProviderId,
    string Provider,
    string ProviderName,
    string Model,
    string State,
    string? ProviderBatchId,
    DateTime? TriedAt,
    string? CancelledFor,
    TimeSpan? CancelledSince,
    bool IsLate,
    bool IsWanted,
    int Looks,
    DateTime CreatedAt,
    string? TraceParent = null)
{
    /// <summary>Those of which nobody knows yet what comes of them.</summary>
    public IReadOnlyList<StoredBatchCall> Calls { get; init; } = [];
}

/// <summary>A call in a batch.</summary>
/// <param name="Request">JSON, as it would have been sent.</param>
/// <param name="IsWanted">Whether its step is not asked for anew by now.</param>
/// <param name="Price">At which it was begun; null without one.</param>
public sealed record StoredBatchCall(Guid Id, string Request, bool IsWanted, ModelPrice? Price);

/// <summary>What came of a call in a batch.</summary>
/// <param name="Answer">Null: it failed.</param>
/// <param name="ErrorClass">Why it failed: one of <see cref="Core.Executions.ErrorClasses"/>.</param>
/// <param name="Cost">US dollars; null when nobody knows.</param>
/// <param name="Tokens">What the provider has counted.</param>
public sealed record BatchOutcome(Guid CallId, BatchAnswer? Answer, string? ErrorClass, decimal? Cost, TokenUse Tokens);
