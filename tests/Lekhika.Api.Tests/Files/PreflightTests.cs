using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Files;

/// <summary>Reports, put there as an exporter does.</summary>
public sealed class PreflightTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task The_newest_report_of_each_format_is_shown_in_full_and_its_counts_beside_the_file()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await ReportAsync(run, 1, "epub", "failed", """[{"format": "epub", "severity": "error", "code": "old", "message": "Old."}]""", errors: 1);
        await ReportAsync(run, 2, "epub", "succeeded", """[{"format": "epub", "severity": "warning", "code": "cover_small", "message": "Small.", "where": "cover"}]""", warnings: 1, isComplete: false);
        await ReportAsync(run, 2, "pdf", "failed", """[{"format": "pdf", "severity": "error", "code": "pdf_bleed", "message": "No room."}]""", errors: 1);

        var reports = (await run.GetAsync("preflight"))["reports"]!.AsArray();
        var formats = (await run.GetAsync())["formats"]!;

        reports.Select(report => $"{report!["format"]} {report["complete"]} {report["errors"]} {report["warnings"]} {report["fileId"] is null}").ShouldBe(["epub false 0 1 False", "pdf true 1 0 True"]);
        reports[0]!["findings"]![0]!.ToJsonString().ShouldBe("""{"format":"epub","severity":"warning","code":"cover_small","message":"Small.","where":"cover"}""");
        formats["epub"]!["preflight"]!.ToJsonString().ShouldBe("""{"complete":false,"errors":0,"warnings":1,"notChecked":0}""");
        formats["pdf"]!["preflight"]!["errors"]!.ToJsonString().ShouldBe("1");
    }

    [Fact]
    public async Task Another_users_reports_are_not_there_and_one_without_files_has_none()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        (await run.GetAsync("preflight"))["reports"]!.AsArray().ShouldBeEmpty();

        await (await api.ClientAsync()).Http.GetAsync($"{run.Path}/preflight").ProblemAsync(404, "execution_not_found");
        await (await api.ClientAsync("engines:run")).Http.GetAsync($"{run.Path}/preflight").ProblemAsync(403, "scope_missing");
    }

    private static async Task ReportAsync(ArrangedRun run, int order, string format, string status, string findings, int errors = 0, int warnings = 0, bool isComplete = true)
    {
        var job = Guid.NewGuid();
        await run.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status) SELECT $2, id, user_id, $3, $4, false, '{}', $5 FROM engine_executions WHERE id = $1", job, order, format, status);
        if (status == "succeeded")
        {
            await run.ExecuteAsync("INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256) SELECT $2, $2, id, user_id, $3, 'a', 'b', 1, '\\x00' FROM engine_executions WHERE id = $1", job, format);
        }

        await run.ExecuteAsync("""
            INSERT INTO preflight_reports (export_job_id, execution_id, user_id, findings, is_complete, errors, warnings, not_checked) SELECT $2, id, user_id, $3::jsonb, $4, $5, $6, 0 FROM engine_executions WHERE id = $1
            """, job, findings, isComplete, errors, warnings);
    }
}
