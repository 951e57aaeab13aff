using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Persistence.Tests.Runs;

public sealed class JournalSpecs : IAsyncLifetime
{
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task Twenty_writers_of_three_runs_leave_no_gap()
    {
        (QueuedRun Run, RunLease Lease)[] runs = [await _stores.RunningAsync(), await _stores.RunningAsync(), await _stores.RunningAsync()];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(writer => runs.Select(async run =>
        {
            var written = 0;
            for (var n = 0; n < 10; n++)
            {
                written += await _stores.CommitAsync(n % 2 == 0 ? Stores.Step(run.Lease, $"n{writer}", n) : Stores.Event(run.Lease, "test", $$"""{"writer":{{writer}},"n":{{n}}}""")) ? 1 : 0;
            }

            return written;
        })));

        answers.ShouldAllBe(written => written == 10);
        foreach (var (run, _) in runs)
        {
            (await run.JournalAsync()).Count.ShouldBe(2 + 200);
            (await run.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1")).ShouldBe(100);
            (await run.AskAsync<bool>("SELECT bool_and(ordered) FROM (SELECT (data->>'n')::int >= coalesce(lag((data->>'n')::int) OVER (PARTITION BY data->>'writer' ORDER BY seq), 0) AS ordered FROM execution_events WHERE execution_id = $1 AND type = 'test') o")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Commits_of_many_tenants_are_one_group_and_each_row_is_its_runs_owners()
    {
        var runs = new List<(QueuedRun Run, RunLease Lease)>();
        for (var n = 0; n < 30; n++)
        {
            runs.Add(await _stores.RunningAsync());
        }

        var stale = runs[7].Lease;
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET attempt = 2 WHERE id = $1", stale.ExecutionId);

        var steps = await Task.WhenAll(runs.Select(run => _stores.CommitAsync(Stores.Step(run.Lease, "writer", 1) with { Chapter = new ChapterVersion(1, 1, "One", $"Of {run.Run.UserId}.", 2, "writer") })));
        var ends = await Task.WhenAll(runs.Select((run, n) => _stores.CommitAsync(n % 3 == 0
            ? Stores.Event(run.Lease, JournalEventTypes.RunFailed) with { Command = RunCommand.Fail, Error = new RunError(ErrorClasses.Permanent, $"Run {n}.", "writer") }
            : Stores.Event(run.Lease, JournalEventTypes.RunCompleted) with { Command = RunCommand.Finish })));

        steps.ShouldBe(runs.Select(run => run.Lease != stale));
        ends.ShouldBe(runs.Select(run => run.Lease != stale));
        (await _stores.Database.AskAsync<string[]>("SELECT array_agg(status || ' ' || last_seq || ' ' || coalesce(error->>'message', '-') ORDER BY id) FROM engine_executions"))
            .ShouldBe(runs.Select((run, n) => run.Lease == stale ? "running 2 -" : n % 3 == 0 ? $"failed 4 Run {n}." : "completed 4 -"));
        foreach (var table in new[] { "execution_events", "node_outputs", "chapter_versions", "dead_letters" })
        {
            (await _stores.Database.AskAsync<long>($"SELECT count(*) FROM {table} t JOIN engine_executions e ON e.id = t.execution_id WHERE t.user_id <> e.user_id")).ShouldBe(0, table);
        }

        (await _stores.Database.AskAsync<bool>("SELECT count(*) = 29 AND bool_and(content = 'Of ' || user_id || '.') FROM chapter_versions")).ShouldBeTrue();
        (await _stores.Database.AskAsync<long>("SELECT count(*) FROM dead_letters")).ShouldBe(10);
    }

    [Fact]
    public async Task A_commit_writes_events_output_chapter_and_the_status_row_together()
    {
        var (run, lease) = await _stores.RunningAsync();

        var written = await _stores.CommitAsync(Stores.Step(lease, "writer", 2) with
        {
            Events = [new("step.completed", new StepKey("writer", 2, 1), """{"words":3}"""), new("other")],
            Chapter = new ChapterVersion(2, 1, "Two", "Three little words", 3, "writer"),
            Figures = new RunFigures(12.5, 3, 1, 9),
            CurrentStep = "Chapter 2",
        });

        written.ShouldBeTrue();
        (await run.AskAsync<string>("SELECT concat_ws('|', status, progress, current_step, chapters_done, chapters_total, words, input_tokens, output_tokens, last_seq) FROM engine_executions WHERE id = $1"))
            .ShouldBe("running|12.5|Chapter 2|1|9|3|1|2|4");
        (await run.TextAsync()).ShouldBe("2. Two\n\nThree little words");
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.claimed", "step.completed", "other"]);
    }

    [Fact]
    public async Task The_same_step_is_written_once()
    {
        var (run, lease) = await _stores.RunningAsync();
        var step = Stores.Step(lease, "writer", 1) with { Chapter = new ChapterVersion(1, 1, "One", "a", 1, "writer"), Figures = new RunFigures(5, 1, 1, 1) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                return await _stores.CommitAsync(step);
            }
            catch (Exception refused) when (refused is PostgresException or InvalidOperationException)
            {
                return false;
            }
        }));

        answers.Count(written => written).ShouldBeLessThanOrEqualTo(1);
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.claimed", "step.completed"]);
        (await run.AskAsync<float>("SELECT progress FROM engine_executions WHERE id = $1")).ShouldBe(5);
    }

    [Fact]
    public async Task An_old_attempt_writes_nothing()
    {
        var (run, old) = await _stores.RunningAsync();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET lease_until = now() - interval '1 second' WHERE id = $1", run.Id);
        var current = await _stores.ClaimOneAsync();

        (await _stores.CommitAsync(Stores.Event(old, "late"))).ShouldBeFalse();
        (await _stores.CommitAsync(Stores.Step(old, "writer", 1) with { Chapter = new ChapterVersion(1, 1, "One", "a", 1, "writer") })).ShouldBeFalse();
        (await _stores.CommitAsync(Stores.Event(old, "run.failed") with { Command = RunCommand.Fail })).ShouldBeFalse();
        (await _stores.CommitAsync(Stores.Event(current, "now"))).ShouldBeTrue();

        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.claimed", "run.claimed", "now"]);
        (await run.AskAsync<long>("SELECT (SELECT count(*) FROM node_outputs) + (SELECT count(*) FROM chapter_versions)")).ShouldBe(0);
    }

    [Fact]
    public async Task A_transition_out_of_another_state_is_refused()
    {
        var (run, lease) = await _stores.RunningAsync();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'stopping' WHERE id = $1", run.Id);

        (await _stores.CommitAsync(Stores.Event(lease, "run.failed") with { Command = RunCommand.Fail })).ShouldBeFalse();
        (await _stores.CommitAsync(Stores.Step(lease, "writer", 1))).ShouldBeTrue("what ends while a stop is asked is kept");
        (await _stores.CommitAsync(Stores.Event(lease, "run.stopped") with { Command = RunCommand.EndStop })).ShouldBeTrue();
        (await _stores.CommitAsync(Stores.Step(lease, "writer", 2))).ShouldBeFalse();

        (await run.AskAsync<string>("SELECT status || ' ' || (lease_until IS NULL) || ' ' || (finished_at IS NOT NULL) FROM engine_executions WHERE id = $1")).ShouldBe("stopped true true");
    }

    [Fact]
    public async Task A_run_with_a_bad_commit_fails_alone()
    {
        (QueuedRun Run, RunLease Lease)[] good = [await _stores.RunningAsync(), await _stores.RunningAsync()];
        (QueuedRun Run, RunLease Lease)[] bad = [await _stores.RunningAsync(), await _stores.RunningAsync(), await _stores.RunningAsync()];

        var before = Enumerable.Range(1, 30).Select(n => _stores.CommitAsync(Stores.Step(good[n % 2].Lease, "good", n))).ToList();
        var large = _stores.CommitAsync(Stores.Event(bad[0].Lease, "large", $$"""{"text":"{{new string('x', 5_000)}}"}"""));
        var broken = _stores.CommitAsync(Stores.Event(bad[1].Lease, "broken", "{no json"));
        var nul = _stores.CommitAsync(Stores.Step(bad[2].Lease, "nul", 1) with { Chapter = new ChapterVersion(1, 1, "One", "a\0b", 1, "nul") });
        var after = Enumerable.Range(31, 30).Select(n => _stores.CommitAsync(Stores.Step(good[n % 2].Lease, "good", n))).ToList();

        await Should.ThrowAsync<PostgresException>(() => large);
        await Should.ThrowAsync<PostgresException>(() => broken);
        await Should.ThrowAsync<PostgresException>(() => nul);
        (await Task.WhenAll([.. before, .. after])).ShouldAllBe(written => written);
        foreach (var (run, _) in good)
        {
            (await run.JournalAsync()).Count.ShouldBe(2 + 30);
        }
    }

    [Fact]
    public async Task After_a_refused_commit_nothing_of_its_run_is_written_but_its_end()
    {
        var (run, lease) = await _stores.RunningAsync();
        var built = new[]
        {
            _stores.CommitAsync(Stores.Step(lease, "sound", 1)), _stores.CommitAsync(Stores.Event(lease, "broken", "{no json")),
            _stores.CommitAsync(Stores.Step(lease, "built-on-it", 1)), _stores.CommitAsync(Stores.Event(lease, "run.completed") with { Command = RunCommand.Finish }),
        };

        (await built[0]).ShouldBeTrue();
        await Should.ThrowAsync<PostgresException>(() => built[1]);
        await Should.ThrowAsync<InvalidOperationException>(() => built[2]);
        await Should.ThrowAsync<InvalidOperationException>(() => built[3]);
        (await _stores.CommitAsync(Stores.Event(lease, "run.failed") with { Command = RunCommand.Fail, Error = new("internal", "x") })).ShouldBeTrue();
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.claimed", "step.completed", "run.failed"]);
        (await run.AskAsync<string>("SELECT error_class FROM dead_letters WHERE execution_id = $1")).ShouldBe("internal");
    }

    [Fact]
    public async Task A_full_queue_holds_back_whoever_writes()
    {
        var (run, lease) = await _stores.RunningAsync();
        await using var blocker = new NpgsqlConnection(_stores.Database.Admin);
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM engine_executions FOR UPDATE", blocker, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var waiting = Enumerable.Range(0, 1_000).Select(n => _stores.Journal.EnqueueAsync(Stores.Event(lease, "e"), CancellationToken.None)).ToList();
        using var cancelled = new CancellationTokenSource();
        var impatient = _stores.Journal.EnqueueAsync(Stores.Event(lease, "never"), cancelled.Token);

        // One group is under way, one queue is full.
        waiting.Count(task => task.IsCompleted).ShouldBeInRange(128, 128 + 128);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        await transaction.RollbackAsync();
        (await Task.WhenAll(await Task.WhenAll(waiting))).ShouldAllBe(written => written);
        (await run.JournalAsync()).Count(type => type == "e").ShouldBe(1_000);
    }

    [Fact]
    public async Task Stopping_writes_what_is_queued()
    {
        var (run, lease) = await _stores.RunningAsync();
        var queued = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _stores.Journal.EnqueueAsync(Stores.Event(lease, "e"), CancellationToken.None)));

        await _stores.Journal.StopAsync(CancellationToken.None);

        queued.ShouldAllBe(task => task.IsCompletedSuccessfully && task.Result);
        (await run.JournalAsync()).Count.ShouldBe(102);
    }
}
