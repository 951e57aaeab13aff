using Lekhika.Core;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Persistence.Tenancy;
using Lekhika.Persistence.Views;
using Npgsql;

namespace Lekhika.Persistence.Exports;

/// <summary>The report of a format's newest job that has one.</summary>
/// <param name="FileId">The file that was checked; null when it did not pass.</param>
/// <param name="CheckedAt">UTC.</param>
public sealed record StoredReport(string Format, Guid? FileId, PreflightReport Report, DateTime CheckedAt);

/// <summary>What was found when files were checked. Reports are written with the end of their job (<see cref="ExportResults"/>), and completed here.</summary>
public sealed class PreflightStore(TenantDatabase database)
{
    internal const string Columns = "findings, is_complete, errors, warnings, not_checked";

    /// <summary>Replaces a report by a later one, after the file was delivered.</summary>
    public Task CompleteAsync(ExportLease lease, PreflightReport report, CancellationToken cancellationToken) => CompleteAsync(lease.UserId, lease.JobId, report, cancellationToken);

    /// <summary>Replaces a report that is not complete; one that is stays.</summary>
    public async Task CompleteAsync(Guid userId, Guid jobId, PreflightReport report, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await batch
            .Add($"UPDATE preflight_reports SET ({Columns}, checked_at) = ($2, $3, $4, $5, $6, clock_timestamp()) WHERE export_job_id = $1 AND NOT is_complete", [Sql.Value(jobId), .. Values(report)])
            .ExecuteAsync(cancellationToken);
    }

    /// <summary>A job's report while it is not complete; null otherwise.</summary>
    public async Task<PreflightReport?> UnfinishedAsync(Guid userId, Guid jobId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var reports = await batch
            .Add("SELECT findings::text FROM preflight_reports WHERE export_job_id = $1 AND NOT is_complete", Sql.Value(jobId))
            .ListAsync(row => new PreflightReport(Json.Read<List<PreflightFinding>>(row.GetString(0)), IsComplete: false), cancellationToken);
        return reports.SingleOrDefault();
    }

    /// <summary>The reports of a run's newest jobs, one for each format; null when the user has no such run.</summary>
    public async Task<IReadOnlyList<StoredReport>?> ListAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add("""
                SELECT DISTINCT ON (j.format) j.format, f.id, r.findings::text, r.is_complete, r.checked_at
                FROM preflight_reports r JOIN export_jobs j ON j.id = r.export_job_id LEFT JOIN files f ON f.export_job_id = j.id
                WHERE r.execution_id = $1
                ORDER BY j.format, j.order_no DESC
                """, Sql.Value(executionId))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var reports = await reader.RowsAsync(
            row => new StoredReport(row.GetString(0), row.Nullable<Guid>(1), new PreflightReport(Json.Read<List<PreflightFinding>>(row.GetString(2)), row.GetBoolean(3)), row.GetDateTime(4)), cancellationToken);
        return runs.Count == 0 ? null : reports;
    }

    internal static NpgsqlParameter[] Values(PreflightReport report) =>
    [
        Sql.Json(Json.Write(report.Findings)), Sql.Value(report.IsComplete), Sql.Value(report.Count(PreflightSeverity.Error)),
        Sql.Value(report.Count(PreflightSeverity.Warning)), Sql.Value(report.Count(PreflightSeverity.NotChecked)),
    ];
}
