using Lekhika.Exporter.Preflight;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Storage;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Retention;

/// <summary>One look at all files: removes the old ones, and the objects that no file needs, and gives up reports whose exporter was killed.</summary>
internal sealed partial class RetentionSweep(RetentionStore store, PreflightStore reports, IOptions<RetentionOptions> options, ILogger<RetentionSweep> log)
{
    private const int AtOnce = 100;

    // Longer than what waits for its check usually waits; a check that comes later finds the report complete, and leaves it.
    private static readonly TimeSpan Unfinished = TimeSpan.FromMinutes(30);

    /// <summary>What was done; null when another process sweeps.</summary>
    public async Task<Swept?> RunAsync(CancellationToken cancellationToken)
    {
        await using var right = await store.TryLockAsync(cancellationToken);
        if (right is null)
        {
            return null;
        }

        var given = await GiveUpReportsAsync(cancellationToken);
        var swept = new Swept(await RemoveFilesAsync(cancellationToken), await RemoveObjectsAsync(cancellationToken), given);
        if (swept is not (0, 0, 0))
        {
            Removed(log, swept.Files, swept.Objects, swept.Reports);
        }

        return swept;
    }

    private async Task<int> GiveUpReportsAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        IReadOnlyList<UnfinishedReport> unfinished;
        do
        {
            unfinished = await store.UnfinishedReportsAsync(Unfinished, AtOnce, cancellationToken);
            foreach (var (jobId, userId) in unfinished)
            {
                if (await reports.UnfinishedAsync(userId, jobId, cancellationToken) is { } report)
                {
                    await reports.CompleteAsync(userId, jobId, PreflightChecks.GivenUp(report), cancellationToken);
                    all++;
                }
            }
        }
        while (unfinished.Count == AtOnce);

        return all;
    }

    private async Task<int> RemoveFilesAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        int removed;
        do
        {
            removed = await store.RemoveFilesAsync(TimeSpan.FromDays(options.Value.Days), options.Value.Newest, AtOnce, cancellationToken);
            all += removed;
        }
        while (removed == AtOnce);

        return all;
    }

    private async Task<int> RemoveObjectsAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var last = Guid.Empty;
        while (await store.UselessObjectsAsync(TimeSpan.FromMinutes(options.Value.OrphanMinutes), last, AtOnce, cancellationToken) is { Count: > 0 } useless)
        {
            foreach (var one in useless)
            {
                try
                {
                    await store.RemoveAsync(one, cancellationToken);
                    removed++;
                }
                catch (StorageException error) when (error.IsAway)
                {
                    // The others would wait as long; the next sweep takes them.
                    NotRemoved(log, one.Id, error.Message);
                    return removed;
                }
                catch (StorageException error)
                {
                    NotRemoved(log, one.Id, error.Message);
                }
            }

            last = useless[^1].Id;
        }

        return removed;
    }

    [LoggerMessage(LogLevel.Information, "Old files removed: {Files}; objects that no file needs: {Objects}; reports given up: {Reports}.")]
    private static partial void Removed(ILogger log, int files, int objects, int reports);

    [LoggerMessage(LogLevel.Warning, "The object {ObjectId} is not removed yet. {Reason}")]
    private static partial void NotRemoved(ILogger log, Guid objectId, string reason);
}

/// <summary>What a sweep has removed, and how many reports it has given up.</summary>
internal sealed record Swept(int Files, int Objects, int Reports = 0);
