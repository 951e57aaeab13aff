using System.Diagnostics;
using System.Threading.Channels;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// The writer of a worker: commits of its runs are gathered while the last round trip is under way and written in one
/// batch and one transaction (group commit). A full queue holds back whoever writes: back-pressure from the disk. Commits of one run
/// are written in their order, and none of them after one that the database refused. Runs are dealt out to two lanes, so that the server
/// writes one group while the next is made ready.
/// </summary>
public sealed partial class RunJournal(NpgsqlDataSource source, TimeProvider time, ILogger<RunJournal> log, LiveSignals? live = null) : BackgroundService
{
    private const int Lanes = 2;
    private const int QueueLength = 128;
    private const int BatchLength = 128;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private static readonly ActivitySource Source = new("Lekhika.Persistence");

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane())];

    /// <summary>
    /// Makes a commit durable. The outer task ends when there is room in the queue, the inner one when the commit is on disk:
    /// true, or false when nothing was written, because another worker owns the run or its state does not allow the transition.
    /// </summary>
    /// <param name="context">The span that the commit belongs to; the current one when absent.</param>
    public async Task<Task<bool>> EnqueueAsync(RunCommit commit, CancellationToken cancellationToken, ActivityContext? context = null)
    {
        var pending = new Pending(commit, context ?? Activity.Current?.Context ?? default);
        await _lanes[(uint)commit.Lease.ExecutionId.GetHashCode() % Lanes].Queue.Writer.WriteAsync(pending, cancellationToken);
        return pending.Durable.Task;
    }

    /// <summary>Makes a commit durable and waits for it.</summary>
    public async Task<bool> CommitAsync(RunCommit commit, CancellationToken cancellationToken) => await await EnqueueAsync(commit, cancellationToken);

    /// <summary>Ends after what is queued has been written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes)
        {
            lane.Queue.Writer.TryComplete();
        }

        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_lanes.Select(WriteAsync));

    private async Task WriteAsync(Lane lane)
    {
        var group = new List<Pending>(BatchLength);
        while (await lane.Queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (group.Count < BatchLength && lane.Queue.Reader.TryRead(out var pending))
            {
                pending.Number = ((long)pending.Commit.Lease.Attempt << 40) + ++lane.Count;
                if (!lane.IsRefused(pending))
                {
                    group.Add(pending);
                }
            }

            if (group.Count > 0)
            {
                await WriteAsync(lane, [.. group], uncertain: false);
                group.Clear();
            }
        }
    }

    private async Task WriteAsync(Lane lane, IReadOnlyList<Pending> group, bool uncertain)
    {
        using var span = StartSpan(group);
        while (true)
        {
            try
            {
                var written = await WriteOnceAsync(group);
                foreach (var pending in group)
                {
                    // After a broken connection the first try may have been committed all the same, now or while it was sent
                    // again: the commit's number has kept it from being written twice.
                    pending.Durable.TrySetResult(written.Contains(pending) || (uncertain && await IsThereAsync(pending)));
                    if (pending.Commit.Command is not null)
                    {
                        lane.Broken.Remove(pending.Commit.Lease);
                    }
                }

                foreach (var run in written.Select(pending => pending.Commit.Lease.ExecutionId).Distinct())
                {
                    live?.Changed(run);
                }

                return;
            }
            catch (Exception error) when (DatabaseFaults.IsAway(error))
            {
                uncertain = true;
                Unreachable(log, error.Message);
                await Task.Delay(RetryDelay, time);
            }
            catch (Exception) when (group.Count > 1)
            {
                // One bad commit must not fail its neighbours.
                foreach (var pending in group)
                {
                    if (!lane.IsRefused(pending))
                    {
                        await WriteAsync(lane, [pending], uncertain);
                    }
                }

                return;
            }
            catch (Exception error)
            {
                lane.Broken.Add(group[0].Commit.Lease);
                group[0].Durable.TrySetException(error);
                return;
            }
        }
    }

    /// <summary>One span for one round trip: it hangs below the first commit's run and links to the others'.</summary>
    private static Activity? StartSpan(IReadOnlyList<Pending> group) => Source.HasListeners()
        ? Source.StartActivity(
            ActivityKind.Internal, group[0].Context, [new("lekhika.commits", group.Count)],
            group.Skip(1).Select(pending => pending.Context).Distinct().Select(context => new ActivityLink(context)), name: "commit")
        : null;

    /// <summary>Whose runs they are, one statement for all finished steps, one for all transitions. Answers what was written.</summary>
    private async Task<HashSet<Pending>> WriteOnceAsync(IReadOnlyList<Pending> group)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantBatch.Tenants(group.Select(pending => pending.Commit.Lease.UserId)));
        var answers = new List<IReadOnlyList<Pending>>();
        var ordered = group.OrderBy(pending => pending.Commit.Lease.ExecutionId).ToLookup(pending => pending.Commit.Command is null);
        // Two attempts of one run, in the rare moment of a takeover from oneself, cannot be one part.
        foreach (var steps in Rounds(ordered[true], run => run.GroupBy(pending => pending.Commit.Lease.Attempt).OrderBy(attempt => attempt.Key)))
        {
            batch.BatchCommands.Add(StepCommitSql.Command([.. steps.Select(pending => pending.Numbered)]));
            answers.Add(steps);
        }

        foreach (var transitions in Rounds(ordered[false], run => run.Select(pending => new[] { pending })))
        {
            batch.BatchCommands.Add(TransitionSql.Command([.. transitions.Select(pending => pending.Numbered)]));
            answers.Add(transitions);
        }

        // The transaction is committed when the last statement's answer has come, so results count after the whole batch is read.
        var written = new HashSet<Pending>();
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        foreach (var answer in answers)
        {
            var runs = (await reader.RowsAsync(row => row.GetGuid(0), CancellationToken.None)).ToHashSet();
            written.UnionWith(answer.Where(pending => runs.Contains(pending.Commit.Lease.ExecutionId)));
        }

        return written;
    }

    /// <summary>The first part of every run, then the second of those that have one, and so on.</summary>
    private static IEnumerable<IReadOnlyList<Pending>> Rounds(IEnumerable<Pending> ordered, Func<IEnumerable<Pending>, IEnumerable<IEnumerable<Pending>>> parts) => ordered
        .GroupBy(pending => pending.Commit.Lease.ExecutionId)
        .SelectMany(run => parts(run).Select((part, round) => (round, part)))
        .GroupBy(part => part.round, part => part.part)
        .Select(round => round.SelectMany(part => part).ToList());

    private async Task<bool> IsThereAsync(Pending pending)
    {
        var lease = pending.Commit.Lease;
        await using var batch = new TenantDatabase(source).For(lease.UserId);
        var found = await batch.Add("SELECT e.attempt = $2 AND e.last_commit >= $3 FROM engine_executions e WHERE e.id = $1",
                Sql.Value(lease.ExecutionId), Sql.Value(lease.Attempt), Sql.Value(pending.Number))
            .ListAsync(reader => reader.GetBoolean(0), CancellationToken.None);
        return found is [true];
    }

    [LoggerMessage(LogLevel.Warning, "The database does not take commits ({Reason}); they are kept and tried again.")]
    private static partial void Unreachable(ILogger log, string reason);

    /// <summary>A part of the runs, with a queue and a connection at a time of its own. Only its one reader looks and counts.</summary>
    private sealed class Lane
    {
        public Channel<Pending> Queue { get; } = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

        /// <summary>Leases of which a commit was refused: what follows it would leave a gap.</summary>
        public HashSet<RunLease> Broken { get; } = [];

        /// <summary>Commits so far.</summary>
        public long Count { get; set; }

        /// <summary>After a commit that was refused a run may only end or be given back.</summary>
        public bool IsRefused(Pending pending)
        {
            var isRefused = Broken.Contains(pending.Commit.Lease) && pending.Commit.Command is not (RunCommand.Fail or RunCommand.EndStop or RunCommand.HandBack);
            if (isRefused)
            {
                pending.Durable.TrySetException(new InvalidOperationException("An earlier commit of this run was refused."));
            }

            return isRefused;
        }
    }

    private sealed class Pending(RunCommit commit, ActivityContext context)
    {
        public RunCommit Commit => commit;

        public ActivityContext Context => context;

        public long Number { get; set; }

        public NumberedCommit Numbered => new(commit, Number);

        public TaskCompletionSource<bool> Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
