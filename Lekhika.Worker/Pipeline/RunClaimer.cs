using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>Claims runs and works on them.</summary>
internal sealed class RunClaimer(
    RunQueue queue, RunExecution execution, RunJournal journal, ActiveRuns active, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RunClaimer> log)
    : Claimer<RunLease>(signals, WakeUpTopic.Runs, options.Value.Concurrency, options.Value.Poll, log)
{
    private static readonly TimeSpan HandBackLimit = TimeSpan.FromSeconds(5);

    protected override async Task<IReadOnlyList<RunLease>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        var claimed = await queue.ClaimAsync(options.Value.Name, most, options.Value.Lease, cancellationToken);
        foreach (var lease in claimed)
        {
            // From now on the heartbeat renews it.
            active.Add(lease);
        }

        return claimed;
    }

    protected override async Task WorkAsync(RunLease lease, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(active.Add(lease), stoppingToken);
        try
        {
            await execution.RunAsync(lease, end.Token);
        }
        finally
        {
            active.Remove(lease);
        }
    }

    protected override Task HandBackAsync(RunLease lease) => journal
        .CommitAsync(new RunCommit(lease, [new JournalEvent(JournalEventTypes.RunHandedBack)]) { Command = RunCommand.HandBack }, CancellationToken.None)
        .WaitAsync(HandBackLimit);
}
