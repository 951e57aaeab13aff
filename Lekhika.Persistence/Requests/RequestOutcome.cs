using Lekhika.Core.Executions;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Signals;

namespace Lekhika.Persistence.Requests;

/// <summary>What became of a request.</summary>
public enum RequestResult
{
    /// <summary>It was carried out, or had been before.</summary>
    Done,

    /// <summary>The user has no such run.</summary>
    NotFound,

    /// <summary>It cannot be done in the run's present state.</summary>
    NotAllowed,

    /// <summary>It names something that the run does not have.</summary>
    Invalid,

    /// <summary>The run has no preview of that name.</summary>
    NoPreview,

    /// <summary>The preview does not wait for anybody.</summary>
    PreviewNotWaiting,

    /// <summary>The preview has been revised as often as its node allows.</summary>
    AttemptsUsedUp,

    /// <summary>A step has been done anew as often as any may be.</summary>
    GenerationsUsedUp,

    /// <summary>There is no compiled book to make files of.</summary>
    NoBook,

    /// <summary>The content policy refuses what it says.</summary>
    ContentRefused,
}

/// <summary>What became of a request, with the sentence for people when it was not carried out.</summary>
/// <param name="State">The run's state afterwards, or the one in which it is not allowed; null when there is no such run.</param>
/// <param name="Message">What was wrong and what to do; empty when it was carried out.</param>
/// <param name="Field">What of an invalid request is wrong, as clients call it.</param>
/// <param name="Wake">Who has something to do now: <see cref="RequestSignals"/> tells them.</param>
public sealed record RequestOutcome(RequestResult Result, RunStatus? State = null, string Message = "", string? Field = null, WakeUpTopic? Wake = null)
{
    /// <summary>Whether it was carried out, now or before.</summary>
    public bool IsDone => Result == RequestResult.Done;

    /// <summary>For <see cref="RequestResult.ContentRefused"/>: which category.</summary>
    public string? Category { get; init; }

    internal static RequestOutcome NotFound { get; } = new(RequestResult.NotFound, Message: "There is no such execution.");

    internal static RequestOutcome Done(RunStatus state, WakeUpTopic? wake = null) => new(RequestResult.Done, state, Wake: wake);

    internal static RequestOutcome NotAllowed(RunStatus state, string advice) => new(RequestResult.NotAllowed, state, $"The execution is {state.Word()}: {advice}");

    internal static RequestOutcome Refused(ContentRefusal refusal) =>
        new(RequestResult.ContentRefused, Message: refusal.Message, Field: refusal.Field) { Category = refusal.Finding.Category };

    internal static RequestOutcome Invalid(string field, string message) => new(RequestResult.Invalid, Message: message, Field: field);
}
