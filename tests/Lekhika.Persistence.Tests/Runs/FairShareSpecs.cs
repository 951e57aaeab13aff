using Lekhika.Testing.Runs;

namespace Lekhika.Persistence.Tests.Runs;

/// <summary>Who comes next: priorities, shares between tenants, limits, concurrency keys.</summary>
public sealed class FairShareSpecs : IAsyncLifetime
{
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task A_tenant_with_many_runs_and_one_with_few_take_turns()
    {
        var many = await TenantAsync("starter", 20);
        await LaterAsync();
        var few = await TenantAsync("starter", 2);

        var order = await ClaimOneByOneAsync(6);

        order.ShouldBe([many, few, many, few, many, many]);
    }

    [Fact]
    public async Task Shares_follow_the_weight_of_the_level()
    {
        var starter = await TenantAsync("starter", 20);
        var enterprise = await TenantAsync("enterprise", 20);

        var order = await ClaimOneByOneAsync(10);

        order.Count(tenant => tenant == enterprise).ShouldBe(8, "weights 4 and 1");
        order.Count(tenant => tenant == starter).ShouldBe(2);
    }

    [Fact]
    public async Task One_claim_of_many_runs_is_as_fair_as_many_claims_of_one()
    {
        var many = await TenantAsync("starter", 20);
        var few = await TenantAsync("starter", 3);

        var leases = await _stores.ClaimAsync("w", 8, Stores.Lease);

        leases.Count(lease => lease.UserId == few).ShouldBe(3);
        leases.Count(lease => lease.UserId == many).ShouldBe(5);
    }

    [Fact]
    public async Task No_tenant_has_more_runs_under_way_than_his_level_allows_and_the_next_comes_when_one_has_ended()
    {
        await _stores.Database.ExecuteAsync("UPDATE levels SET max_running = 3 WHERE key = 'starter'");
        var tenant = await TenantAsync("starter", 6);

        var first = await _stores.ClaimAsync("w", 100, Stores.Lease);
        first.Count.ShouldBe(3);
        (await _stores.ClaimAsync("x", 100, Stores.Lease)).ShouldBeEmpty();

        (await _stores.CommitAsync(Stores.Event(first[0], "run.failed") with { Command = Core.Executions.RunCommand.Fail, Error = new("permanent", "No.") })).ShouldBeTrue();
        (await _stores.ClaimAsync("x", 100, Stores.Lease)).ShouldHaveSingleItem().UserId.ShouldBe(tenant);
    }

    [Fact]
    public async Task Priority_goes_before_shares_but_not_beyond_the_limit()
    {
        await _stores.Database.ExecuteAsync("UPDATE levels SET max_running = 2 WHERE key = 'starter'");
        var urgent = await TenantAsync("starter", 3);
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET priority = 5");
        var normal = await TenantAsync("pro", 3);

        (await ClaimOneByOneAsync(5)).ShouldBe([urgent, urgent, normal, normal, normal]);
    }

    [Fact]
    public async Task Of_runs_with_one_concurrency_key_one_works_at_a_time_and_others_pass_them()
    {
        var tenant = await TenantAsync("pro", 6);
        await _stores.Database.ExecuteAsync("""
            UPDATE engine_executions e SET concurrency_key = 'series' FROM (SELECT id FROM engine_executions ORDER BY queued_at, id LIMIT 4) k WHERE e.id = k.id
            """);

        var first = await _stores.ClaimAsync("w", 100, Stores.Lease);

        first.Count.ShouldBe(3, "one of the four with the key, and the two without");
        (await _stores.ClaimAsync("w", 100, Stores.Lease)).ShouldBeEmpty();
        var keyed = await KeyedAsync(first);
        (await _stores.CommitAsync(Stores.Event(keyed, "run.completed") with { Command = Core.Executions.RunCommand.Finish })).ShouldBeTrue();
        var next = (await _stores.ClaimAsync("w", 100, Stores.Lease)).ShouldHaveSingleItem();
        (await KeyedAsync([next])).ShouldBe(next);
        next.UserId.ShouldBe(tenant);
    }

    [Fact]
    public async Task The_same_key_of_two_tenants_is_two_keys()
    {
        await TenantAsync("pro", 1);
        await TenantAsync("pro", 1);
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET concurrency_key = 'series'");

        (await _stores.ClaimAsync("w", 10, Stores.Lease)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_paused_queue_gives_nothing_out_but_lost_runs_are_still_taken_over()
    {
        await TenantAsync("pro", 2);
        var lost = (await _stores.ClaimAsync("w", 1, TimeSpan.FromSeconds(-1))).ShouldHaveSingleItem();
        await _stores.Database.ExecuteAsync("UPDATE queue_controls SET paused = true");

        (await _stores.ClaimAsync("x", 10, Stores.Lease)).ShouldHaveSingleItem().ShouldBe(lost with { Attempt = 2 });
        await _stores.Database.ExecuteAsync("UPDATE queue_controls SET paused = false");
        (await _stores.ClaimAsync("x", 10, Stores.Lease)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_workers_that_claim_at_once_keep_limits_and_keys_exactly()
    {
        await _stores.Database.ExecuteAsync("UPDATE levels SET max_running = 5 WHERE key = 'starter'");
        List<Guid> tenants = [await TenantAsync("starter", 30), await TenantAsync("starter", 30), await TenantAsync("pro", 30)];
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET concurrency_key = 'one' WHERE user_id = $1", tenants[2]);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
            (await _stores.ClaimAsync($"w{worker}", 10, Stores.Lease)).Concat(await _stores.ClaimAsync($"w{worker}", 10, Stores.Lease)))));

        var all = claimed.SelectMany(leases => leases).ToList();
        all.Select(lease => lease.ExecutionId).ShouldBeUnique();
        tenants.Select(tenant => all.Count(lease => lease.UserId == tenant)).ShouldBe([5, 5, 1]);
    }

    /// <summary>A tenant with so many waiting runs, one after another.</summary>
    private async Task<Guid> TenantAsync(string level, int runs)
    {
        var first = await QueuedRun.InsertAsync(_stores.Database);
        await _stores.Database.ExecuteAsync("UPDATE users SET level_id = (SELECT id FROM levels WHERE key = $2) WHERE id = $1", first.UserId, level);
        await _stores.Database.ExecuteAsync("""
            INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats, last_seq, queued_at)
            SELECT gen_random_uuid(), user_id, user_engine_id, workflow_version_id, title, formats, 1, queued_at + n * interval '1 millisecond'
            FROM engine_executions, generate_series(1, $2 - 1) n WHERE id = $1
            """, first.Id, runs);
        return first.UserId;
    }

    /// <summary>What was queued so far was queued a minute ago.</summary>
    private Task LaterAsync() => _stores.Database.ExecuteAsync("UPDATE engine_executions SET queued_at = queued_at - interval '1 minute'");

    private async Task<List<Guid>> ClaimOneByOneAsync(int count)
    {
        var order = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            order.Add((await _stores.ClaimOneAsync()).UserId);
        }

        return order;
    }

    private async Task<Persistence.Runs.RunLease> KeyedAsync(IReadOnlyList<Persistence.Runs.RunLease> leases)
    {
        foreach (var lease in leases)
        {
            if (await _stores.Database.AskAsync<string>("SELECT concurrency_key FROM engine_executions WHERE id = $1", lease.ExecutionId) is not null)
            {
                return lease;
            }
        }

        throw new InvalidOperationException("None of the runs has a key.");
    }
}
