using System.Diagnostics;
using System.Threading.Channels;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// The one writer of a worker: commits of all its runs are gathered while the last round trip is under way and written in one
/// batch and one transaction (group commit). A full queue holds back whoever writes: back-pressure from the disk.
/// </summary>
public sealed partial class RunJournal(NpgsqlDataSource source, TimeProvider time, ILogger<RunJournal> log) : BackgroundService
{
    private const int QueueLength = 256;
    private const int BatchLength = 64;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private static readonly ActivitySource Source = new("Lekhika.Persistence");

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    // Only the one reader counts.
    private long _count;

    /// <summary>
    /// Makes a commit durable. The outer task ends when there is room in the queue, the inner one when the commit is on disk:
    /// true, or false when another worker owns the run and nothing was written.
    /// </summary>
    public async Task<Task<bool>> EnqueueAsync(RunCommit commit, CancellationToken cancellationToken)
    {
        var pending = new Pending(commit);
        await _queue.Writer.WriteAsync(pending, cancellationToken);
        return pending.Durable.Task;
    }

    /// <summary>Makes a commit durable and waits for it.</summary>
    public async Task<bool> CommitAsync(RunCommit commit, CancellationToken cancellationToken) => await await EnqueueAsync(commit, cancellationToken);

    /// <summary>Ends after what is queued has been written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Pending>(BatchLength);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (group.Count < BatchLength && _queue.Reader.TryRead(out var pending))
            {
                pending.Number = ((long)pending.Commit.Lease.Attempt << 40) + ++_count;
                group.Add(pending);
            }

            await WriteAsync(group, uncertain: false);
            group.Clear();
        }
    }

    private async Task WriteAsync(List<Pending> group, bool uncertain)
    {
        // Rows are locked in id order, so that writers of several runs cannot wait for each other in a circle. The sort is
        // stable: commits of one run keep their order.
        var ordered = group.OrderBy(pending => pending.Commit.Lease.ExecutionId).ToList();
        using var span = StartSpan(ordered);
        while (true)
        {
            try
            {
                var written = await WriteOnceAsync(ordered);
                for (var i = 0; i < ordered.Count; i++)
                {
                    // After a broken connection the first try may have been committed all the same, now or while it was sent
                    // again: the commit's number has kept it from being written twice.
                    var owned = written[i] || (uncertain && await IsThereAsync(ordered[i]));
                    ordered[i].Durable.TrySetResult(owned);
                }

                return;
            }
            catch (Exception error) when (DatabaseFaults.IsAway(error))
            {
                uncertain = true;
                Unreachable(log, error.Message);
                await Task.Delay(RetryDelay, time);
            }
            catch (Exception) when (ordered.Count > 1)
            {
                // One bad commit must not fail its neighbours.
                foreach (var pending in ordered)
                {
                    await WriteAsync([pending], uncertain);
                }

                return;
            }
            catch (Exception error)
            {
                ordered[0].Durable.TrySetException(error);
                return;
            }
        }
    }

    /// <summary>One span for one round trip: it hangs below the first commit's run and links to the others'.</summary>
    private static Activity? StartSpan(List<Pending> group) => Source.StartActivity(
        ActivityKind.Internal, group[0].Context, [new("lekhika.commits", group.Count)], group.Skip(1).Select(pending => new ActivityLink(pending.Context)), name: "commit");

    private async Task<bool[]> WriteOnceAsync(List<Pending> ordered)
    {
        await using var batch = source.CreateBatch();
        Guid? tenant = null;
        foreach (var pending in ordered)
        {
            if (tenant != pending.Commit.Lease.UserId)
            {
                tenant = pending.Commit.Lease.UserId;
                batch.BatchCommands.Add(TenantBatch.Tenant(tenant.Value));
            }

            batch.BatchCommands.Add(RunCommitSql.Command(pending.Commit, pending.Number));
        }

        // The transaction is committed when the last statement's answer has come, so results count after the whole batch is read.
        var written = new bool[ordered.Count];
        tenant = null;
        await using var reader = await batch.ExecuteReaderAsync();
        for (var i = 0; i < ordered.Count; i++)
        {
            if (tenant != ordered[i].Commit.Lease.UserId)
            {
                tenant = ordered[i].Commit.Lease.UserId;
                await reader.NextResultAsync();
            }

            written[i] = await reader.ReadAsync();
            await reader.NextResultAsync();
        }

        return written;
    }

    private async Task<bool> IsThereAsync(Pending pending)
    {
        var (lease, output) = (pending.Commit.Lease, pending.Commit.Output);
        await using var batch = new TenantDatabase(source).For(lease.UserId);
        var found = await batch.Add("""
            SELECT e.attempt = $2 AND e.last_commit >= $3 AND ($4 IS NULL OR EXISTS (
                SELECT FROM node_outputs o WHERE o.execution_id = $1 AND o.attempt = $2 AND o.node_id = $4 AND o.item = $5 AND o.generation = $6))
            FROM engine_executions e WHERE e.id = $1
            """,
            Sql.Value(lease.ExecutionId),
            Sql.Value(lease.Attempt),
            Sql.Value(pending.Number),
            Sql.OrNull(output?.Step.NodeId, NpgsqlTypes.NpgsqlDbType.Text),
            Sql.OrNull(output?.Step.Item, NpgsqlTypes.NpgsqlDbType.Integer),
            Sql.OrNull(output?.Step.Generation, NpgsqlTypes.NpgsqlDbType.Integer))
            .ListAsync(reader => reader.GetBoolean(0), CancellationToken.None);
        return found is [true];
    }

    [LoggerMessage(LogLevel.Warning, "The database does not take commits ({Reason}); they are kept and tried again.")]
    private static partial void Unreachable(ILogger log, string reason);

    private sealed record Pending(RunCommit Commit)
    {
        public ActivityContext Context { get; } = Activity.Current?.Context ?? default;

        public long Number { get; set; }

        public TaskCompletionSource<bool> Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
