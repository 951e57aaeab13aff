using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Lekhika.Exporter.Tests.Jobs;

public sealed class ExportJobSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Each_format_becomes_a_file_and_the_last_one_completes_the_run()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["html", "md", "txt"])).CompileAsync();
        await using var exporter = await StartAsync();

        await run.UntilAsync("completed");

        (await run.AskAsync<string[]>("SELECT array_agg(f.name ORDER BY f.name) FROM files f JOIN file_contents c ON c.file_id = f.id AND f.bytes = octet_length(c.content) AND f.sha256 = sha256(c.content) WHERE f.execution_id = $1"))
            .ShouldBe(["The-Lamplighters-Map.html", "The-Lamplighters-Map.md", "The-Lamplighters-Map.txt"]);
        (await run.AskAsync<float>("SELECT progress FROM engine_executions WHERE id = $1")).ShouldBe(100);
        var journal = await run.JournalAsync();
        journal.Count(type => type == "export.succeeded").ShouldBe(3);
        journal[^1].ShouldBe("run.completed");
    }

    [Fact]
    public async Task A_format_that_cannot_be_made_fails_alone_with_its_reason()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        await using var exporter = await StartAsync(new ScriptedRenderer(ExportFormat.Markdown, _ => throw new RenderException("The ink is out.")));

        await run.UntilAsync("completed");

        (await run.AskAsync<string[]>("SELECT array_agg(format || ' ' || status || coalesce(' ' || error, '') ORDER BY format) FROM export_jobs WHERE execution_id = $1"))
            .ShouldBe(["md failed The ink is out.", "txt succeeded"]);
    }

    [Fact]
    public async Task A_run_of_which_no_format_can_be_made_fails_with_every_reason_and_no_stack_trace()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        await using var exporter = await StartAsync(
            new ScriptedRenderer(ExportFormat.Markdown, _ => throw new RenderException("The ink is out.")),
            new ScriptedRenderer(ExportFormat.Txt, _ => throw new InvalidOperationException("secret")));

        await run.UntilAsync("failed");

        var error = await run.AskAsync<string>("SELECT error::text FROM engine_executions WHERE id = $1");
        error.ShouldNotBeNull().ShouldContain("MD: The ink is out.");
        error.ShouldContain("TXT: Something went wrong on our side");
        error.ShouldNotContain("secret");
        (await run.JournalAsync())[^1].ShouldBe("run.failed");
    }

    [Theory]
    [InlineData("settings = '[]'", "Something went wrong on our side")]
    [InlineData("crashes = 5", "5 tries ended without a file: the exporter died")]
    public async Task A_job_that_cannot_be_read_or_ended_its_exporters_is_given_up_alone(string change, string reason)
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        await _database.ExecuteAsync($"UPDATE export_jobs SET {change} WHERE execution_id = $1 AND format = 'md'", run.Id);
        await using var exporter = await StartAsync();

        await run.UntilAsync("completed");

        (await run.AskAsync<string>("SELECT error FROM export_jobs WHERE execution_id = $1 AND format = 'md'")).ShouldNotBeNull().ShouldStartWith(reason);
        (await run.AskAsync<string>("SELECT data->>'format' FROM execution_events WHERE execution_id = $1 AND type = 'export.failed'")).ShouldBe("md");
    }

    [Fact]
    public async Task A_format_with_pages_is_made_after_the_PDF_and_gets_its_page_numbers()
    {
        var seen = new TaskCompletionSource<PageMap?>();
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["epub", "pdf"])).CompileAsync();
        await using var exporter = await StartAsync(
            new ScriptedRenderer(ExportFormat.Pdf, _ => new RenderedBook([1], new PageMap(9, [1, 3, 5]))),
            new ScriptedRenderer(ExportFormat.Epub, order =>
            {
                seen.SetResult(order.Pages);
                return new RenderedBook([2]);
            }));

        await run.UntilAsync("completed");

        (await seen.Task).ShouldNotBeNull().ChapterFolios.ShouldBe([1, 3, 5]);
        (await run.AskAsync<string[]>("SELECT array_agg(data->>'format' ORDER BY seq) FROM execution_events WHERE execution_id = $1 AND type = 'export.succeeded'")).ShouldBe(["pdf", "epub"]);
    }

    [Fact]
    public async Task A_format_with_pages_is_made_without_them_when_the_PDF_failed()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["epub", "pdf"])).CompileAsync();
        await using var exporter = await StartAsync(
            new ScriptedRenderer(ExportFormat.Pdf, _ => throw new RenderException("No paper.")),
            new ScriptedRenderer(ExportFormat.Epub, order => order.Pages is null ? new RenderedBook([2]) : throw new RenderException("There are no pages.")));

        await run.UntilAsync("completed");

        (await run.AskAsync<string>("SELECT status FROM export_jobs WHERE execution_id = $1 AND format = 'epub'")).ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_cover_is_made_when_the_PDF_of_its_order_is_there_and_fails_alone_without_a_paper()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["pdf", "cover"])).CompileAsync();
        await _database.ExecuteAsync("""UPDATE export_jobs SET settings = '{"print": {"paper": "cream"}}' WHERE execution_id = $1""", run.Id);
        var without = await (await QueuedRun.InsertAsync(_database, formats: ["pdf", "cover"])).CompileAsync();
        await using var exporter = await StartProcessAsync();
        await run.UntilAsync("completed", TimeSpan.FromSeconds(40));
        await without.UntilAsync("completed", TimeSpan.FromSeconds(40));

        (await run.AskAsync<string[]>("SELECT array_agg(concat_ws(' ', format, right(name, 4), media_type, bytes > 1000) ORDER BY format) FROM files WHERE execution_id = $1"))
            .ShouldBe(["cover .pdf application/pdf t", "pdf .pdf application/pdf t"]);
        (await without.AskAsync<string>("SELECT error FROM export_jobs WHERE execution_id = $1 AND format = 'cover'"))!.ShouldContain("paper");
        (await without.AskAsync<string>("SELECT status FROM export_jobs WHERE execution_id = $1 AND format = 'pdf'")).ShouldBe("succeeded");
    }

    [Fact]
    public async Task Another_exporter_finishes_what_a_killed_one_had_begun_and_stores_each_file_once()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["pdf", "docx", "epub", "html", "md", "txt"])).CompileAsync();
        // While somebody holds the run's row no file can be finished: the kill hits the middle, for certain.
        await using var holder = new NpgsqlConnection(_database.Admin);
        await holder.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT 1 FROM engine_executions WHERE id = $1 FOR UPDATE", holder) { Parameters = { new() { Value = run.Id } } })
        {
            await command.ExecuteNonQueryAsync();
        }

        await using var first = await StartProcessAsync();
        await _database.UntilAsync("SELECT count(*) >= 1 FROM export_jobs WHERE execution_id = $1 AND status = 'running'", [run.Id]);
        await first.KillAsync();
        await hold.RollbackAsync();
        await using var second = await StartProcessAsync();
        await run.UntilAsync("completed", TimeSpan.FromSeconds(40));

        (await run.AskAsync<string[]>("SELECT array_agg(format || ' ' || status ORDER BY format) FROM export_jobs WHERE execution_id = $1"))
            .ShouldBe(["docx succeeded", "epub succeeded", "html succeeded", "md succeeded", "pdf succeeded", "txt succeeded"]);
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(6);
        (await run.AskAsync<int>("SELECT max(attempt) FROM export_jobs WHERE execution_id = $1")).ShouldBe(2);
        (await run.JournalAsync()).Count(type => type == "run.completed").ShouldBe(1);
    }

    private Task<WebApplication> StartAsync(params ScriptedRenderer[] renderers) => ExporterHost.StartAsync(_database, renderers);

    private async Task<ServiceProcess> StartProcessAsync()
    {
        var redis = await TestRedis.CreateAsync();
        return await ServiceProcess.StartAsync("Lekhika.Exporter", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = _database.Exporter,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Signals__Prefix"] = redis.Prefix,
            ["Exporter__LeaseSeconds"] = "2",
            ["Exporter__PollMilliseconds"] = "50",
            ["Exporter__TypesetterDirectory"] = Path.Combine(BuiltProgram.Root, "Lekhika.Exporter/Pdf/typesetter"),
        });
    }
}
