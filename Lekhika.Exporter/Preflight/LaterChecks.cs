using System.Threading.Channels;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Persistence.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>
/// Checks that take longer than the making, after the file was delivered: one at a time, and few that wait, since each holds its file in memory. What is too much,
/// or left when the exporter ends, is told as not checked.
/// </summary>
internal sealed partial class LaterChecks(PreflightChecks checks, PreflightStore store, ILogger<LaterChecks> log) : BackgroundService
{
    private const int MostWaiting = 16;

    private readonly Channel<LaterCheck> _waiting = Channel.CreateBounded<LaterCheck>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Completes a report later, or gives it up at once when too many wait.</summary>
    public async Task CompleteAsync(ExportLease lease, CheckedFile file, PreflightReport report, CancellationToken cancellationToken)
    {
        if (!_waiting.Writer.TryWrite(new(lease, file, report)))
        {
            await store.CompleteAsync(lease, PreflightChecks.GivenUp(report), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var check in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                await CheckAsync(check, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var left))
            {
                await StoreAsync(left, PreflightChecks.GivenUp(left.Report));
            }
        }
    }

    private async Task CheckAsync(LaterCheck check, CancellationToken stoppingToken)
    {
        PreflightReport report;
        try
        {
            report = await checks.CompleteAsync(check.File, check.Report, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            report = PreflightChecks.GivenUp(check.Report);
        }

        await StoreAsync(check, report);
    }

    private async Task StoreAsync(LaterCheck check, PreflightReport report)
    {
        try
        {
            await store.CompleteAsync(check.Lease, report, CancellationToken.None);
        }
        catch (Exception error)
        {
            NotStored(log, check.Lease.JobId, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The report of export job {JobId} was not completed: {Reason}")]
    private static partial void NotStored(ILogger log, Guid jobId, string reason);

    private sealed record LaterCheck(ExportLease Lease, CheckedFile File, PreflightReport Report);
}
