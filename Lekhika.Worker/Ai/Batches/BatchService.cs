using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// The batch lane's clockwork, in every worker: gathers what waits into batches, sees to those that are due, and has runs go on whose calls are all known. Doors
/// and leases let only one worker do each.
/// </summary>
internal sealed partial class BatchService(
    BatchStore store, BatchDesk desk, WakeUpSignals signals, IOptions<BatchOptions> options, IOptions<WorkerOptions> worker, TimeProvider time, ILogger<BatchService> log) : BackgroundService
{
    /// <summary>Batches that one worker sees to at once.</summary>
    private const int AtOnce = 16;

    private readonly List<Task> _tending = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await TickAsync(stoppingToken);
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(log, error.Message);
                }
            }
        }
        finally
        {
            await Task.WhenAll(_tending);
        }
    }

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        await store.GatherAsync(settings.Patience, settings.MostCalls, settings.MostBytes, stoppingToken);
        _tending.RemoveAll(task => task.IsCompleted);
        if (_tending.Count < AtOnce)
        {
            _tending.AddRange((await store.ClaimAsync(worker.Value.Name, AtOnce - _tending.Count, settings.Lease, stoppingToken)).Select(lease => TendAsync(lease, stoppingToken)));
        }

        if (await store.WakeAsync(stoppingToken) > 0)
        {
            signals.Send(WakeUpTopic.Runs);
        }
    }

    /// <summary>Ends well whatever happens: the lease runs out, and somebody claims it again.</summary>
    private async Task TendAsync(BatchLease lease, CancellationToken stoppingToken)
    {
        try
        {
            await desk.TendAsync(lease, stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            Left(log, lease.BatchId, error);
        }
        catch
        {
            await HandBackAsync(lease);
        }
    }

    private async Task HandBackAsync(BatchLease lease)
    {
        try
        {
            await desk.HandBackAsync(lease);
        }
        catch (Exception error)
        {
            // The lease runs out by itself.
            Left(log, lease.BatchId, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The batches were not seen to: {Reason}")]
    private static partial void Failed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId} was left; somebody sees to it when the lease has run out.")]
    private static partial void Left(ILogger log, Guid batchId, Exception error);
}
