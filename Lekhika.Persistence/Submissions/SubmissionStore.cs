using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Submissions;

/// <summary>A run that has passed every check and may be queued.</summary>
/// <param name="ConcurrencyKey">Of the user's runs with the same key one works at a time.</param>
/// <param name="EconomyHours">How long calls may wait for a batch; null at normal speed.</param>
public sealed record NewRun(
    Guid UserId,
    UserEngine Engine,
    Brief Brief,
    IReadOnlyList<ExportFormat> Formats,
    ExportSettings Settings,
    int Priority,
    string? TraceParent,
    IdempotentRequest? Idempotency,
    string? ConcurrencyKey = null,
    int? EconomyHours = null);

/// <summary>A request that may arrive twice.</summary>
/// <param name="Key">The client's name for it.</param>
/// <param name="Hash">SHA-256 of what was asked.</param>
public sealed record IdempotentRequest(string Key, byte[] Hash);

/// <summary>A run that is in the queue, or was.</summary>
/// <param name="RequestHash">Of the request that made it, when it had an idempotency key.</param>
/// <param name="IsNew">False when an earlier request with the same key had made it.</param>
public sealed record SubmittedRun(Guid Id, DateTime CreatedAt, byte[]? RequestHash, bool IsNew);

/// <summary>What a submission is checked against.</summary>
/// <param name="Engine">The caller's engine, or null.</param>
/// <param name="Earlier">The run that an earlier request with the same key had made.</param>
/// <param name="Policy">What will not be written for the caller.</param>
public sealed record SubmissionGround(UserEngine? Engine, SubmittedRun? Earlier, ContentPolicy Policy);

/// <summary>Puts runs into the queue: status row, input and the journal's first event in one statement.</summary>
public sealed class SubmissionStore(TenantDatabase database)
{
    internal const string Earlier = "SELECT id, created_at, request_hash FROM engine_executions WHERE idempotency_key = $1";

    private const string Insert = """
        WITH run AS (
            INSERT INTO engine_executions
                (id, user_id, user_engine_id, workflow_version_id, title, formats, priority, last_seq, traceparent, idempotency_key, request_hash, concurrency_key, economy_hours)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $14, $15)
            ON CONFLICT (user_id, idempotency_key) DO NOTHING
            RETURNING id, created_at, request_hash
        ), input AS (
            INSERT INTO execution_inputs (execution_id, user_id, brief, settings) SELECT id, $2, $11, $12 FROM run
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type) SELECT id, 1, $2, $13 FROM run
        )
        SELECT id, created_at, request_hash FROM run
        """;

    /// <summary>Reads the caller's engine, what an earlier request with the same key made, and the caller's policy, in one round trip.</summary>
    public async Task<SubmissionGround> PrepareAsync(Guid userId, Guid userEngineId, string? idempotencyKey, CancellationToken cancellationToken)
    {
        await using var batch = AddGround(database.For(userId), userEngineId, idempotencyKey);
        await using var reader = await batch.ReadAsync(cancellationToken);
        return await ReadGroundAsync(reader, idempotencyKey, cancellationToken);
    }

    /// <summary>A version of a workflow (JSON). It never changes.</summary>
    public async Task<string> WorkflowAsync(Guid userId, Guid versionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch.Add("SELECT definition::text FROM workflow_versions WHERE id = $1", Sql.Value(versionId)).ListAsync(row => row.GetString(0), cancellationToken);
        return found.Single();
    }

    /// <summary>Queues the run, or answers the one that a request with the same key has queued in the meantime.</summary>
    public async Task<SubmittedRun> SubmitAsync(NewRun run, CancellationToken cancellationToken)
    {
        await using var batch = database.For(run.UserId)
            .Add(Insert,
                Sql.Value(Guid.CreateVersion7()), Sql.Value(run.UserId), Sql.Value(run.Engine.Summary.Id), Sql.Value(run.Engine.WorkflowVersionId),
                Sql.Value(run.Brief.Title), Sql.Value(run.Formats.Select(format => format.Key).ToArray()), Sql.Value(run.Priority),
                Sql.OrNull(run.TraceParent, NpgsqlDbType.Text),
                Sql.OrNull(run.Idempotency?.Key, NpgsqlDbType.Text), Sql.OrNull(run.Idempotency?.Hash, NpgsqlDbType.Bytea),
                Sql.Json(Json.Write(run.Brief)), Sql.Json(Json.Write(run.Settings)), Sql.Value(JournalEventTypes.RunSubmitted), Sql.OrNull(run.ConcurrencyKey, NpgsqlDbType.Text),
                Sql.OrNull((short?)run.EconomyHours, NpgsqlDbType.Smallint));
        if (run.Idempotency is { Key: var key })
        {
            batch.Add(Earlier, Sql.Value(key));
        }

        await using var reader = await batch.ReadAsync(cancellationToken);
        var queued = await reader.RowsAsync(row => Read(row, isNew: true), cancellationToken);
        var earlier = run.Idempotency is null ? [] : await reader.RowsAsync(row => Read(row, isNew: false), cancellationToken);
        return queued.Concat(earlier).First();
    }

    /// <summary>Adds what a submission is checked against to a batch of whoever asks.</summary>
    internal static TenantBatch AddGround(TenantBatch batch, Guid userEngineId, string? idempotencyKey)
    {
        batch.Add(UserEngineStore.Select, Sql.Value(userEngineId)).Add(StoredPolicies.Select);
        return idempotencyKey is null ? batch : batch.Add(Earlier, Sql.Value(idempotencyKey));
    }

    /// <summary>Reads what <see cref="AddGround"/> has asked for.</summary>
    internal static async Task<SubmissionGround> ReadGroundAsync(NpgsqlDataReader reader, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var engines = await reader.RowsAsync(UserEngineStore.Read, cancellationToken);
        var policies = await StoredPolicies.ReadAsync(reader, cancellationToken);
        var earlier = idempotencyKey is null ? [] : await reader.RowsAsync(row => Read(row, isNew: false), cancellationToken);
        return new(engines.SingleOrDefault(), earlier.SingleOrDefault(), policies.Effective);
    }

    internal static SubmittedRun Read(NpgsqlDataReader row, bool isNew) =>
        new(row.GetGuid(0), row.GetDateTime(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2), isNew);
}
