using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Engines;

/// <summary>A user's copy of a master engine, without its workflow.</summary>
/// <param name="EngineId">The master.</param>
/// <param name="Key">The master's short name.</param>
/// <param name="Status"><c>active</c> or <c>inactive</c>.</param>
public sealed record UserEngineSummary(Guid Id, Guid EngineId, string Key, string Name, string Description, string Status, DateTime CreatedAt);

/// <summary>A user's copy of a master engine with the version of the workflow that its next run would get.</summary>
/// <param name="Workflow">JSON as stored.</param>
public sealed record UserEngine(UserEngineSummary Summary, Guid WorkflowVersionId, string Workflow);

/// <summary>The engines that a user can run.</summary>
public sealed class UserEngineStore(TenantDatabase database)
{
    internal const string Select = """
        SELECT e.id, e.engine_id, m.key, e.name, e.description, e.status, e.created_at, e.workflow_version_id, w.definition::text
        FROM user_engines e JOIN ai_engines m ON m.id = e.engine_id JOIN workflow_versions w ON w.id = e.workflow_version_id
        WHERE e.id = $1
        """;

    /// <summary>The user's engines, the newest first.</summary>
    public async Task<Page<UserEngineSummary>> ListAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add("""
            SELECT e.id, e.engine_id, m.key, e.name, e.description, e.status, e.created_at
            FROM user_engines e JOIN ai_engines m ON m.id = e.engine_id
            WHERE $1::timestamptz IS NULL OR (e.created_at, e.id) < ($1, $2)
            ORDER BY e.created_at DESC, e.id DESC LIMIT $3
            """,
            Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(Summary, cancellationToken);
        return Page<UserEngineSummary>.Of(rows, page.Size, engine => new PagePosition(engine.CreatedAt, engine.Id));
    }

    /// <summary>One of the user's engines.</summary>
    public async Task<UserEngine?> FindAsync(Guid userId, Guid userEngineId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add(Select, Sql.Value(userEngineId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    internal static UserEngine Read(Npgsql.NpgsqlDataReader row) => new(Summary(row), row.GetGuid(7), row.GetString(8));

    private static UserEngineSummary Summary(Npgsql.NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetDateTime(6));
}
