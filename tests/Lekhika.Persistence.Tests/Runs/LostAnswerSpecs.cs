using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Testing.Networks;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;

namespace Lekhika.Persistence.Tests.Runs;

/// <summary>The connection breaks after the server has got a commit: it is there, but the journal cannot know.</summary>
public sealed class LostAnswerSpecs : IAsyncLifetime
{
    private BreakableLink _network = null!;
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync(worker: address => (_network = new BreakableLink(address)).Through(address));

    public async Task DisposeAsync()
    {
        await _stores.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public Task Events_are_written_once_and_answered_true() => LosingAsync((_, lease) => Stores.Event(lease, "step.retried"), ["step.retried"]);

    [Fact]
    public Task A_step_is_written_once_and_answered_true() => LosingAsync((_, lease) => Stores.Step(lease, "writer", 1), ["step.completed"]);

    [Fact]
    public Task A_transition_is_written_once_and_answered_true() =>
        LosingAsync((_, lease) => Stores.Event(lease, "run.failed") with { Command = RunCommand.Fail }, ["run.failed"]);

    [Fact]
    public async Task A_refused_transition_is_answered_false_though_the_state_is_not_the_one_it_leads_from()
    {
        var (run, lease) = await WarmAsync();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'stopping' WHERE id = $1", run.Id);
        _network.LoseNextAnswers();

        (await _stores.CommitAsync(Stores.Event(lease, "run.failed") with { Command = RunCommand.Fail })).ShouldBeFalse();

        _network.Lost.ShouldBe(1);
        (await run.JournalAsync()).ShouldNotContain("run.failed");
    }

    [Fact]
    public async Task A_group_of_several_runs_is_written_once_whole()
    {
        var (first, firstLease) = await WarmAsync();
        var (second, secondLease) = await WarmAsync();
        for (var round = 0; round < 10; round++)
        {
            _network.LoseNextAnswers();
            var commits = Enumerable.Range(0, 20).SelectMany(n => new[] { firstLease, secondLease }.Select(lease => n % 3 == 0 ? Stores.Step(lease, $"n{round}", n) : Stores.Event(lease, $"e{round}.{n}"))).Select(_stores.CommitAsync).ToList();

            (await Task.WhenAll(commits)).ShouldAllBe(written => written);
        }

        _network.Lost.ShouldBe(10);
        foreach (var run in new[] { first, second })
        {
            (await run.JournalAsync()).Count.ShouldBe(3 + 200);
            (await run.AskAsync<long>("SELECT count(DISTINCT type) FROM execution_events WHERE execution_id = $1 AND type LIKE 'e%'")).ShouldBe(130);
        }
    }

    [Fact]
    public async Task What_was_answered_true_is_there_once_when_Postgres_crashes_again_and_again()
    {
        await using var server = await BreakablePostgres.StartAsync();
        await using var stores = await Stores.StartAsync(server.ConnectionString);
        (QueuedRun Run, RunLease Lease)[] runs = [await stores.RunningAsync(), await stores.RunningAsync()];
        using var enough = new CancellationTokenSource();

        var writers = runs.SelectMany(run => Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var written = new List<string>();
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var name = $"w{writer}.{n}";
                var commit = n % 2 == 0 ? Stores.Event(run.Lease, name) : Stores.Step(run.Lease, name, 0) with { Events = [new(name)] };
                (await stores.CommitAsync(commit)).ShouldBeTrue();
                written.Add(name);
            }

            return (run.Run, written);
        }))).ToList();
        for (var crash = 0; crash < 3; crash++)
        {
            await Task.Delay(150 + (crash * 70));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await enough.CancelAsync();
        var told = await Task.WhenAll(writers);
        foreach (var (run, _) in runs)
        {
            var there = (await run.JournalAsync()).Skip(2).ToList();
            there.ShouldBeUnique();
            there.ShouldBe(told.Where(t => t.Run == run).SelectMany(t => t.written), ignoreOrder: true);
            there.Count.ShouldBeGreaterThan(10);
        }
    }

    private async Task LosingAsync(Func<QueuedRun, RunLease, RunCommit> commit, string[] journal)
    {
        var (run, lease) = await WarmAsync();
        _network.LoseNextAnswers();

        (await _stores.CommitAsync(commit(run, lease))).ShouldBeTrue();

        _network.Lost.ShouldBe(1);
        (await run.JournalAsync()).Skip(3).ShouldBe(journal);
    }

    /// <summary>A running run, and an open connection: what is lost is the answer to a commit, not to a log-in.</summary>
    private async Task<(QueuedRun Run, RunLease Lease)> WarmAsync()
    {
        var running = await _stores.RunningAsync();
        (await _stores.CommitAsync(Stores.Event(running.Lease, "warm"))).ShouldBeTrue();
        return running;
    }
}
