using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Requests;

/// <summary>
/// What a person or a program may ask of a run as a whole. Each request is one transaction: the run's row is locked, changed in the states
/// that allow it, and its events are written. Asking again for what is so already changes nothing.
/// </summary>
public sealed class RunRequestStore(TenantDatabase database)
{
    private static readonly RunChange StopWaiting = new(RunChange.Allowed(RunCommand.Stop, RunStatus.Stopped), RunStatus.Stopped)
    {
        Pausing = false,
        Events = [new(JournalEventTypes.StopRequested), new(JournalEventTypes.RunStopped)],
    };

    private static readonly RunChange StopWorking = new(RunChange.Allowed(RunCommand.Stop, RunStatus.Stopping), RunStatus.Stopping)
    {
        Counts = true,
        Pausing = false,
        Events = [new(JournalEventTypes.StopRequested)],
    };

    private static readonly RunChange PauseWaiting = new([RunStatus.Queued], RunStatus.Paused)
    {
        Events = [new(JournalEventTypes.RunPaused, Data: """{"reason": "request"}""")],
    };

    // From now on it does not go on by itself.
    private static readonly RunChange PauseInBatch = new([RunStatus.Paused])
    {
        WhenInBatch = true,
        Events = [new(JournalEventTypes.RunPaused, Data: """{"reason": "request"}""")],
    };

    private static readonly RunChange PauseWorking = new([RunStatus.Running])
    {
        Counts = true,
        Pausing = true,
        WhenPausing = false,
        Events = [new(JournalEventTypes.PauseRequested)],
    };

    private static readonly RunChange WithdrawPause = new([RunStatus.Running]) { Counts = true, Pausing = false, WhenPausing = true };

    // Of a book of which no file could be made. What is in hand of the last order is what its jobs have come to.
    private const string Unmade = """
        SELECT o.node_id FROM node_outputs o
        WHERE o.execution_id = $1 AND o.kind = $2 AND o.generation < $3 AND (
            SELECT bool_and(j.status = 'failed') FROM export_jobs j
            WHERE j.execution_id = $1 AND j.order_no = (SELECT max(n.order_no) FROM export_jobs n WHERE n.execution_id = $1))
        ORDER BY o.generation DESC LIMIT 1
        """;

    /// <summary>The states from which a run goes on where it was: a completed one has nothing left to do, unless its files were made of a part.</summary>
    internal static IReadOnlyList<RunStatus> Resumable { get; } = [.. RunChange.Allowed(RunCommand.Resume, RunStatus.Queued).Where(status => status != RunStatus.Completed)];

    /// <summary>Ends the run: at once when no worker has it, else as soon as what is in flight has ended.</summary>
    public async Task<RequestOutcome> StopAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        var change = await database.ChangeAsync(userId, executionId, [StopWaiting, StopWorking], cancellationToken);
        return change.Outcome(
            state => state is RunStatus.Stopping or RunStatus.Stopped,
            _ => "it has ended, and there is nothing to stop.");
    }

    /// <summary>Keeps the run from going on: at once when no worker has it, else as soon as what is in flight has ended.</summary>
    public async Task<RequestOutcome> PauseAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        var change = await database.ChangeAsync(userId, executionId, [PauseInBatch, PauseWaiting, PauseWorking], cancellationToken);
        return change.Outcome(
            state => state is RunStatus.Paused or RunStatus.Running,
            _ => "only one that is queued or running can be paused.");
    }

    /// <summary>Lets the run go on where it was, or withdraws a pause that has been asked for.</summary>
    public Task<RequestOutcome> ResumeAsync(Guid userId, Guid executionId, CancellationToken cancellationToken) =>
        GoOnAsync(userId, executionId, "resume", [], cancellationToken);

    /// <summary>Drives a failed run again: its dead letters are closed with it.</summary>
    public Task<RequestOutcome> RedriveAsync(Guid userId, Guid executionId, CancellationToken cancellationToken) =>
        GoOnAsync(userId, executionId, "redrive", [], cancellationToken);

    internal async Task<RequestOutcome> GoOnAsync(
        Guid userId, Guid executionId, string reason, IReadOnlyList<SelectedStep> steps, CancellationToken cancellationToken)
    {
        var anew = await UnmadeAsync(userId, executionId, cancellationToken);
        var resume = new RunChange(Resumable, RunStatus.Queued) { Pausing = false, Reason = reason, Steps = [.. steps, .. anew] };
        var rest = new RunChange([RunStatus.Completed], RunStatus.Queued) { WhenInPart = true, Reason = reason };
        var change = await database.ChangeAsync(userId, executionId, [resume, rest, WithdrawPause], cancellationToken);
        return change.Outcome(
            state => state is RunStatus.Queued or RunStatus.Running,
            state => state switch
            {
                RunStatus.Completed => "nothing is left to do. Regenerate or rerun steps of it, or make files of it.",
                RunStatus.Stopping => "resume it when it has stopped.",
                _ => "its files are being made, and nothing is left to resume.",
            });
    }

    /// <summary>The step that orders the files, when nothing came of the last order: it is what is left to do.</summary>
    private async Task<IReadOnlyList<SelectedStep>> UnmadeAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        return await batch.Add(Unmade, Sql.Value(executionId), Sql.Value(OutputKinds.Handover), Sql.Value(StepSelection.MaxGenerations))
            .ListAsync(row => new SelectedStep(row.GetString(0), 0), cancellationToken);
    }
}
