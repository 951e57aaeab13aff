using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Views;

/// <summary>A run that failed, with the step it was.</summary>
/// <param name="NodeId">Null when no single node failed.</param>
/// <param name="RedrivenAt">When the run was driven again; null while it waits for that.</param>
public sealed record DeadLetter(
    Guid Id, Guid ExecutionId, string Title, string? NodeId, int? Item, string ErrorClass, string Message, DateTime CreatedAt, DateTime? RedrivenAt);

/// <summary>Runs that wait for somebody to drive them again.</summary>
public sealed class DeadLetterStore(TenantDatabase database)
{
    private const string Select = """
        SELECT d.id, d.execution_id, e.title, d.node_id, d.item, d.error_class, d.message, d.created_at, d.redriven_at
        FROM dead_letters d JOIN engine_executions e ON e.id = d.execution_id
        """;

    /// <summary>The user's dead letters, the newest first.</summary>
    /// <param name="all">Also those of runs that were driven again.</param>
    public async Task<Page<DeadLetter>> ListAsync(Guid userId, bool all, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"""
            {Select}
            WHERE d.user_id = $1 AND ($2 OR d.redriven_at IS NULL) AND ($3::timestamptz IS NULL OR (d.created_at, d.id) < ($3, $4))
            ORDER BY d.created_at DESC, d.id DESC LIMIT $5
            """,
            Sql.Value(userId), Sql.Value(all), Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(Read, cancellationToken);
        return Page<DeadLetter>.Of(rows, page.Size, letter => new PagePosition(letter.CreatedAt, letter.Id));
    }

    /// <summary>One of the user's dead letters.</summary>
    public async Task<DeadLetter?> FindAsync(Guid userId, Guid letterId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"{Select} WHERE d.id = $1", Sql.Value(letterId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    private static DeadLetter Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.Text(3), row.Nullable<int>(4), row.GetString(5), row.GetString(6), row.GetDateTime(7), row.Nullable<DateTime>(8));
}
