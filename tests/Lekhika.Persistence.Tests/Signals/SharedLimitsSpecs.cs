using System.Diagnostics;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Servers;

namespace Lekhika.Persistence.Tests.Signals;

/// <summary>Limits that hold over all processes, here over connections that know nothing of each other.</summary>
public sealed class SharedLimitsSpecs : IAsyncLifetime
{
    private const string Key = "openai:quill-1";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private readonly List<LimitsConnection> _connections = [];
    private TestRedis _redis = null!;

    public async Task InitializeAsync() => _redis = await TestRedis.CreateAsync();

    public Task DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Three_connections_together_begin_no_more_requests_in_any_window_than_one_may()
    {
        var limits = new ModelLimits(null, 20, null);
        var calls = await HammerAsync(limits, 120, hold: TimeSpan.Zero);

        calls.Count.ShouldBe(120);
        calls.MostInAnyWindow(Short).ShouldBe(20);
    }

    [Fact]
    public async Task Three_connections_together_have_no_more_calls_at_once_than_one_may()
    {
        var calls = await HammerAsync(new ModelLimits(5, null, null), 90, hold: TimeSpan.FromMilliseconds(15));

        calls.MostAtOnce().ShouldBe(5);
    }

    [Fact]
    public async Task What_cannot_be_taken_whole_takes_nothing()
    {
        var limits = new ModelLimits(1, 2, 100);
        var shared = Connect(TimeSpan.FromMinutes(1));
        var first = await GrantedAsync(shared, limits, 10);
        for (var refused = 0; refused < 5; refused++)
        {
            (await shared.TryTakeAsync(Key, limits, 10, default)).ShouldBe(new LimitAnswer.Wait(TimeSpan.Zero), "nobody knows when a call ends");
        }

        await shared.ReleaseAsync(first, null);
        await shared.ReleaseAsync(await GrantedAsync(shared, limits, 10), null);
        (await WaitAsync(shared, limits, 10)).ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(1));
        (await shared.TryTakeAsync(Key, limits with { Requests = null }, 80, default)).ShouldBeOfType<LimitAnswer.Granted>("80 of 100 tokens are left: refused calls took none");
    }

    [Fact]
    public async Task Tokens_that_were_not_used_are_free_at_once()
    {
        var limits = new ModelLimits(null, null, 1_000);
        var shared = Connect(TimeSpan.FromMinutes(1));
        var first = await GrantedAsync(shared, limits, 600);
        (await WaitAsync(shared, limits, 600)).ShouldBeGreaterThan(TimeSpan.FromSeconds(50));

        await shared.ReleaseAsync(first, 400);

        await GrantedAsync(shared, limits, 600);
        await WaitAsync(shared, limits, 1);
    }

    [Fact]
    public async Task Tokens_beyond_the_estimate_make_the_next_call_wait()
    {
        var limits = new ModelLimits(null, null, 1_000);
        var shared = Connect(TimeSpan.FromMinutes(1));
        var first = await GrantedAsync(shared, limits, 100);
        await shared.ReleaseAsync(first, 1_500);

        (await WaitAsync(shared, limits, 1)).ShouldBeGreaterThan(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Tokens_are_free_again_when_their_window_has_passed()
    {
        var limits = new ModelLimits(null, null, 100);
        var shared = Connect(Short);
        var first = await GrantedAsync(shared, limits, 60);
        var second = await GrantedAsync(shared, limits, 40);

        var wait = await WaitAsync(shared, limits, 60);
        LimitAnswer answer = new LimitAnswer.Wait(wait);
        await Eventually.TrueAsync(async () => (answer = await shared.TryTakeAsync(Key, limits, 60, default)) is LimitAnswer.Granted, "the window's end");

        var third = ((LimitAnswer.Granted)answer).Grant;
        (third.At - first.At).ShouldBeGreaterThanOrEqualTo(Short);
        second.At.ShouldBeLessThan(third.At);
    }

    [Fact]
    public async Task A_call_that_wants_more_than_all_tokens_waits_for_an_empty_window_and_takes_it_whole()
    {
        var limits = new ModelLimits(null, null, 100);
        var shared = Connect(TimeSpan.FromMinutes(1));
        (await GrantedAsync(shared, limits, 5_000)).Tokens.ShouldBe(100);

        await WaitAsync(shared, limits, 1);
    }

    [Fact]
    public async Task A_lease_that_nobody_renews_vanishes_and_one_that_is_renewed_stays()
    {
        var limits = new ModelLimits(2, null, null);
        var shared = Connect(TimeSpan.FromMinutes(1), lease: Short);
        var kept = await GrantedAsync(shared, limits, 0);
        await GrantedAsync(shared, limits, 0);
        await WaitAsync(shared, limits, 0);

        await Eventually.TrueAsync(
            async () =>
            {
                await shared.RenewAsync(kept, default);
                return await shared.TryTakeAsync(Key, limits, 0, default) is LimitAnswer.Granted;
            },
            "the lease's end");
        await shared.RenewAsync(kept, default);

        await WaitAsync(shared, limits, 0);
    }

    [Fact]
    public async Task The_process_that_was_refused_first_has_the_place_that_is_given_back()
    {
        var limits = new ModelLimits(1, null, null);
        var (holder, other) = (Connect(TimeSpan.FromMinutes(1)), Connect(TimeSpan.FromMinutes(1)));
        var first = await GrantedAsync(holder, limits, 0);
        await WaitAsync(other, limits, 0);
        await holder.ReleaseAsync(first, null);

        await WaitAsync(holder, limits, 0);
        await GrantedAsync(other, limits, 0);
    }

    [Fact]
    public async Task Without_Redis_it_says_so_and_with_Redis_again_it_limits_again()
    {
        await using var redis = await BreakableRedis.StartAsync();
        var limits = new ModelLimits(1, null, null);
        var shared = Connect(TimeSpan.FromMinutes(1), redis: redis.ConnectionString);
        await GrantedAsync(shared, limits, 0);

        await redis.KillAsync();
        (await shared.TryTakeAsync(Key, limits, 0, default)).ShouldBeOfType<LimitAnswer.Unreachable>();
        await redis.StartAgainAsync();

        await Eventually.TrueAsync(async () => await shared.TryTakeAsync(Key, limits, 0, default) is LimitAnswer.Granted, "Redis seen again");
        await WaitAsync(shared, limits, 0);
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_waited_for_once_and_not_by_every_call()
    {
        await using var redis = await BreakableRedis.StartAsync();
        var limits = new ModelLimits(1, null, null);
        var shared = Connect(TimeSpan.FromMinutes(1), redis: redis.ConnectionString);
        await shared.ReleaseAsync(await GrantedAsync(shared, limits, 0), null);
        _connections[^1].Pause(TimeSpan.FromSeconds(15));

        var clock = Stopwatch.StartNew();
        for (var call = 0; call < 20; call++)
        {
            (await shared.TryTakeAsync(Key, limits, 0, default)).ShouldBeOfType<LimitAnswer.Unreachable>();
        }

        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(12), "twenty calls that all waited would take twenty seconds");
    }

    private SharedLimits Connect(TimeSpan window, TimeSpan? lease = null, string? redis = null)
    {
        _connections.Add(new LimitsConnection(redis ?? _redis.ConnectionString, _redis.Prefix, window, lease));
        return _connections[^1].Limits;
    }

    private static async Task<LimitGrant> GrantedAsync(SharedLimits shared, ModelLimits limits, int tokens) =>
        (await shared.TryTakeAsync(Key, limits, tokens, default)).ShouldBeOfType<LimitAnswer.Granted>().Grant;

    private static async Task<TimeSpan> WaitAsync(SharedLimits shared, ModelLimits limits, int tokens) =>
        (await shared.TryTakeAsync(Key, limits, tokens, default)).ShouldBeOfType<LimitAnswer.Wait>().AtLeast;

    /// <summary>Four callers on each of three connections, who ask again at once whatever they are told.</summary>
    private async Task<IReadOnlyList<LimitedCall>> HammerAsync(ModelLimits limits, int calls, TimeSpan hold)
    {
        var made = new List<LimitedCall>();
        var begun = 0;
        var connections = Enumerable.Range(0, 3).Select(_ => Connect(Short)).ToList();
        await Task.WhenAll(connections.SelectMany(shared => Enumerable.Range(0, 4).Select(async _ =>
        {
            while (Volatile.Read(ref begun) < calls)
            {
                if (await shared.TryTakeAsync(Key, limits, 0, default) is LimitAnswer.Granted { Grant: var grant })
                {
                    Interlocked.Increment(ref begun);
                    await Task.Delay(hold);
                    var until = TimeProvider.System.GetUtcNow();
                    lock (made)
                    {
                        made.Add(new LimitedCall(Microseconds(grant.At), Microseconds(until)));
                    }

                    await shared.ReleaseAsync(grant, null);
                }
            }
        })));
        return [.. made.OrderBy(call => call.From).Take(calls)];
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
