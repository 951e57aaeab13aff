using System.Threading.Channels;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Persistence.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>
/// Checks of EPUBs that take longer than the making, after the file was delivered: one at a time. Each holds its file's bytes in memory, so few may wait, and of these
/// few megabytes; what is too much, or left when the exporter ends, is told as not checked.
/// </summary>
internal sealed partial class LaterChecks(PreflightChecks checks, PreflightStore store, ILogger<LaterChecks> log) : BackgroundService
{
    /// <summary>Most files at once, the one that is being checked included.</summary>
    public const int MostFiles = 16;

    /// <summary>Most bytes of all these files together.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    private readonly Channel<LaterCheck> _waiting = Channel.CreateUnbounded<LaterCheck>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private int _files;
    private long _bytes;

    /// <summary>Completes a report later, or gives it up at once when too much waits.</summary>
    public async Task CompleteAsync(ExportLease lease, byte[] epub, PreflightReport report, CancellationToken cancellationToken)
    {
        if (!TryHold(epub.Length))
        {
            await store.CompleteAsync(lease, PreflightChecks.GivenUp(report), cancellationToken);
        }
        else if (!_waiting.Writer.TryWrite(new(lease, epub, report)))
        {
            LetGo(epub.Length);
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

    private bool TryHold(int bytes)
    {
        lock (_gate)
        {
            if (_files == MostFiles || _bytes + bytes > MostBytes)
            {
                return false;
            }

            _files++;
            _bytes += bytes;
            return true;
        }
    }

    private void LetGo(int bytes)
    {
        lock (_gate)
        {
            _files--;
            _bytes -= bytes;
        }
    }

    private async Task CheckAsync(LaterCheck check, CancellationToken stoppingToken)
    {
        PreflightReport report;
        try
        {
            report = await checks.CompleteAsync(check.Epub, check.Report, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            report = PreflightChecks.GivenUp(check.Report);
        }
        finally
        {
            LetGo(check.Epub.Length);
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

    private sealed record LaterCheck(ExportLease Lease, byte[] Epub, PreflightReport Report);
}
