using Lekhika.Exporter.Retention;
using Lekhika.Testing;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Lekhika.Exporter.Tests.Storage;

public sealed class RetentionSweepSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private S3Server _server = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _server = await S3Server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("s3")]
    public async Task By_default_a_year_and_the_newest_of_each_format_are_kept(string kind)
    {
        await using var exporter = await StartAsync(("Storage:Kind", kind));
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        await run.UntilAsync("completed");
        await OrderAsync(run, 2, "txt");
        var sweep = exporter.Services.GetRequiredService<RetentionSweep>();
        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0));
        await _database.ExecuteAsync("UPDATE files SET created_at = created_at - interval '364 days'");
        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0));
        await _database.ExecuteAsync("UPDATE files SET created_at = created_at - interval '2 days'");
        await _database.ExecuteAsync("UPDATE file_objects SET begun_at = begun_at - interval '366 days'");

        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(1, kind == "s3" ? 1 : 0));

        (await run.AskAsync<string[]>("SELECT array_agg(name ORDER BY name) FROM files WHERE execution_id = $1 AND removed_at IS NULL")).ShouldBe(["The-Lamplighters-Map.md", "The-Lamplighters-Map_2.txt"]);
        (await _database.AskAsync<long>("SELECT count(*) FROM file_contents")).ShouldBe(kind == "s3" ? 0 : 2);
        _server.Keys.Count.ShouldBe(kind == "s3" ? 2 : 0);
        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0));
    }

    [Fact]
    public async Task While_another_process_sweeps_there_is_nothing_to_do()
    {
        await using var exporter = await StartAsync();
        await using var other = await StartAsync();
        await using var right = await other.Services.GetRequiredService<Persistence.Storage.RetentionStore>().TryLockAsync(CancellationToken.None);

        (await exporter.Services.GetRequiredService<RetentionSweep>().RunAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_an_exporter_stored_that_was_killed_before_it_wrote_the_row_is_made_anew_and_then_swept()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await using var holder = new NpgsqlConnection(_database.Admin);
        await holder.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT 1 FROM engine_executions WHERE id = $1 FOR NO KEY UPDATE", holder) { Parameters = { new() { Value = run.Id } } })
        {
            await command.ExecuteNonQueryAsync();
        }

        var redis = await TestRedis.CreateAsync();
        await using (var killed = await ServiceProcess.StartAsync("Lekhika.Exporter", new Dictionary<string, string?>(_server.Variables, StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = _database.Exporter,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Signals__Prefix"] = redis.Prefix,
            ["Exporter__PollMilliseconds"] = "50",
            ["Exporter__LeaseSeconds"] = "2",
        }))
        {
            // While somebody holds the run's row no file's row can be written; rows that only refer to the run can.
            await Eventually.TrueAsync(() => Task.FromResult(_server.Keys.Count == 1), "the object is stored", TimeSpan.FromSeconds(40));
            await killed.KillAsync();
        }

        await hold.RollbackAsync();
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(0);
        await using var exporter = await StartAsync();
        await run.UntilAsync("completed");
        _server.Keys.Count.ShouldBe(2);
        await _database.ExecuteAsync("UPDATE file_objects SET begun_at = begun_at - interval '2 hours'");

        (await exporter.Services.GetRequiredService<RetentionSweep>().RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 1));

        var key = await run.AskAsync<string>("SELECT o.key FROM files f JOIN file_objects o ON o.id = f.object_id WHERE f.execution_id = $1");
        _server.Keys.ShouldBe([key.ShouldNotBeNull()]);
    }

    [Fact]
    public async Task A_report_that_its_exporter_left_is_given_up_after_half_an_hour()
    {
        await using var exporter = await StartAsync();
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await run.UntilAsync("completed");
        await _database.ExecuteAsync("""
            UPDATE preflight_reports SET is_complete = false, not_checked = 1, warnings = 1, checked_at = now() - interval '29 minutes',
                findings = '[{"format": "epub", "severity": "warning", "code": "a", "message": "A."}, {"format": "epub", "severity": "notChecked", "code": "epubcheck", "message": "epubcheck has not had its say yet."}]'
            """);
        var sweep = exporter.Services.GetRequiredService<RetentionSweep>();
        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0));
        await _database.ExecuteAsync("UPDATE preflight_reports SET checked_at = checked_at - interval '2 minutes'");

        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0, 1));

        (await run.AskAsync<string>("SELECT string_agg(f ->> 'message', ' ') FROM preflight_reports r, jsonb_array_elements(r.findings) f WHERE r.execution_id = $1 AND r.is_complete AND r.warnings = 1 AND r.not_checked = 1"))
            .ShouldNotBeNull().ShouldStartWith("A. epubcheck had too much to do");
        (await sweep.RunAsync(CancellationToken.None)).ShouldBe(new Swept(0, 0));
    }

    private async Task OrderAsync(QueuedRun run, int order, string format)
    {
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'exporting', finished_at = NULL WHERE id = $1", run.Id);
        await _database.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings) VALUES (gen_random_uuid(), $1, $2, $3, $4, false, '{}')", run.Id, run.UserId, order, format);
        await run.UntilAsync("completed");
    }

    private async Task<WebApplication> StartAsync(params (string Name, string Value)[] settings)
    {
        var redis = await TestRedis.CreateAsync();
        var app = ExporterApplication.Build([], builder => builder.Configuration
            .AddInMemoryCollection(_server.Settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:lekhika"] = _database.Exporter,
                ["ConnectionStrings:redis"] = redis.ConnectionString,
                ["Signals:Prefix"] = redis.Prefix,
                ["Exporter:PollMilliseconds"] = "50",
                ["urls"] = "http://127.0.0.1:0",
                ["Logging:LogLevel:Default"] = "None",
            })
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))));
        await app.StartAsync();
        return app;
    }
}
