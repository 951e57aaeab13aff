using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Engines;

/// <summary>A version of an engine's workflow, without the workflow. It never changes.</summary>
/// <param name="Number">From 1; a copy's own versions count from 2, since its master's is the first.</param>
/// <param name="IsCurrent">Whether the engine's next run gets it.</param>
public sealed record WorkflowVersion(Guid Id, int Number, DateTime CreatedAt, bool IsCurrent);

/// <summary>A version with its workflow.</summary>
/// <param name="Definition">JSON as stored.</param>
public sealed record WorkflowText(WorkflowVersion Version, string Definition);

/// <summary>How a change of an engine's workflow went.</summary>
public enum VersionOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The user has no such engine.</summary>
    NoEngine,

    /// <summary>The engine has no such version.</summary>
    NoVersion,

    /// <summary>Another version is current than the caller has seen.</summary>
    Conflict,
}

/// <summary>The versions of engines' workflows. Runs keep the one that they were submitted with.</summary>
public sealed class WorkflowVersionStore(TenantDatabase database)
{
    private const string Current = """
        SELECT w.id, w.number, w.created_at, true, w.definition::text
        FROM user_engines e JOIN workflow_versions w ON w.id = e.workflow_version_id WHERE e.id = $1
        """;

    // What an engine can run: its own versions, the one it has, and its master's.
    private const string OfEngine = """
        FROM user_engines e
        JOIN ai_engines m ON m.id = e.engine_id
        JOIN workflow_versions w ON w.user_engine_id = e.id OR w.id IN (e.workflow_version_id, m.workflow_version_id)
        WHERE e.id = $1
        """;

    // Locked by a statement of its own, so that the next one sees what whoever was before has written.
    private const string Lock = "SELECT workflow_version_id FROM user_engines WHERE id = $1 FOR UPDATE";

    private const string Add = """
        WITH version AS (
            INSERT INTO workflow_versions (id, user_id, user_engine_id, number, definition)
            SELECT $2, e.user_id, e.id, 1 + coalesce((SELECT max(w.number) FROM workflow_versions w WHERE w.user_engine_id = e.id), 1), $4
            FROM user_engines e WHERE e.id = $1 AND ($3::uuid IS NULL OR e.workflow_version_id = $3)
            RETURNING id, number, created_at
        )
        UPDATE user_engines e SET workflow_version_id = v.id FROM version v WHERE e.id = $1
        RETURNING v.id, v.number, v.created_at, true
        """;

    private const string Choose = $"""
        WITH version AS (SELECT w.id, w.number, w.created_at {OfEngine} AND w.id = $2 AND ($3::uuid IS NULL OR e.workflow_version_id = $3))
        UPDATE user_engines e SET workflow_version_id = v.id FROM version v WHERE e.id = $1
        RETURNING v.id, v.number, v.created_at, true
        """;

    /// <summary>What the engine's next run would get; null when the user has no such engine.</summary>
    public async Task<WorkflowText?> CurrentAsync(Guid userId, Guid userEngineId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add(Current, Sql.Value(userEngineId)).ListAsync(row => new WorkflowText(Read(row), row.GetString(4)), cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Every version that the engine can have, the newest first; null when the user has no such engine.</summary>
    public async Task<Page<WorkflowVersion>?> ListAsync(Guid userId, Guid userEngineId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add("SELECT 1 FROM user_engines WHERE id = $1", Sql.Value(userEngineId))
            .Add($"""
                SELECT w.id, w.number, w.created_at, w.id = e.workflow_version_id {OfEngine}
                AND ($2::timestamptz IS NULL OR (w.created_at, w.id) < ($2, $3))
                ORDER BY w.created_at DESC, w.id DESC LIMIT $4
                """,
                Sql.Value(userEngineId), Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ReadAsync(cancellationToken);
        var engines = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var versions = await reader.RowsAsync(Read, cancellationToken);
        return engines.Count == 0 ? null : Page<WorkflowVersion>.Of(versions, page.Size, version => new PagePosition(version.CreatedAt, version.Id));
    }

    /// <summary>Stores a new version and makes it the engine's current one.</summary>
    /// <param name="definition">JSON of a workflow that can run.</param>
    /// <param name="seen">The version that the caller takes to be current; null when any will do.</param>
    public Task<(VersionOutcome Outcome, WorkflowVersion? Version)> AddAsync(
        Guid userId, Guid userEngineId, string definition, Guid? seen, CancellationToken cancellationToken) =>
        ChangeAsync(userId, userEngineId, seen, Add, [Sql.Value(userEngineId), Sql.Value(Guid.CreateVersion7()), Sql.OrNull(seen, NpgsqlDbType.Uuid), Sql.Json(definition)], cancellationToken);

    /// <summary>Makes an earlier version the engine's current one.</summary>
    /// <param name="seen">The version that the caller takes to be current; null when any will do.</param>
    public Task<(VersionOutcome Outcome, WorkflowVersion? Version)> ChooseAsync(
        Guid userId, Guid userEngineId, Guid versionId, Guid? seen, CancellationToken cancellationToken) =>
        ChangeAsync(userId, userEngineId, seen, Choose, [Sql.Value(userEngineId), Sql.Value(versionId), Sql.OrNull(seen, NpgsqlDbType.Uuid)], cancellationToken);

    private async Task<(VersionOutcome Outcome, WorkflowVersion? Version)> ChangeAsync(
        Guid userId, Guid userEngineId, Guid? seen, string change, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch.Add(Lock, Sql.Value(userEngineId)).Add(change, parameters).ReadAsync(cancellationToken);
        var current = await reader.RowsAsync(row => row.GetGuid(0), cancellationToken);
        var changed = await reader.RowsAsync(Read, cancellationToken);
        return (current, changed) switch
        {
            ([], _) => (VersionOutcome.NoEngine, null),
            (_, [var version]) => (VersionOutcome.Done, version),
            ([var other], _) when seen is not null && other != seen => (VersionOutcome.Conflict, null),
            _ => (VersionOutcome.NoVersion, null),
        };
    }

    private static WorkflowVersion Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt32(1), row.GetDateTime(2), row.GetBoolean(3));
}
