using System.Threading.Channels;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Claims runs while there is room and works on them. Never more are claimed than can be worked on: what waits, waits in the
/// database, where any worker can take it. On shutdown every run is handed back at once.
/// </summary>
internal sealed partial class RunClaimer(
    RunQueue queue, RunExecution execution, RunJournal journal, ActiveRuns active, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RunClaimer> log) : BackgroundService
{
    private static readonly TimeSpan HandBackLimit = TimeSpan.FromSeconds(5);

    private readonly WakeUp _wakeUp = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        var claimed = Channel.CreateBounded<RunLease>(new BoundedChannelOptions(settings.Concurrency) { SingleWriter = true });
        var listening = signals.ListenAsync(WakeUpTopic.Runs, _wakeUp.Ring, stoppingToken);
        var workers = Enumerable.Range(0, settings.Concurrency).Select(_ => WorkAsync(claimed.Reader, stoppingToken)).ToArray();
        try
        {
            await ClaimAsync(claimed.Writer, settings, stoppingToken);
        }
        finally
        {
            claimed.Writer.TryComplete();
            await Task.WhenAll([listening, .. workers]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ClaimAsync(ChannelWriter<RunLease> claimed, WorkerOptions settings, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var room = settings.Concurrency - active.Count;
            var taken = 0;
            if (room > 0)
            {
                try
                {
                    foreach (var lease in await queue.ClaimAsync(settings.Name, room, settings.Lease, stoppingToken))
                    {
                        active.Add(lease);
                        await claimed.WriteAsync(lease, CancellationToken.None);
                        taken++;
                    }
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it was, the next poll asks again: a worker that claims no more would be worse than a line in the log.
                    NotClaimed(log, error.Message);
                }
            }

            if (taken < room || room == 0)
            {
                await _wakeUp.WaitAsync(settings.Poll, stoppingToken);
            }
        }
    }

    private async Task WorkAsync(ChannelReader<RunLease> claimed, CancellationToken stoppingToken)
    {
        // What was claimed is worked on or handed back, also while the process stops.
        await foreach (var lease in claimed.ReadAllAsync(CancellationToken.None))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(active.Add(lease), stoppingToken);
            try
            {
                await execution.RunAsync(lease, end.Token);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await HandBackAsync(lease);
            }
            catch (OperationCanceledException)
            {
                LeaseLost(log, lease.ExecutionId);
            }
            catch (Exception error)
            {
                // The lease runs out and the run is taken over: nothing is lost with this error but time.
                NotExecuted(log, lease.ExecutionId, error);
            }
            finally
            {
                active.Remove(lease);
                _wakeUp.Ring();
            }
        }
    }

    private async Task HandBackAsync(RunLease lease)
    {
        try
        {
            await journal
                .CommitAsync(new RunCommit(lease, [new JournalEvent(JournalEventTypes.RunHandedBack)]) { Command = RunCommand.HandBack }, CancellationToken.None)
                .WaitAsync(HandBackLimit);
            signals.Send(WakeUpTopic.Runs);
        }
        catch (TimeoutException)
        {
            // The database is away; the lease runs out.
            LeaseLost(log, lease.ExecutionId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "No runs were claimed: {Reason}")]
    private static partial void NotClaimed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "The lease of run {ExecutionId} is lost; its work stops here.")]
    private static partial void LeaseLost(ILogger log, Guid executionId);

    [LoggerMessage(LogLevel.Error, "Run {ExecutionId} was left; it goes on when its lease has run out.")]
    private static partial void NotExecuted(ILogger log, Guid executionId, Exception error);
}
