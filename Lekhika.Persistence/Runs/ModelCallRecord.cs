using Lekhika.Core.Executions;
using Lekhika.Core.Models;

namespace Lekhika.Persistence.Runs;

/// <summary>A call of a model as <c>ai_calls</c> keeps it: written before it is made, where it costs something, and again with its outcome.</summary>
/// <param name="Provider">The kind of provider.</param>
/// <param name="ProviderName">The key of <c>keyName:modelId</c>.</param>
/// <param name="OwnKey">Whether it was made with the user's own key.</param>
/// <param name="ModelAsked">The model's id as the provider knows it.</param>
/// <param name="Parameters">JSON.</param>
public sealed record ModelCallRecord(
    Guid Id, StepKey Step, string Task, string Provider, string ProviderName, bool OwnKey, string ModelAsked, string Parameters, DateTimeOffset StartedAt)
{
    /// <summary>Of <c>gen_ai.operation.name</c>: chat, embeddings, image, moderation.</summary>
    public string Operation { get; init; } = "chat";

    /// <summary>Whether it goes through the provider's batch interface.</summary>
    public bool Batch { get; init; }

    /// <summary>started, succeeded or failed; a takeover makes a call that nobody ended orphaned.</summary>
    public string Status { get; init; } = "started";

    /// <summary>Why it failed: one of <see cref="ErrorClasses"/>, or cancelled.</summary>
    public string? ErrorClass { get; init; }

    /// <summary>Why the model ended its answer.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The model and version that the provider says has answered.</summary>
    public string? ModelAnswered { get; init; }

    /// <summary>What the provider counted.</summary>
    public TokenUse Tokens { get; init; }

    /// <summary>The price at which <see cref="Cost"/> was reckoned; null without one.</summary>
    public Guid? PriceId { get; init; }

    /// <summary>US dollars; null without a price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>From the request to the end of the answer.</summary>
    public int? Milliseconds { get; init; }

    /// <summary>From the request to the first piece of the answer.</summary>
    public int? FirstTokenMilliseconds { get; init; }

    /// <summary>The trace in which it was made, 32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }
}
