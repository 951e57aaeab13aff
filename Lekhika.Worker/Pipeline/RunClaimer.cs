using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>Claims runs and works on them.</summary>
internal sealed class RunClaimer(
    RunQueue queue, RunExecution execution, RunJournal journal, ActiveRuns active, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RunClaimer> log)
    : Claimer<ClaimedRun>(signals, WakeUpTopic.Runs, options.Value.Concurrency, options.Value.Poll, log)
{
    private static readonly TimeSpan HandBackLimit = TimeSpan.FromSeconds(5);

    /// <summary>Enough to spare round trips, few enough to leave some to other workers.</summary>
    protected override int MostOfOneClaim => 64;

    protected override async Task<IReadOnlyList<ClaimedRun>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        var claimed = await queue.ClaimAsync(options.Value.Name, most, options.Value.Lease, cancellationToken);
        foreach (var run in claimed)
        {
            // From now on the heartbeat renews it.
            active.Add(run.Lease);
        }

        return claimed;
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
}
