using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>Claims export jobs, and keeps their leases alive while they are rendered.</summary>
internal sealed partial class ExportClaimer(
    ExportQueue queue, ExportRunner runner, WakeUpSignals signals, IOptions<ExporterOptions> options, TimeProvider time, ILogger<ExportClaimer> log)
    : Claimer<ExportLease>(signals, WakeUpTopic.Exports, options.Value.Concurrency, options.Value.Poll, log)
{
    protected override Task<IReadOnlyList<ExportLease>> ClaimAsync(int most, CancellationToken cancellationToken) =>
        queue.ClaimAsync(options.Value.Name, most, options.Value.Lease, cancellationToken);

    protected override async Task WorkAsync(ExportLease lease, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewing = RenewAsync(lease, options.Value.Lease, end);
        try
        {
            await runner.RunAsync(lease, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    protected override Task HandBackAsync(ExportLease lease) => queue.HandBackAsync(lease, CancellationToken.None);

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
                NotRenewed(log, held.JobId, error.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lease of export job {JobId} was not renewed: {Reason}")]
    private static partial void NotRenewed(ILogger log, Guid jobId, string reason);
}
