using System.Diagnostics;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Operators;
using Lekhika.Persistence.Requests;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>Carries out what operators ask of a run that they name by its id alone: finds whose it is, asks under that tenant, tells whoever has something to do.</summary>
internal sealed partial class RunDesk(OperatorStore operators, RequestSignals signals, ILogger<RunDesk> log)
{
    /// <summary>The run with its owner; null when there is none, or when the id is none.</summary>
    public async Task<OwnedRun?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var executionId) || await operators.OwnerAsync(executionId, cancellationToken) is not { } userId)
        {
            return null;
        }

        Activity.Current?.SetTag(WorkerTelemetry.ExecutionId, executionId);
        return new(userId, executionId);
    }

    /// <summary>Asks, and answers in the original's form.</summary>
    /// <param name="what">For the log.</param>
    public async Task<IResult> AskAsync(
        string? id, string what, Func<OwnedRun, Task<RequestOutcome>> ask, Func<OwnedRun, RunStatus, IResult> answer, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } run)
        {
            return Refusal.NoExecution;
        }

        var outcome = await ask(run);
        Asked(log, what, run.ExecutionId, outcome.Result, outcome.State);
        if (!outcome.IsDone)
        {
            return Refused(outcome);
        }

        signals.Tell(run.ExecutionId, outcome);
        return answer(run, outcome.State!.Value);
    }

    private static Refusal Refused(RequestOutcome outcome) => outcome.Result switch
    {
        RequestResult.NotFound => Refusal.NoExecution,
        RequestResult.Invalid => Refusal.Invalid(new Dictionary<string, string[]> { [outcome.Field!] = [outcome.Message] }),
        RequestResult.ContentRefused => Refusal.ContentRefused(outcome.Message, outcome.Field!, outcome.Category!),
        RequestResult.GenerationsUsedUp => new(409, "generations_used_up", outcome.Message) { State = outcome.State?.Word() },
        _ => new(409, "not_allowed_in_state", outcome.Message) { State = outcome.State?.Word() },
    };

    [LoggerMessage(LogLevel.Information, "An operator asked for {What} of run {ExecutionId}: {Result} ({State})")]
    private static partial void Asked(ILogger log, string what, Guid executionId, RequestResult result, RunStatus? state);
}

/// <summary>A run and whose it is.</summary>
internal sealed record OwnedRun(Guid UserId, Guid ExecutionId);
