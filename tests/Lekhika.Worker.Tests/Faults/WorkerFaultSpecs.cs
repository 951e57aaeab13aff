using Lekhika.Testing;
using Lekhika.Testing.Models;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;

namespace Lekhika.Worker.Tests.Faults;

/// <summary>The shipped worker, killed, frozen and cut off from its servers in the middle of a book.</summary>
public sealed class WorkerFaultSpecs
{
    private const int Chapters = 6;
    private const int Words = 3_000;

    /// <summary>A chapter of 500 words takes half a second: time enough to hit the middle of the book.</summary>
    private const int Pace = 1_000;

    [Fact]
    public async Task Another_worker_takes_over_a_killed_ones_run_and_writes_the_same_book_without_writing_a_chapter_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var first = await WorkerProcess.StartAsync(database, Pace);
        await run.UntilChaptersAsync(2);

        await first.KillAsync();
        var kept = await FinishedStepsAsync(run);
        await using var second = await WorkerProcess.StartAsync(database);
        await run.UntilAsync("exporting");

        (await FinishedStepsAsync(run)).ShouldStartWith(kept);
        await ShouldBeTheUndisturbedBookAsync(run);
        (await run.AskAsync<bool>("SELECT bool_or((data->>'takeover')::boolean) FROM execution_events WHERE execution_id = $1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_worker_that_was_frozen_while_another_took_over_wakes_up_and_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var first = await WorkerProcess.StartAsync(database, Pace);
        // Its chapters are under way then, all at one pace: with the first of them the others end too.
        await database.UntilAsync("SELECT count(*) = 3 FROM node_outputs WHERE execution_id = $1", [run.Id]);

        first.Freeze();
        await using var second = await WorkerProcess.StartAsync(database);
        await run.UntilAsync("exporting");
        var before = await run.JournalAsync();
        first.Thaw();
        await SaysThatItStopsAsync(first);

        (await run.JournalAsync()).ShouldBe(before);
        await ShouldBeTheUndisturbedBookAsync(run);
    }

    [Fact]
    public async Task A_worker_in_the_middle_of_a_long_call_learns_from_its_heartbeat_that_another_holds_the_run_and_says_so()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var model = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Delay: TimeSpan.FromMinutes(10)));
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var worker = await WorkerProcess.StartAsync(database, openAi: model.BaseUrl);
        await Eventually.TrueAsync(() => Task.FromResult(model.Requests.Count > 0), "the call is under way");

        await database.ExecuteAsync("UPDATE engine_executions SET lease_owner = 'another', lease_until = now() + interval '1 hour', attempt = attempt + 1 WHERE id = $1", run.Id);

        await SaysThatItStopsAsync(worker);
        (await run.AskAsync<string>("SELECT status || ' ' || lease_owner FROM engine_executions WHERE id = $1")).ShouldBe("running another");
        model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_goes_on_when_Redis_dies_and_the_next_run_is_found_without_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var redis = await BreakableRedis.StartAsync();
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var worker = await WorkerProcess.StartAsync(database, Pace, redis.ConnectionString);
        await run.UntilChaptersAsync(1);

        await redis.KillAsync();
        var next = await QueuedRun.InsertAsync(database, 1, 500);

        await run.UntilAsync("exporting");
        await next.UntilAsync("exporting");
        await ShouldBeTheUndisturbedBookAsync(run);
    }

    [Fact]
    public async Task A_run_survives_a_crash_of_Postgres_with_every_chapter_written_once()
    {
        await using var postgres = await BreakablePostgres.StartAsync();
        await using var database = await TestDatabase.CreateAsync(postgres.ConnectionString);
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var worker = await WorkerProcess.StartAsync(database, Pace);
        await run.UntilChaptersAsync(2);

        await postgres.KillAsync();
        await postgres.StartAgainAsync();

        await run.UntilAsync("exporting", TimeSpan.FromSeconds(40));
        await ShouldBeTheUndisturbedBookAsync(run);
    }

    [Fact]
    public async Task A_worker_starts_before_Postgres_does_and_works_once_it_is_there()
    {
        await using var postgres = await BreakablePostgres.StartAsync();
        await using var database = await TestDatabase.CreateAsync(postgres.ConnectionString);
        var run = await QueuedRun.InsertAsync(database, 1, 500);
        await postgres.KillAsync();

        await using var worker = await WorkerProcess.StartAsync(database);
        await postgres.StartAgainAsync();

        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_worker_refuses_to_work_as_a_superuser()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await QueuedRun.InsertAsync(database, 1, 500);

        var exit = await ExitOfAsync(database.Admin, database);

        exit.Code.ShouldNotBe(0);
        exit.Output.ShouldContain("The database role 'postgres' is a superuser");
        (await run.AskAsync<string>("SELECT status FROM engine_executions WHERE id = $1")).ShouldBe("queued");
    }

    private static async Task SaysThatItStopsAsync(ServiceProcess worker)
    {
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(worker.Output.Contains("its work stops here", StringComparison.Ordinal)), "the worker notices that the run is not its own");
        }
        catch (TimeoutException silent)
        {
            throw new TimeoutException($"{silent.Message}. Its output:\n{worker.Output}", silent);
        }
    }

    private static async Task<(int Code, string Output)> ExitOfAsync(string connection, TestDatabase database)
    {
        try
        {
            await using var worker = await WorkerProcess.StartAsync(database, connection: connection);
            return (await worker.Exited.WaitAsync(TimeSpan.FromSeconds(20)), worker.Output);
        }
        catch (InvalidOperationException ended)
        {
            // It may have ended before it was ever alive.
            return (1, ended.Message);
        }
    }

    /// <summary>The finished steps with when and by which attempt: what was there stays as it was.</summary>
    private static async Task<string> FinishedStepsAsync(QueuedRun run) => await run.AskAsync<string>("""
        SELECT string_agg(node_id || ' ' || item || ' ' || attempt || ' ' || created_at, E'\n' ORDER BY created_at, node_id, item) FROM node_outputs WHERE execution_id = $1
        """) ?? "";

    private static async Task ShouldBeTheUndisturbedBookAsync(QueuedRun run)
    {
        await run.JournalAsync();
        (await run.AskAsync<long>("SELECT count(*) FROM chapter_versions WHERE execution_id = $1")).ShouldBe(Chapters);
        (await run.AskAsync<long>("SELECT count(*) FROM execution_events WHERE execution_id = $1 AND type = 'step.completed'")).ShouldBe(Chapters + 5);
        (await run.AskAsync<int>("SELECT words FROM engine_executions WHERE id = $1")).ShouldBe(await run.AskAsync<int>("SELECT sum(words)::int FROM chapter_versions WHERE execution_id = $1"));
        (await run.TextAsync()).ShouldBe(await Undisturbed.Value);
    }

    /// <summary>The same brief, written by a worker that nobody disturbs.</summary>
    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await QueuedRun.InsertAsync(database, Chapters, Words);
        await using var worker = await WorkerProcess.StartAsync(database);
        await run.UntilAsync("exporting");
        return await run.TextAsync();
    });
}
