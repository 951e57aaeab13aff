using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Views;

/// <summary>Runs as <c>/v1</c> shows them; never reads text.</summary>
public sealed class RunViewStore(TenantDatabase database)
{
    private const string Select = $"""
        SELECT {ExecutionStore.Summary}, extract(epoch FROM e.ran_for + coalesce(now() - e.running_since, '0'))::float8, e.pause_requested, e.attempt, e.priority,
               e.concurrency_key, e.forked_from, e.workflow_version_id, e.queued_at, e.error::text, e.economy_hours, e.waits_for_batch,
               e.economy_hours IS NOT NULL AND EXISTS (SELECT FROM ai_calls c WHERE c.execution_id = e.id AND c.task = 'chapter')
                   AND NOT EXISTS (SELECT FROM ai_batch_calls b WHERE b.execution_id = e.id)
        FROM engine_executions e JOIN user_engines u ON u.id = e.user_engine_id
        """;

    /// <summary>A run with its book and files, in one round trip.</summary>
    public async Task<RunDetails?> FindAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add($"{Select} WHERE e.id = $1", Sql.Value(executionId))
            .Add("""
                SELECT version, title, words, jsonb_array_length(chapters), ai_service, partial FROM books
                WHERE execution_id = $1 ORDER BY version DESC LIMIT 1
                """, Sql.Value(executionId))
            .Add(ExecutionStore.Formats, Sql.Value(executionId))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(Read, cancellationToken);
        var books = await reader.RowsAsync(
            row => new BookView(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetString(4), row.GetBoolean(5)), cancellationToken);
        var files = await reader.RowsAsync(ExecutionStore.ReadFormat, cancellationToken);
        return runs is [var run] ? new(run, books.SingleOrDefault(), files) : null;
    }

    /// <summary>The user's runs, the newest first; of one state only when one is given.</summary>
    public async Task<Page<RunView>> ListAsync(Guid userId, RunStatus? status, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"""
            {Select}
            WHERE e.user_id = $1 AND ($2::text IS NULL OR e.status = $2) AND ($3::timestamptz IS NULL OR (e.created_at, e.id) < ($3, $4))
            ORDER BY e.created_at DESC, e.id DESC LIMIT $5
            """,
            Sql.Value(userId), Sql.OrNull(status?.Word(), NpgsqlDbType.Text),
            Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(Read, cancellationToken);
        return Page<RunView>.Of(rows, page.Size, run => new PagePosition(run.Summary.CreatedAt, run.Summary.Id));
    }

    private static RunView Read(NpgsqlDataReader row) => new(
        ExecutionStore.ReadSummary(row), TimeSpan.FromSeconds(row.GetDouble(16)), row.GetBoolean(17), row.GetInt32(18), row.GetInt32(19),
        row.Text(20), row.Nullable<Guid>(21), row.GetGuid(22), row.GetDateTime(23), row.Text(24) is { } error ? Json.Read<RunError>(error) : null, row.Nullable<short>(25), row.GetBoolean(26), row.GetBoolean(27));
}
