using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Batches;

/// <summary>A call that is not made now but waits for a provider's batch; its intent is a row of <c>ai_calls</c> as any other's.</summary>
/// <param name="ProviderId">The provider's row; empty for one of the environment.</param>
/// <param name="Request">JSON, as it would have been sent.</param>
/// <param name="Hours">How long it may wait.</param>
/// <param name="Inputs">SHA-256 of what the step is made of: an answer to anything else is none.</param>
public sealed record ParkedCall(ModelCallRecord Call, Guid ProviderId, string Request, int Hours, byte[] Inputs);

/// <summary>A parked call of a step that is finished now.</summary>
/// <param name="IsUsed">Whether the step was made of its answer; otherwise what the step is made of had changed, and nobody wants the answer.</param>
public sealed record TakenCall(Guid Id, bool IsUsed);

/// <summary>A parked call of a run as its worker knows it.</summary>
/// <param name="State">waiting, submitted, answered, failed or taken.</param>
/// <param name="Inputs">SHA-256 of what the step was made of when it was parked.</param>
public sealed record BatchCall(Guid Id, StepKey Step, string State, byte[] Inputs)
{
    /// <summary>Whether nobody knows yet what comes of it.</summary>
    public bool IsWaiting => State is "waiting" or "submitted";
}

/// <summary>What a worker's commits write of parked calls; parts of its statements, whose rows hang on <c>run</c>.</summary>
internal static class ParkedCallSql
{
    /// <summary>The calls of a run that is read.</summary>
    public const string Select = "SELECT node_id, item, generation, id, state, inputs FROM ai_batch_calls WHERE execution_id = $1 AND state <> 'abandoned'";

    public const string Park = """
        , parked AS (
            INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, request, inputs, deadline)
            SELECT p.id, run.id, run.user_id, p.node_id, p.item, p.generation, p.provider_id, p.provider, p.provider_name, p.model, p.request, p.inputs, clock_timestamp() + make_interval(hours => p.hours)
            FROM unnest({0}::uuid[], {1}::uuid[], {2}::text[], {3}::int[], {4}::int[], {5}::uuid[], {6}::text[], {7}::text[], {8}::text[], {9}::text[], {10}::int[], {11}::bytea[])
                AS p (run_id, id, node_id, item, generation, provider_id, provider, provider_name, model, request, hours, inputs)
            JOIN run ON run.id = p.run_id
        )
        """;

    public const string Take = """
        , taken AS (
            UPDATE ai_batch_calls c SET state = CASE WHEN t.is_used THEN 'taken' ELSE 'abandoned' END, answer = NULL
            FROM unnest({0}::uuid[], {1}::uuid[], {2}::bool[]) AS t (run_id, id, is_used)
            JOIN run ON run.id = t.run_id
            WHERE c.id = t.id AND (c.state = 'answered' OR (NOT t.is_used AND c.state IN ('waiting', 'submitted', 'failed')))
        )
        """;

    public static BatchCall Read(NpgsqlDataReader row) => new(row.GetGuid(3), new StepKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), row.GetString(4), row.GetFieldValue<byte[]>(5));

    public static NpgsqlParameter[] ParkValues(IReadOnlyList<(RunLease Lease, ParkedCall Value)> rows) =>
    [
        Sql.Array(rows, row => row.Lease.ExecutionId),
        Sql.Array(rows, row => row.Value.Call.Id),
        Sql.Array(rows, row => row.Value.Call.Step.NodeId),
        Sql.Array(rows, row => row.Value.Call.Step.Item),
        Sql.Array(rows, row => row.Value.Call.Step.Generation),
        Sql.Array(rows, row => row.Value.ProviderId),
        Sql.Array(rows, row => row.Value.Call.Provider),
        Sql.Array(rows, row => row.Value.Call.ProviderName),
        Sql.Array(rows, row => row.Value.Call.ModelAsked),
        Sql.Array(rows, row => row.Value.Request),
        Sql.Array(rows, row => row.Value.Hours),
        Sql.Array(rows, row => row.Value.Inputs),
    ];

    public static NpgsqlParameter[] TakeValues(IReadOnlyList<(RunLease Lease, TakenCall Value)> rows) =>
        [Sql.Array(rows, row => row.Lease.ExecutionId), Sql.Array(rows, row => row.Value.Id), Sql.Array(rows, row => row.Value.IsUsed)];
}
