using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>What counts against a job, and what does not.</summary>
public sealed class ExportTrySpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_job_that_is_handed_back_at_every_stop_is_made_by_the_next_exporter_however_few_its_tries()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md"])).CompileAsync();
        for (var stop = 0; stop < 4; stop++)
        {
            await BeginAndStopAsync();
        }

        await using var last = await ExporterHost.StartAsync(_database, Few, checks: false, new ScriptedRenderer(ExportFormat.Markdown, _ => new RenderedBook("x"u8.ToArray())));
        await run.UntilAsync("completed");

        (await StateAsync(run)).ShouldBe("succeeded attempt 5, 0 crashes, 0 timeouts");
    }

    [Fact]
    public async Task Time_outs_are_counted_apart_from_what_was_handed_back_or_lost()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md"])).CompileAsync();
        await _database.ExecuteAsync("UPDATE export_jobs SET crashes = 1 WHERE execution_id = $1", run.Id);
        await BeginAndStopAsync(("CrashTries", "2"));
        await BeginAndStopAsync(("CrashTries", "2"));
        var begun = 0;

        await using var slow = await ExporterHost.StartAsync(_database, [("CrashTries", "2"), ("TimeoutTries", "2"), ("JobTimeoutSeconds", "1")], checks: false, new ScriptedRenderer(ExportFormat.Markdown, async (_, token) =>
        {
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException();
        }));
        await run.UntilAsync("failed");

        begun.ShouldBe(2);
        (await StateAsync(run)).ShouldBe("failed attempt 4, 1 crashes, 1 timeouts It was not made within 1 seconds, in 2 tries. A shorter book or fewer pictures may help.");
    }

    [Fact]
    public async Task A_book_over_which_exporters_die_is_given_up_with_the_reason()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md"])).CompileAsync();
        await using var holder = new NpgsqlConnection(_database.Admin);
        await holder.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync();
        // While somebody holds the run's row no file can be finished: each kill hits the middle, for certain.
        await using (var command = new NpgsqlCommand("SELECT 1 FROM engine_executions WHERE id = $1 FOR UPDATE", holder) { Parameters = { new() { Value = run.Id } } })
        {
            await command.ExecuteNonQueryAsync();
        }

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await using var killed = await StartProcessAsync();
            await _database.UntilAsync("SELECT attempt = $2 AND status = 'running' FROM export_jobs WHERE execution_id = $1", [run.Id, attempt]);
            await killed.KillAsync();
        }

        await hold.RollbackAsync();
        await using var last = await StartProcessAsync();
        await run.UntilAsync("failed", TimeSpan.FromSeconds(40));

        (await StateAsync(run)).ShouldBe(
            "failed attempt 3, 2 crashes, 0 timeouts 2 tries ended without a file: the exporter died or was cut off each time, so the book may be what ends it. Operators find it in the exporters' logs.");
    }

    private static (string, string)[] Few => [("CrashTries", "1"), ("TimeoutTries", "1")];

    private async Task BeginAndStopAsync(params (string, string)[] settings)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopped = await ExporterHost.StartAsync(_database, settings.Length > 0 ? settings : Few, checks: false, new ScriptedRenderer(ExportFormat.Markdown, async (_, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException();
        }));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stopped.StopAsync();
    }

    private async Task<ServiceProcess> StartProcessAsync()
    {
        var redis = await TestRedis.CreateAsync();
        return await ServiceProcess.StartAsync("Lekhika.Exporter", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = _database.Exporter,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Signals__Prefix"] = redis.Prefix,
            ["Exporter__LeaseSeconds"] = "2",
            ["Exporter__CrashTries"] = "2",
            ["Exporter__PollMilliseconds"] = "50",
            ["Exporter__TypesetterDirectory"] = Path.Combine(BuiltProgram.Root, "Lekhika.Exporter/Pdf/typesetter"),
        });
    }

    private static async Task<string?> StateAsync(QueuedRun run) => await run.AskAsync<string>(
        "SELECT concat_ws(' ', status, 'attempt ' || attempt || ', ' || crashes || ' crashes, ' || timeouts || ' timeouts', error) FROM export_jobs WHERE execution_id = $1");
}
