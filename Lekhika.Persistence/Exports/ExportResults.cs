using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Exports;

/// <summary>A finished file.</summary>
/// <param name="Pages">JSON of its page map, when it has pages.</param>
public sealed record ExportFile(Guid Id, string Name, byte[] Content, byte[] Sha256, string? Pages)
{
    /// <summary>What was found when it was checked; null when it was not.</summary>
    public PreflightReport? Report { get; init; }
}

/// <summary>
/// Writes how an export job ended. Each end, its event and its file are one transaction, guarded by the attempt; the last end of
/// an order ends the run. The run's row is locked by numbering the event, so two last ends cannot miss each other.
/// </summary>
public sealed class ExportResults(TenantDatabase database, IFileContents contents)
{
    private const int MaxMessage = 600;

    private const string End = """
        WITH job AS (
            UPDATE export_jobs SET status = $3, error = $4, pages = $5, lease_owner = NULL, lease_until = NULL, finished_at = clock_timestamp()
            WHERE id = $1 AND attempt = $2 AND status = 'running'
            RETURNING execution_id, user_id, format
        ), run AS (
            UPDATE engine_executions e SET last_seq = e.last_seq + 1 FROM job WHERE e.id = job.execution_id
            RETURNING e.id, e.last_seq
        )
        INSERT INTO execution_events (execution_id, seq, user_id, type, data)
        SELECT run.id, run.last_seq, job.user_id, $6, $7 || jsonb_build_object('format', job.format) FROM run, job
        """;

    // Only in the transaction in which the job ended: the row's xmin proves that End has just written it.
    private const string StoreFile = """
        WITH job AS (SELECT execution_id, user_id, format FROM export_jobs WHERE id = $1 AND attempt = $2 AND status = 'succeeded' AND xmin = pg_current_xact_id()::xid),
        file AS (
            INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256, object_id)
            SELECT $3, $1, job.execution_id, job.user_id, job.format, $4, $5, $6, $7, $9 FROM job
            ON CONFLICT (export_job_id) DO NOTHING
            RETURNING id, user_id, object_id
        ), object AS (
            UPDATE file_objects o SET kept = true FROM file WHERE o.id = file.object_id
        )
        INSERT INTO file_contents (file_id, user_id, content) SELECT file.id, file.user_id, $8 FROM file WHERE $8 IS NOT NULL
        """;

    private const string StoreReport = $"""
        WITH job AS (SELECT execution_id, user_id FROM export_jobs WHERE id = $1 AND attempt = $2 AND status IN ('succeeded', 'failed') AND xmin = pg_current_xact_id()::xid)
        INSERT INTO preflight_reports (export_job_id, execution_id, user_id, {PreflightStore.Columns}) SELECT $1, job.execution_id, job.user_id, $3, $4, $5, $6, $7 FROM job
        ON CONFLICT (export_job_id) DO NOTHING
        """;

    private const string Progress = """
        WITH jobs AS (
            SELECT j.execution_id,
                   count(*) AS asked,
                   count(*) FILTER (WHERE j.status IN ('succeeded', 'failed')) AS ended,
                   count(*) FILTER (WHERE j.status = 'succeeded') AS succeeded,
                   string_agg(upper(j.format) || ': ' || j.error, ' ') FILTER (WHERE j.status = 'failed') AS reasons
            FROM export_jobs j JOIN export_jobs this ON this.execution_id = j.execution_id AND this.order_no = j.order_no
            WHERE this.id = $1 AND this.attempt = $2 AND this.status IN ('succeeded', 'failed') AND this.xmin = pg_current_xact_id()::xid
            GROUP BY j.execution_id
        ), run AS (
            UPDATE engine_executions e SET
                progress = CASE WHEN jobs.ended = jobs.asked AND jobs.succeeded > 0 THEN 100 ELSE greatest(e.progress, $3 + (100 - $3) * jobs.ended / jobs.asked) END,
                status = CASE WHEN jobs.ended < jobs.asked THEN e.status WHEN e.status = 'stopping' THEN 'stopped' WHEN jobs.succeeded > 0 THEN 'completed' ELSE 'failed' END,
                last_seq = e.last_seq + CASE WHEN jobs.ended = jobs.asked THEN 1 ELSE 0 END,
                current_step = CASE WHEN jobs.ended = jobs.asked THEN '' ELSE e.current_step END,
                finished_at = CASE WHEN jobs.ended = jobs.asked THEN now() END,
                error = CASE WHEN jobs.ended = jobs.asked AND jobs.succeeded = 0
                    THEN jsonb_build_object('class', $4::text, 'message', 'No format could be made. ' || left(jobs.reasons, 2000)) END
            FROM jobs WHERE e.id = jobs.execution_id AND e.status IN ('exporting', 'stopping')
            RETURNING e.id, e.user_id, e.status, e.last_seq, e.error
        )
        INSERT INTO execution_events (execution_id, seq, user_id, type, data)
        SELECT run.id, run.last_seq, run.user_id, 'run.' || run.status,
               CASE WHEN octet_length(run.error::text) <= 4000 THEN run.error
                    WHEN run.error IS NOT NULL THEN jsonb_set(run.error, '{message}', to_jsonb(left(run.error ->> 'message', 600)))
                    ELSE '{}' END
        FROM run WHERE run.status IN ('completed', 'failed', 'stopped')
        """;

    /// <summary>Tells the page map of a PDF that is set and has yet to be checked: formats that take its pages need not wait for more. Nothing when the job is held by another exporter now.</summary>
    /// <param name="pages">JSON.</param>
    public async Task TellPagesAsync(ExportLease lease, string pages, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        await batch
            .Add("UPDATE export_jobs SET pages = $3 WHERE id = $1 AND attempt = $2 AND status = 'running'", Sql.Value(lease.JobId), Sql.Value(lease.Attempt), Sql.Json(pages))
            .ExecuteAsync(cancellationToken);
    }

    /// <summary>Stores the file, its bytes first; false when the job is held by another exporter now.</summary>
    /// <exception cref="StorageException">The bytes could not be stored.</exception>
    public async Task<bool> SucceedAsync(ExportLease lease, ExportFormat format, ExportFile file, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var kept = await contents.KeepAsync(lease, file.Id, file.Content, file.Sha256, cancellationToken);
        var data = Json.Write(new { FileId = file.Id, Bytes = file.Content.Length, Milliseconds = (int)elapsed.TotalMilliseconds, Preflight = Counts(file.Report) });
        return await EndAsync(lease, "succeeded", null, file.Pages, JournalEventTypes.ExportSucceeded, data, file.Report,
            [Sql.Value(lease.JobId), Sql.Value(lease.Attempt), Sql.Value(file.Id), Sql.Value(file.Name), Sql.Value(format.MediaType),
                Sql.Value((long)file.Content.Length), Sql.Value(file.Sha256), Sql.OrNull(kept.WithRow, NpgsqlDbType.Bytea), Sql.OrNull(kept.ObjectId, NpgsqlDbType.Uuid)],
            cancellationToken);
    }

    /// <summary>Says why the format could not be made; false when the job is held by another exporter now.</summary>
    public Task<bool> FailAsync(ExportLease lease, string message, CancellationToken cancellationToken) => FailAsync(lease, message, null, cancellationToken);

    /// <summary>The same for a file that was made and did not pass, with what was found.</summary>
    public Task<bool> FailAsync(ExportLease lease, string message, PreflightReport? report, CancellationToken cancellationToken) =>
        EndAsync(lease, "failed", Storable(message), null, JournalEventTypes.ExportFailed, Json.Write(new { Message = Storable(message), Preflight = Counts(report) }), report, null, cancellationToken);

    private static object? Counts(PreflightReport? report) => report is null
        ? null
        : new { Errors = report.Count(PreflightSeverity.Error), Warnings = report.Count(PreflightSeverity.Warning), NotChecked = report.Count(PreflightSeverity.NotChecked) };

    /// <summary>Short enough for an event whatever its characters, and without NUL, which PostgreSQL does not store.</summary>
    private static string Storable(string message)
    {
        var text = message.Replace("\0", "", StringComparison.Ordinal);
        return text.Length <= MaxMessage ? text : text[..(char.IsHighSurrogate(text[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage)] + "…";
    }

    private async Task<bool> EndAsync(
        ExportLease lease, string status, string? error, string? pages, string type, string data, PreflightReport? report, NpgsqlParameter[]? file, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        batch.Add(End, Sql.Value(lease.JobId), Sql.Value(lease.Attempt), Sql.Value(status), Sql.OrNull(error, NpgsqlDbType.Text), Sql.Json(pages), Sql.Value(type), Sql.Json(data));
        if (file is not null)
        {
            batch.Add(StoreFile, file);
        }

        if (report is not null)
        {
            batch.Add(StoreReport, [Sql.Value(lease.JobId), Sql.Value(lease.Attempt), .. PreflightStore.Values(report)]);
        }

        batch.Add(Progress, Sql.Value(lease.JobId), Sql.Value(lease.Attempt), Sql.Value(RunProgress.Compiled), Sql.Value(ErrorClasses.Export));
        return await batch.ExecuteAsync(cancellationToken) > 0;
    }
}
