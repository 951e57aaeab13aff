using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Engines;

/// <summary>A user's copy of a master engine, without its workflow.</summary>
/// <param name="EngineId">The master.</param>
/// <param name="Key">The master's short name.</param>
/// <param name="Status"><c>active</c> or <c>inactive</c>.</param>
public sealed record UserEngineSummary(Guid Id, Guid EngineId, string Key, string Name, string Description, string Status, DateTime CreatedAt);

/// <summary>A user's copy of a master engine with the version of the workflow that its next run would get.</summary>
public sealed record UserEngine(UserEngineSummary Summary, Guid WorkflowVersionId);

/// <summary>The engines that a user can run.</summary>
public sealed class UserEngineStore(TenantDatabase database)
{
    internal const string Select = $"SELECT {Columns} {From} WHERE e.id = $1";

    private const string Columns = "e.id, e.engine_id, m.key, e.name, e.description, e.status, e.created_at, e.workflow_version_id";
    private const string From = "FROM user_engines e JOIN ai_engines m ON m.id = e.engine_id";

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

    /// <summary>One of the user's engines, and its workflow as it is stored (JSON).</summary>
    public async Task<(UserEngine Engine, string Workflow)?> FindAsync(Guid userId, Guid userEngineId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"SELECT {Columns}, w.definition::text {From} JOIN workflow_versions w ON w.id = e.workflow_version_id WHERE e.id = $1", Sql.Value(userEngineId))
            .ListAsync(row => (Read(row), row.GetString(8)), cancellationToken);
        return rows is [var engine] ? engine : null;
    }

    internal static UserEngine Read(Npgsql.NpgsqlDataReader row) => new(Summary(row), row.GetGuid(7));

    private static UserEngineSummary Summary(Npgsql.NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetDateTime(6));
}
