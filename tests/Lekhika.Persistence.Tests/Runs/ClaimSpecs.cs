using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Testing.Runs;

namespace Lekhika.Persistence.Tests.Runs;

public sealed class ClaimSpecs : IAsyncLifetime
{
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task Each_of_many_runs_is_claimed_by_one_of_many_claimers()
    {
        var first = await QueuedRun.InsertAsync(_stores.Database);
        await CopyAsync(first, 199);
        await _stores.Database.ExecuteAsync("UPDATE levels SET max_running = 1000");

        var claimed = await Task.WhenAll(Enumerable.Range(1, 8).Select(async worker =>
        {
            var mine = new List<RunLease>();
            while (true)
            {
                var some = await _stores.ClaimAsync($"worker-{worker}", 1 + (worker % 4), Stores.Lease);
                some.Count.ShouldBeLessThanOrEqualTo(1 + (worker % 4));
                mine.AddRange(some);
                // A claim may find nothing while others hold the rest: only the queue says that it is empty.
                if (some.Count == 0 && await _stores.Database.AskAsync<bool>("SELECT NOT EXISTS (SELECT FROM engine_executions WHERE status = 'queued')"))
                {
                    return mine;
                }
            }
        }));

        var all = claimed.SelectMany(leases => leases).ToList();
        all.Count.ShouldBe(200);
        all.Select(lease => lease.ExecutionId).ShouldBeUnique();
        all.ShouldAllBe(lease => lease.Attempt == 1 && lease.UserId == first.UserId);
        (await _stores.Database.AskAsync<long>("SELECT count(*) FROM execution_events WHERE type = 'run.claimed' AND seq = 2")).ShouldBe(200);
        (await _stores.Database.AskAsync<long>("SELECT count(*) FROM engine_executions WHERE last_seq <> 2 OR lease_until IS NULL")).ShouldBe(0);
    }

    [Fact]
    public async Task Higher_priority_comes_first_then_age()
    {
        var runs = new List<QueuedRun>();
        foreach (var (priority, age) in new[] { (0, 1), (0, 5), (3, 1), (-2, 9), (3, 2) })
        {
            runs.Add(await QueuedRun.InsertAsync(_stores.Database));
            await _stores.Database.ExecuteAsync("UPDATE engine_executions SET priority = $2, queued_at = now() - $3 * interval '1 minute' WHERE id = $1", runs[^1].Id, priority, age);
        }

        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var id = (await _stores.ClaimOneAsync()).ExecutionId;
            order.Add(runs.FindIndex(run => run.Id == id));
        }

        order.ShouldBe([4, 2, 1, 0, 3]);
        (await _stores.ClaimAsync("w", 5, Stores.Lease)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("running")]
    [InlineData("stopping")]
    public async Task A_run_whose_lease_has_passed_is_taken_over_before_others_and_keeps_its_state(string status)
    {
        var (run, lease) = await _stores.RunningAsync();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = $2 WHERE id = $1", run.Id, status);
        await QueuedRun.InsertAsync(_stores.Database);
        await ExpireAsync(run);

        var taken = (await _stores.ClaimAsync("worker-2", 1, Stores.Lease)).ShouldHaveSingleItem();

        taken.ShouldBe(lease with { Attempt = 2 });
        (await run.AskAsync<string>("SELECT status || ' ' || lease_owner || ' ' || (lease_until > now()) FROM engine_executions WHERE id = $1")).ShouldBe($"{status} worker-2 true");
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.claimed", "run.claimed"]);
        (await run.AskAsync<string>("SELECT data->>'worker' || ' ' || (data->>'attempt') || ' ' || (data->>'takeover') FROM execution_events WHERE execution_id = $1 AND seq = 3")).ShouldBe("worker-2 2 true");
        (await run.AskAsync<string>("SELECT data->>'takeover' FROM execution_events WHERE execution_id = $1 AND seq = 2")).ShouldBe("false");
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("exporting")]
    [InlineData("completed")]
    [InlineData("stopped")]
    [InlineData("failed")]
    public async Task A_run_in_another_state_is_left_alone(string status)
    {
        var run = await QueuedRun.InsertAsync(_stores.Database);
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = $2 WHERE id = $1", run.Id, status);

        (await _stores.ClaimAsync("w", 5, Stores.Lease)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_brings_what_new_runs_are_and_leaves_others_to_be_read()
    {
        var (taken, lease) = await _stores.RunningAsync();
        await ExpireAsync(taken);
        var unreadable = await QueuedRun.InsertAsync(_stores.Database);
        await _stores.Database.ExecuteAsync("UPDATE execution_inputs SET brief = '{\"title\": []}' WHERE execution_id = $1", unreadable.Id);
        QueuedRun[] fresh = [await QueuedRun.InsertAsync(_stores.Database), await QueuedRun.InsertAsync(_stores.Database, formats: ["epub"])];

        var claimed = (await _stores.Queue.ClaimAsync("w", 10, Stores.Lease, CancellationToken.None)).ToDictionary(run => run.Lease.ExecutionId);

        claimed.Count.ShouldBe(4);
        claimed[taken.Id].ShouldBe(new ClaimedRun(lease with { Attempt = 2 }, null), "what the first attempt has done is yet to be read");
        claimed[unreadable.Id].Snapshot.ShouldBeNull();
        foreach (var run in fresh)
        {
            claimed[run.Id].Lease.ShouldBe(new RunLease(run.Id, run.UserId, 1));
            claimed[run.Id].Snapshot.ShouldNotBeNull().Brief.ShouldBeEquivalentTo(run.Brief);
        }

        claimed[fresh[1].Id].Snapshot!.Formats.ShouldBe([Lekhika.Core.Exports.ExportFormat.Epub]);
        (await _stores.Queue.ClaimAsync("w", 10, Stores.Lease, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Renewing_answers_the_leases_that_are_lost()
    {
        var (kept, keptLease) = await _stores.RunningAsync();
        var (taken, takenLease) = await _stores.RunningAsync();
        var (ended, endedLease) = await _stores.RunningAsync();
        await ExpireAsync(taken);
        await _stores.ClaimOneAsync();
        (await _stores.CommitAsync(Stores.Event(endedLease, JournalEventTypes.RunFailed) with { Command = RunCommand.Fail })).ShouldBeTrue();
        var foreign = keptLease with { UserId = takenLease.UserId };

        var lost = await _stores.Queue.RenewAsync([keptLease, takenLease, endedLease], TimeSpan.FromHours(1), CancellationToken.None);

        lost.ShouldBe([takenLease, endedLease], ignoreOrder: true);
        (await kept.AskAsync<bool>("SELECT lease_until > now() + interval '50 minutes' FROM engine_executions WHERE id = $1")).ShouldBeTrue();
        (await taken.AskAsync<bool>("SELECT lease_until > now() + interval '50 minutes' FROM engine_executions WHERE id = $1")).ShouldBeFalse();
        (await ended.AskAsync<bool>("SELECT lease_until IS NULL FROM engine_executions WHERE id = $1")).ShouldBeTrue();
        (await _stores.Queue.RenewAsync([foreign], Stores.Lease, CancellationToken.None)).ShouldBe([foreign]);
        (await _stores.Queue.RenewAsync([], Stores.Lease, CancellationToken.None)).ShouldBeEmpty();
    }

    private Task ExpireAsync(QueuedRun run) => _stores.Database.ExecuteAsync("UPDATE engine_executions SET lease_until = now() - interval '1 second' WHERE id = $1", run.Id);

    private Task CopyAsync(QueuedRun run, int count) => _stores.Database.ExecuteAsync("""
        WITH copies AS (
            INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats, last_seq)
            SELECT gen_random_uuid(), user_id, user_engine_id, workflow_version_id, title, formats, 1 FROM engine_executions, generate_series(1, $2) WHERE id = $1
            RETURNING id, user_id
        )
        INSERT INTO execution_events (execution_id, seq, user_id, type) SELECT id, 1, user_id, 'run.submitted' FROM copies
        """, run.Id, count);
}
