using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Batches;

/// <summary>A call that is not made now but waits for a provider's batch; its intent is a row of <c>ai_calls</c> as any other's.</summary>
/// <param name="ProviderId">The provider's row; empty for one of the environment.</param>
/// <param name="Request">JSON, as it would have been sent.</param>
/// <param name="Hours">How long it may wait.</param>
public sealed record ParkedCall(ModelCallRecord Call, Guid ProviderId, string Request, int Hours);

/// <summary>A parked call whose answer a finished step was made of.</summary>
public sealed record TakenCall(Guid Id);

/// <summary>A parked call of a run as its worker knows it.</summary>
/// <param name="State">waiting, submitted, answered, failed or taken.</param>
public sealed record BatchCall(Guid Id, StepKey Step, string State)
{
    /// <summary>Whether nobody knows yet what comes of it.</summary>
    public bool IsWaiting => State is "waiting" or "submitted";
}

/// <summary>What a worker's commits write of parked calls; parts of its statements, whose rows hang on <c>run</c>.</summary>
internal static class ParkedCallSql
{
    /// <summary>The calls of runs that are read.</summary>
    public const string Select = "SELECT execution_id, node_id, item, generation, id, state FROM ai_batch_calls WHERE execution_id = ANY($1) AND state <> 'abandoned'";

    public const string Park = """
        , parked AS (
            INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, request, deadline)
            SELECT p.id, run.id, $1, p.node_id, p.item, p.generation, p.provider_id, p.provider, p.provider_name, p.model, p.request, clock_timestamp() + make_interval(hours => p.hours)
            FROM unnest({0}::uuid[], {1}::uuid[], {2}::text[], {3}::int[], {4}::int[], {5}::uuid[], {6}::text[], {7}::text[], {8}::text[], {9}::text[], {10}::int[])
                AS p (run_id, id, node_id, item, generation, provider_id, provider, provider_name, model, request, hours)
            JOIN run ON run.id = p.run_id
        )
        """;

    public const string Take = """
        , taken AS (
            UPDATE ai_batch_calls c SET state = 'taken', answer = NULL
            FROM unnest({0}::uuid[], {1}::uuid[]) AS t (run_id, id)
            JOIN run ON run.id = t.run_id
            WHERE c.id = t.id AND c.state = 'answered'
        )
        """;

    public static BatchCall Read(NpgsqlDataReader row) => new(row.GetGuid(4), new StepKey(row.GetString(1), row.GetInt32(2), row.GetInt32(3)), row.GetString(5));

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
    ];

    public static NpgsqlParameter[] TakeValues(IReadOnlyList<(RunLease Lease, TakenCall Value)> rows) =>
        [Sql.Array(rows, row => row.Lease.ExecutionId), Sql.Array(rows, row => row.Value.Id)];
}
