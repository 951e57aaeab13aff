using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Preflight;
using Lekhika.Exporter.Tests.Renderers;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>Reports of files, from the check to the database.</summary>
public sealed class PreflightJobSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_file_that_does_not_pass_is_not_delivered_and_fails_its_format_with_the_reason_and_its_report()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["html", "txt"])).CompileAsync();
        await using var exporter = await ExporterHost.StartAsync(
            _database, [], checks: true, new ScriptedRenderer(ExportFormat.Html, _ => new RenderedBook(Encoding.UTF8.GetBytes("<!DOCTYPE html><html lang='en'><title>x</title><a href='#b'>x</a><p id='a'><p id='a'>"))));

        await run.UntilAsync("completed");

        (await run.AskAsync<string>("SELECT error FROM export_jobs WHERE execution_id = $1 AND format = 'html'")).ShouldBe("The file was made and did not pass its checks: The id a is there twice. And 1 more.");
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1 AND format = 'html'")).ShouldBe(0);
        (await run.AskAsync<string>("SELECT string_agg(f ->> 'code', ' ') FROM preflight_reports r JOIN export_jobs j ON j.id = r.export_job_id, jsonb_array_elements(r.findings) f WHERE r.execution_id = $1 AND j.format = 'html'")).ShouldBe("html_id_twice html_link");
        (await run.AskAsync<string>("SELECT data ->> 'preflight' FROM execution_events WHERE execution_id = $1 AND type = 'export.failed'")).ShouldBe("""{"errors": 2, "warnings": 0, "notChecked": 0}""");
    }

    [Fact]
    public async Task What_a_renderer_could_not_do_is_in_the_report_and_counted_in_the_journal()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await using var exporter = await ExporterHost.StartAsync(_database, [], checks: true, new ScriptedRenderer(ExportFormat.Txt, _ => new RenderedBook("Text."u8.ToArray()) { Warnings = ["A letter is missing."] }));

        await run.UntilAsync("completed");

        (await run.AskAsync<string>("SELECT findings -> 0 ->> 'message' FROM preflight_reports WHERE execution_id = $1 AND is_complete AND warnings = 1")).ShouldBe("A letter is missing.");
        (await run.AskAsync<string>("SELECT data ->> 'preflight' FROM execution_events WHERE execution_id = $1 AND type = 'export.succeeded'")).ShouldBe("""{"errors": 0, "warnings": 1, "notChecked": 0}""");
    }

    [Fact]
    public async Task In_the_background_the_file_is_delivered_and_epubcheck_completes_its_report_later()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["epub"])).CompileAsync();
        await using var workshop = new Workshop();
        var invalid = Archive.Change((await workshop.Render(ExportFormat.Epub, Checker.Order)).Content, archive => archive.Replace(".xhtml", "<em>", "<em><div>x</div></em><em>"));
        await using var exporter = await ExporterHost.StartAsync(_database, [("Preflight", "Background")], checks: true, new ScriptedRenderer(ExportFormat.Epub, _ => new RenderedBook(invalid)));

        await run.UntilAsync("completed");
        await _database.UntilAsync("SELECT is_complete FROM preflight_reports WHERE execution_id = $1", [run.Id], TimeSpan.FromSeconds(240));

        (await run.AskAsync<bool>("SELECT errors > 0 AND not_checked = 0 AND findings @> '[{\"code\": \"epubcheck\", \"severity\": \"error\"}]' FROM preflight_reports WHERE execution_id = $1")).ShouldBeTrue();
        (await run.AskAsync<string>("SELECT status FROM export_jobs WHERE execution_id = $1")).ShouldBe("succeeded");
    }
}
