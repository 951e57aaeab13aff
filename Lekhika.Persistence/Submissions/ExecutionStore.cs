using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Submissions;

/// <summary>A run's small status row.</summary>
/// <param name="Progress">0 to 100.</param>
/// <param name="ChaptersTotal">Null until the outline is there.</param>
public sealed record ExecutionSummary(
    Guid Id,
    RunStatus Status,
    string Title,
    double Progress,
    string CurrentStep,
    int Words,
    int ChaptersDone,
    int? ChaptersTotal,
    long InputTokens,
    long OutputTokens,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime? FinishedAt,
    Guid UserEngineId,
    Guid EngineId,
    string EngineName);

/// <summary>All that a poll wants to know of a run.</summary>
/// <param name="Book">The newest; null until the manuscript is compiled.</param>
/// <param name="Files">The newest order's job of each format; empty until the first order.</param>
public sealed record ExecutionDetails(ExecutionSummary Summary, RunError? Error, CompiledBook? Book, IReadOnlyList<FormatState> Files);

/// <summary>The book that a run made.</summary>
public sealed record CompiledBook(string Title, int Words, int Chapters, string AiService);

/// <summary>How the making of one format stands.</summary>
/// <param name="Status">queued, running, succeeded or failed.</param>
/// <param name="File">The file, once there is one.</param>
/// <param name="Check">What was found in it; null until it was looked at.</param>
public sealed record FormatState(string Format, string Status, string? Error, FormatFile? File, FormatCheck? Check);

/// <summary>How many findings a file's preflight has.</summary>
/// <param name="IsComplete">Whether nothing is still being looked at.</param>
public sealed record FormatCheck(bool IsComplete, int Errors, int Warnings, int NotChecked);

/// <summary>A file that can be downloaded.</summary>
public sealed record FormatFile(Guid Id, string Name, string MediaType, long Bytes, byte[] Sha256);

/// <summary>Runs as their owner sees them; never reads text.</summary>
public sealed class ExecutionStore(TenantDatabase database)
{
    internal const string Summary = """
        e.id, e.status, e.title, e.progress, e.current_step, e.words, e.chapters_done, e.chapters_total, e.input_tokens, e.output_tokens,
        e.created_at, e.started_at, e.finished_at, u.id, u.engine_id, u.name
        """;

    internal const string Formats = """
        SELECT DISTINCT ON (j.format) j.format, j.status, j.error, f.id, f.name, f.media_type, f.bytes, f.sha256, r.is_complete, r.errors, r.warnings, r.not_checked
        FROM export_jobs j LEFT JOIN files f ON f.export_job_id = j.id LEFT JOIN preflight_reports r ON r.export_job_id = j.id
        WHERE j.execution_id = $1
        ORDER BY j.format, j.order_no DESC
        """;

    /// <summary>A run with the state of its files, in one round trip.</summary>
    public async Task<ExecutionDetails?> FindAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add($"""
                SELECT {Summary}, e.error::text, b.title, b.words, jsonb_array_length(b.chapters), b.ai_service
                FROM engine_executions e
                JOIN user_engines u ON u.id = e.user_engine_id
                LEFT JOIN LATERAL (SELECT * FROM books n WHERE n.execution_id = e.id ORDER BY n.version DESC LIMIT 1) b ON true
                WHERE e.id = $1
                """, Sql.Value(executionId))
            .Add(Formats, Sql.Value(executionId))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => new ExecutionDetails(
            ReadSummary(row),
            row.Text(16) is { } error ? Json.Read<RunError>(error) : null,
            row.IsDBNull(17) ? null : new CompiledBook(row.GetString(17), row.GetInt32(18), row.GetInt32(19), row.GetString(20)),
            []), cancellationToken);
        var files = await reader.RowsAsync(ReadFormat, cancellationToken);
        return runs is [var run] ? run with { Files = files } : null;
    }

    /// <summary>The user's runs, the newest first.</summary>
    public async Task<Page<ExecutionSummary>> ListAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"""
            SELECT {Summary}
            FROM engine_executions e JOIN user_engines u ON u.id = e.user_engine_id
            WHERE e.user_id = $1 AND ($2::timestamptz IS NULL OR (e.created_at, e.id) < ($2, $3))
            ORDER BY e.created_at DESC, e.id DESC LIMIT $4
            """,
            Sql.Value(userId), Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(ReadSummary, cancellationToken);
        return Page<ExecutionSummary>.Of(rows, page.Size, run => new PagePosition(run.CreatedAt, run.Id));
    }

    internal static FormatState ReadFormat(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.Text(2),
        row.IsDBNull(3) ? null : new FormatFile(row.GetGuid(3), row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetFieldValue<byte[]>(7)),
        row.IsDBNull(8) ? null : new FormatCheck(row.GetBoolean(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11)));

    internal static ExecutionSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetGuid(0), RunStatusWords.Parse(row.GetString(1)), row.GetString(2), row.GetFloat(3), row.GetString(4), row.GetInt32(5),
        row.GetInt32(6), row.Nullable<int>(7), row.GetInt64(8), row.GetInt64(9),
        row.GetDateTime(10), row.Nullable<DateTime>(11), row.Nullable<DateTime>(12), row.GetGuid(13), row.GetGuid(14), row.GetString(15));
}
