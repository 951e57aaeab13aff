using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>What waits for epubcheck after its file was delivered. Nothing is checked until the service is started, and then epubcheck is not there, which is quick.</summary>
public sealed class LaterCheckSpecs : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly ServiceProvider _checks = Checker.Services(options => options.EpubcheckJar = "/nowhere/epubcheck.jar");
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private LaterChecks _later = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _source = NpgsqlDataSource.Create(_database.Exporter);
        _later = new(_checks.GetRequiredService<PreflightChecks>(), new PreflightStore(new TenantDatabase(_source)), NullLogger<LaterChecks>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _later.StopAsync(CancellationToken.None);
        _later.Dispose();
        await _source.DisposeAsync();
        await _checks.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Files_of_at_most_64_MiB_wait_and_what_is_more_is_given_up_at_once()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["epub"])).CompileAsync();
        var (first, second, third, large) = (await ReportAsync(run, 40 * MiB), await ReportAsync(run, 40 * MiB), await ReportAsync(run, 24 * MiB), await ReportAsync(run, 1));
        (await SaysAsync(first)).ShouldBeNull();
        (await SaysAsync(second)).ShouldNotBeNull().ShouldStartWith("epubcheck had too much to do");
        (await SaysAsync(third)).ShouldBeNull();
        (await SaysAsync(large)).ShouldNotBeNull().ShouldStartWith("epubcheck had too much to do");

        await _later.StartAsync(CancellationToken.None);
        await CheckedAsync(first);
        await CheckedAsync(third);

        await CheckedAsync(await ReportAsync(run, 64 * MiB));
    }

    [Fact]
    public async Task At_most_16_files_wait()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["epub"])).CompileAsync();
        var jobs = new List<Guid>();
        for (var job = 0; job < 17; job++)
        {
            jobs.Add(await ReportAsync(run, 1));
        }

        (await SaysAsync(jobs[15])).ShouldBeNull();
        (await SaysAsync(jobs[16])).ShouldNotBeNull().ShouldStartWith("epubcheck had too much to do");
    }

    /// <summary>A delivered EPUB whose report is left to be completed.</summary>
    private async Task<Guid> ReportAsync(QueuedRun run, int bytes)
    {
        var job = Guid.NewGuid();
        await _database.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status)
            SELECT $1, $2, $3, max(order_no) + 1, 'epub', false, '{}', 'succeeded' FROM export_jobs WHERE execution_id = $2
            """, job, run.Id, run.UserId);
        await _database.ExecuteAsync("INSERT INTO preflight_reports (export_job_id, execution_id, user_id, findings, is_complete, errors, warnings, not_checked) VALUES ($1, $2, $3, '[]', false, 0, 0, 0)", job, run.Id, run.UserId);
        await _later.CompleteAsync(new ExportLease(job, run.UserId, 1), new byte[bytes], new PreflightReport([], IsComplete: false), CancellationToken.None);
        return job;
    }

    private Task CheckedAsync(Guid job) => _database.UntilAsync("SELECT is_complete AND findings -> 0 ->> 'message' LIKE 'epubcheck is not on this server%' FROM preflight_reports WHERE export_job_id = $1", [job], TimeSpan.FromSeconds(30));

    /// <summary>What the report says; null while it is not complete.</summary>
    private Task<string?> SaysAsync(Guid job) => _database.AskAsync<string>("SELECT CASE WHEN is_complete THEN findings -> 0 ->> 'message' END FROM preflight_reports WHERE export_job_id = $1", job);
}
