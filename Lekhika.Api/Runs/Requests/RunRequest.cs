using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Somebody who asks something of a run, and what it takes to answer.</summary>
internal sealed record RunRequest(Guid ExecutionId, ClaimsPrincipal Caller, RunViewStore Runs, RequestSignals Signals, CancellationToken CancellationToken)
{
    public Guid UserId => Caller.UserId();

    /// <summary>202 with the run as it is now, after whoever has something to do was told; else why not.</summary>
    public async Task<Results<Accepted<RunAnswer>, Refusal>> AnswerAsync(RequestOutcome outcome)
    {
        if (!outcome.IsDone)
        {
            return outcome.Refusal();
        }

        Signals.Tell(ExecutionId, outcome);
        return await Runs.FindAsync(UserId, ExecutionId, CancellationToken) is { } run
            ? TypedResults.Accepted(RunAnswers.Path(ExecutionId), RunAnswers.Answer(run))
            : Refusals.NoExecution;
    }
}

/// <summary>Outcomes at the edge.</summary>
internal static class RequestOutcomes
{
    /// <summary>Why it was not carried out.</summary>
    public static Refusal Refusal(this RequestOutcome outcome) => outcome.Result switch
    {
        RequestResult.NotFound => Refusals.NoExecution,
        RequestResult.NotAllowed => Refusals.NotAllowed(outcome.State!.Value, outcome.Message),
        RequestResult.Invalid => Refusals.Invalid(new Dictionary<string, string[]> { [outcome.Field!] = [outcome.Message] }),
        RequestResult.NoPreview => Refusals.NoPreview(outcome.Message),
        RequestResult.PreviewNotWaiting => Refusals.PreviewNotWaiting(outcome.Message),
        RequestResult.AttemptsUsedUp => Refusals.AttemptsUsedUp(outcome.Message),
        RequestResult.GenerationsUsedUp => Refusals.GenerationsUsedUp(outcome.Message),
        RequestResult.ContentRefused => Refusals.ContentRefused(outcome.Message, outcome.Field!, outcome.Category!),
        RequestResult.NoBook => Refusals.NoBook(outcome.Message),
        _ => throw new ArgumentException("It was carried out.", nameof(outcome)),
    };
}
