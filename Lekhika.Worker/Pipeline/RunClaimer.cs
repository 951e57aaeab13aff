using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>Claims runs, reads them together, and works on them.</summary>
internal sealed partial class RunClaimer(
    RunQueue queue, RunLoader loader, RunExecution execution, RunJournal journal, ActiveRuns active, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RunClaimer> log)
    : Claimer<ClaimedRun>(signals, WakeUpTopic.Runs, options.Value.Concurrency, options.Value.Poll, log)
{
    private static readonly TimeSpan HandBackLimit = TimeSpan.FromSeconds(5);

    /// <summary>Enough to spare round trips, few enough to leave some to other workers.</summary>
    protected override int MostOfOneClaim => 64;

    protected override async Task<IReadOnlyList<ClaimedRun>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        var leases = await queue.ClaimAsync(options.Value.Name, most, options.Value.Lease, cancellationToken);
        if (leases.Count == 0)
        {
            return [];
        }

        foreach (var lease in leases)
        {
            // From now on the heartbeat renews it.
            active.Add(lease);
        }

        var snapshots = await LoadAsync(leases, cancellationToken);
        return [.. leases.Select(lease => new ClaimedRun(lease, snapshots.GetValueOrDefault(lease)))];
    }

    protected override async Task WorkAsync(ClaimedRun run, CancellationToken stoppingToken)
    {
        var held = active.Add(run.Lease);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, stoppingToken);
        try
        {
            await execution.RunAsync(run.Lease, run.Snapshot, held, end.Token);
        }
        finally
        {
            active.Remove(run.Lease);
        }
    }

    protected override Task HandBackAsync(ClaimedRun run) => journal
        .CommitAsync(StepCommits.Ended(run.Lease, RunCommand.HandBack, JournalEventTypes.RunHandedBack), CancellationToken.None)
        .WaitAsync(HandBackLimit);

    /// <summary>All in one round trip; when that fails, each run is read by itself, so that one that cannot be read fails alone.</summary>
    private async Task<IReadOnlyDictionary<RunLease, RunSnapshot>> LoadAsync(IReadOnlyList<RunLease> leases, CancellationToken cancellationToken)
    {
        try
        {
            return await loader.LoadAsync(leases, cancellationToken);
        }
        catch (Exception error)
        {
            NotLoaded(log, leases.Count, error.Message);
            return new Dictionary<RunLease, RunSnapshot>();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} claimed runs could not be read together ({Reason}); each is read by itself.")]
    private static partial void NotLoaded(ILogger log, int count, string reason);
}

/// <summary>A run that this worker has just claimed.</summary>
/// <param name="Snapshot">What the database holds of it; null when it is yet to be read.</param>
internal sealed record ClaimedRun(RunLease Lease, RunSnapshot? Snapshot)
{
    public override string ToString() => $"Run {Lease.ExecutionId} (attempt {Lease.Attempt})";
}
