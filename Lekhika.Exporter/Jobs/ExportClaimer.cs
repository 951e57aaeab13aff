using System.Threading.Channels;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Claims export jobs while there is room, keeps their leases alive while they are rendered, and hands them back on shutdown.</summary>
internal sealed partial class ExportClaimer(
    ExportQueue queue, ExportRunner runner, WakeUpSignals signals, IOptions<ExporterOptions> options, TimeProvider time, ILogger<ExportClaimer> log) : BackgroundService
{
    private readonly WakeUp _wakeUp = new();
    private int _active;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        var claimed = Channel.CreateBounded<ExportLease>(new BoundedChannelOptions(settings.Concurrency) { SingleWriter = true });
        var listening = signals.ListenAsync(WakeUpTopic.Exports, _wakeUp.Ring, stoppingToken);
        var workers = Enumerable.Range(0, settings.Concurrency).Select(_ => WorkAsync(claimed.Reader, settings, stoppingToken)).ToArray();
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

    private async Task ClaimAsync(ChannelWriter<ExportLease> claimed, ExporterOptions settings, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var room = settings.Concurrency - Volatile.Read(ref _active);
            var taken = 0;
            if (room > 0)
            {
                try
                {
                    foreach (var lease in await queue.ClaimAsync(settings.Name, room, settings.Lease, stoppingToken))
                    {
                        Interlocked.Increment(ref _active);
                        await claimed.WriteAsync(lease, CancellationToken.None);
                        taken++;
                    }
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it was, the next poll asks again: an exporter that claims no more would be worse than a line in the log.
                    NotClaimed(log, error.Message);
                }
            }

            if (taken < room || room == 0)
            {
                await _wakeUp.WaitAsync(settings.Poll, stoppingToken);
            }
        }
    }

    private async Task WorkAsync(ChannelReader<ExportLease> claimed, ExporterOptions settings, CancellationToken stoppingToken)
    {
        await foreach (var lease in claimed.ReadAllAsync(CancellationToken.None))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var renewing = RenewAsync(lease, settings.Lease, end);
            try
            {
                await runner.RunAsync(lease, end.Token);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await HandBackAsync(lease);
            }
            catch (OperationCanceledException)
            {
                LeaseLost(log, lease.JobId);
            }
            catch (Exception error)
            {
                // The lease runs out and the job is taken over.
                NotMade(log, lease.JobId, error);
            }
            finally
            {
                await end.CancelAsync();
                await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Decrement(ref _active);
                _wakeUp.Ring();
            }
        }
    }

    private async Task RenewAsync(ExportLease held, TimeSpan lease, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(lease / 3, time);
        while (await timer.WaitForNextTickAsync(end.Token))
        {
            try
            {
                if (!await queue.RenewAsync(held, lease, end.Token))
                {
                    await end.CancelAsync();
                }
            }
            catch (Exception error) when (!end.IsCancellationRequested)
            {
                NotClaimed(log, error.Message);
            }
        }
    }

    private async Task HandBackAsync(ExportLease lease)
    {
        try
        {
            await queue.HandBackAsync(lease, CancellationToken.None);
            signals.Send(WakeUpTopic.Exports);
        }
        catch (Exception error) when (DatabaseFaults.IsAway(error))
        {
            NotMade(log, lease.JobId, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue of export jobs was not reached: {Reason}")]
    private static partial void NotClaimed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "The lease of export job {JobId} is lost; its work stops here.")]
    private static partial void LeaseLost(ILogger log, Guid jobId);

    [LoggerMessage(LogLevel.Error, "Export job {JobId} was left; it goes on when its lease has run out.")]
    private static partial void NotMade(ILogger log, Guid jobId, Exception error);
}
