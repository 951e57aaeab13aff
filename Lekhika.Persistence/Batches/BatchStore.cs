using Lekhika.Core.Executions;
using Lekhika.Core.Models;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Batches;

/// <summary>The batches as the service sees them that takes calls to providers and answers back. Time is the database's alone.</summary>
public sealed class BatchStore(NpgsqlDataSource source, TenantDatabase database)
{
    private const string Batch = """
        SELECT b.id, b.execution_id, b.provider_id, b.provider, b.provider_name, b.model, b.state, b.provider_batch_id, b.tried_at, b.cancelled_for,
               extract(epoch FROM clock_timestamp() - b.cancelled_at)::float8, b.deadline <= clock_timestamp(),
               e.status IN ('queued', 'running', 'paused') AND EXISTS (SELECT FROM ai_batch_calls c WHERE c.batch_id = b.id AND c.state IN ('waiting', 'submitted')),
               b.looks, b.created_at, e.traceparent
        FROM ai_batches b JOIN engine_executions e ON e.id = b.execution_id
        WHERE b.id = $1 AND b.attempt = $2 AND b.state <> 'ended'
        """;

    private const string Calls = """
        SELECT c.id, c.request, p.id, p.version, p.input_per_million, p.output_per_million, p.cached_input_per_million, p.cache_write_per_million, p.batch_factor, p.per_image, c.state <> 'abandoned'
        FROM ai_batch_calls c JOIN ai_calls a ON a.id = c.id LEFT JOIN ai_model_prices p ON p.id = a.price_id
        WHERE c.batch_id = $1 AND c.settled_at IS NULL ORDER BY c.node_id, c.item, c.id
        """;

    // An answer is one even when nobody wants it any more: it was paid for, and ai_calls says so.
    private const string Settle = """
        WITH batch AS (
            SELECT b.id, b.cancelled_for FROM ai_batches b WHERE b.id = $1 AND b.attempt = $2 AND b.state <> 'ended'
        ), call AS (
            UPDATE ai_batch_calls c SET
                state = CASE WHEN c.state = 'abandoned' THEN 'abandoned' WHEN $4::text IS NOT NULL THEN 'answered' WHEN batch.cancelled_for = 'unwanted' THEN 'abandoned' ELSE 'failed' END,
                answer = CASE WHEN c.state <> 'abandoned' THEN $4 END,
                error_class = $5, request = NULL, settled_at = clock_timestamp()
            FROM batch
            WHERE c.batch_id = batch.id AND c.settled_at IS NULL AND c.id = $3
            RETURNING c.id
        )
        UPDATE ai_calls a SET
            status = CASE WHEN $4::text IS NULL THEN 'failed' ELSE 'succeeded' END, error_class = $5, finish_reason = $6, model_answered = $7,
            input_tokens = $8, output_tokens = $9, cached_input_tokens = $10, cache_write_tokens = $11, reasoning_tokens = $12, cost = $13,
            milliseconds = least(2147483647, extract(epoch FROM clock_timestamp() - a.started_at) * 1000)::integer
        FROM call WHERE a.id = call.id
        RETURNING 1
        """;

    // What is left of it has no answer. What was never sent has cost nothing.
    private const string End = """
        WITH batch AS (
            UPDATE ai_batches b SET state = 'ended', ended_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL
            WHERE b.id = $1 AND b.attempt = $2 AND b.state <> 'ended'
            RETURNING b.id, b.tried_at, b.cancelled_for
        ), call AS (
            UPDATE ai_batch_calls c SET
                state = CASE WHEN c.state = 'abandoned' OR batch.cancelled_for = 'unwanted' THEN 'abandoned' ELSE 'failed' END,
                error_class = CASE batch.cancelled_for WHEN 'unwanted' THEN 'cancelled' WHEN 'deadline' THEN 'timed_out' ELSE $3 END,
                request = NULL, settled_at = clock_timestamp()
            FROM batch WHERE c.batch_id = batch.id AND c.settled_at IS NULL
            RETURNING c.id, c.error_class, CASE WHEN batch.tried_at IS NULL OR NOT $4 THEN 0 END AS cost
        ), recorded AS (
            UPDATE ai_calls a SET status = 'failed', error_class = call.error_class, cost = call.cost,
                milliseconds = least(2147483647, extract(epoch FROM clock_timestamp() - a.started_at) * 1000)::integer
            FROM call WHERE a.id = call.id
        )
        SELECT 1 FROM batch
        """;

    /// <summary>Settles what will not be sent, and puts what waits into new batches (door gather_batches); answers how many there are.</summary>
    /// <param name="patience">How long a run that still works may have its first waiting call wait for others.</param>
    public async Task<int> GatherAsync(TimeSpan patience, int mostCalls, long mostBytes, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id FROM gather_batches($1, $2, $3)");
        command.Parameters.Add(Sql.Value(patience));
        command.Parameters.Add(Sql.Value(mostCalls));
        command.Parameters.Add(Sql.Value(mostBytes));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await reader.RowsAsync(row => row.GetGuid(0), cancellationToken)).Count;
    }

    /// <summary>Claims batches that somebody must see to (door claim_batches).</summary>
    public async Task<IReadOnlyList<BatchLease>> ClaimAsync(string worker, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id, attempt FROM claim_batches($1, $2, $3)");
        command.Parameters.Add(Sql.Value(worker));
        command.Parameters.Add(Sql.Value(most));
        command.Parameters.Add(Sql.Value(lease));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(row => new BatchLease(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2)), cancellationToken);
    }

    /// <summary>A claimed batch with its calls; null when it is ours no longer.</summary>
    public async Task<StoredBatch?> LoadAsync(BatchLease lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        await using var reader = await batch.Add(Batch, Sql.Value(lease.BatchId), Sql.Value(lease.Attempt)).Add(Calls, Sql.Value(lease.BatchId)).ReadAsync(cancellationToken);
        var found = await reader.RowsAsync(
            row => new StoredBatch(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.Text(7), row.Nullable<DateTime>(8), row.Text(9),
                row.Nullable<double>(10) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, row.GetBoolean(11), row.GetBoolean(12), row.GetInt32(13), row.GetDateTime(14), row.Text(15)),
            cancellationToken);
        var calls = await reader.RowsAsync(row => new StoredBatchCall(row.GetGuid(0), row.GetString(1), row.GetBoolean(10), Price(row)), cancellationToken);
        return found is [var one] ? one with { Calls = calls } : null;
    }

    /// <summary>Before it is made at the provider. False: it is ours no longer, and must not be made.</summary>
    public Task<bool> TryingAsync(BatchLease lease, CancellationToken cancellationToken) =>
        WriteAsync(lease, "UPDATE ai_batches SET tried_at = clock_timestamp() WHERE id = $1 AND attempt = $2 AND state = 'making' RETURNING 1", cancellationToken);

    /// <summary>The provider has certainly not made it; it is tried again after a while.</summary>
    public Task<bool> NotMadeAsync(BatchLease lease, TimeSpan again, CancellationToken cancellationToken) => WriteAsync(
        lease,
        "UPDATE ai_batches SET tried_at = NULL, looks = looks + 1, look_at = clock_timestamp() + $3, lease_owner = NULL, lease_until = NULL WHERE id = $1 AND attempt = $2 AND state = 'making' RETURNING 1",
        cancellationToken,
        Sql.Value(again));

    /// <summary>The provider has it.</summary>
    public Task<bool> MadeAsync(BatchLease lease, string providerBatchId, TimeSpan firstLook, CancellationToken cancellationToken) => WriteAsync(
        lease,
        """
        WITH batch AS (
            UPDATE ai_batches SET state = 'open', provider_batch_id = $3, submitted_at = clock_timestamp(), looks = 0, look_at = clock_timestamp() + $4, lease_owner = NULL, lease_until = NULL
            WHERE id = $1 AND attempt = $2 AND state = 'making' RETURNING id
        ), call AS (
            UPDATE ai_batch_calls c SET state = 'submitted' FROM batch WHERE c.batch_id = batch.id AND c.state = 'waiting'
        )
        SELECT 1 FROM batch
        """,
        cancellationToken,
        Sql.Value(providerBatchId),
        Sql.Value(firstLook));

    /// <summary>Nothing new of it; it is looked at again after a while.</summary>
    public Task<bool> LookAgainAsync(BatchLease lease, TimeSpan after, CancellationToken cancellationToken) => WriteAsync(
        lease,
        "UPDATE ai_batches SET looks = looks + 1, look_at = clock_timestamp() + $3, lease_owner = NULL, lease_until = NULL WHERE id = $1 AND attempt = $2 AND state <> 'ended' RETURNING 1",
        cancellationToken,
        Sql.Value(after));

    /// <summary>Gives a batch back unharmed.</summary>
    /// <param name="settling">How long nobody looks at one that somebody had begun to make.</param>
    public Task<bool> HandBackAsync(BatchLease lease, TimeSpan settling, CancellationToken cancellationToken) => WriteAsync(
        lease,
        """
        UPDATE ai_batches SET look_at = clock_timestamp() + CASE WHEN state = 'making' AND tried_at IS NOT NULL THEN $3 ELSE interval '0' END, lease_owner = NULL, lease_until = NULL
        WHERE id = $1 AND attempt = $2 AND state <> 'ended' RETURNING 1
        """,
        cancellationToken,
        Sql.Value(settling));

    /// <summary>From now on it is being cancelled.</summary>
    /// <param name="reason">deadline or unwanted.</param>
    public Task<bool> CancellingAsync(BatchLease lease, string reason, CancellationToken cancellationToken) => WriteAsync(
        lease,
        "UPDATE ai_batches SET cancelled_for = $3, cancelled_at = clock_timestamp() WHERE id = $1 AND attempt = $2 AND state <> 'ended' AND cancelled_for IS NULL RETURNING 1",
        cancellationToken,
        Sql.Value(reason));

    /// <summary>What came of one call; one that is known already stays as it is.</summary>
    public Task<bool> SettleAsync(BatchLease lease, BatchOutcome outcome, CancellationToken cancellationToken) => WriteAsync(
        lease,
        Settle,
        cancellationToken,
        Sql.Value(outcome.CallId),
        Sql.OrNull(outcome.Answer?.Text, NpgsqlDbType.Text),
        Sql.OrNull(outcome.ErrorClass, NpgsqlDbType.Text),
        Sql.OrNull(outcome.Answer?.FinishReason, NpgsqlDbType.Text),
        Sql.OrNull(outcome.Answer?.Model, NpgsqlDbType.Text),
        Sql.Value(outcome.Tokens.Input),
        Sql.Value(outcome.Tokens.Output),
        Sql.Value(outcome.Tokens.CachedInput),
        Sql.Value(outcome.Tokens.CacheWrite),
        Sql.Value(outcome.Tokens.Reasoning),
        Sql.OrNull(outcome.Cost, NpgsqlDbType.Numeric));

    /// <summary>Nobody looks at it any more; calls that have no answer get none.</summary>
    /// <param name="errorClass">Why they have none, when it was not cancelled.</param>
    /// <param name="wasMade">False: the provider has certainly not made it, so it has cost nothing.</param>
    public Task<bool> EndAsync(BatchLease lease, string errorClass, bool wasMade, CancellationToken cancellationToken) =>
        WriteAsync(lease, End, cancellationToken, Sql.Value(errorClass), Sql.Value(wasMade));

    /// <summary>Has runs go on that rest for their batch and need not any longer (door batch_rests_over); answers how many do.</summary>
    public async Task<int> WakeAsync(CancellationToken cancellationToken)
    {
        const int most = 100;
        await using var command = source.CreateCommand("SELECT id, user_id FROM batch_rests_over($1)");
        command.Parameters.Add(Sql.Value(most));
        var rested = new List<(Guid Id, Guid UserId)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            rested = await reader.RowsAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken);
        }

        var woken = 0;
        foreach (var (id, userId) in rested)
        {
            woken += (await database.ChangeAsync(userId, id, [RunChange.BatchOver], cancellationToken)).Made is null ? 0 : 1;
        }

        return woken;
    }

    private async Task<bool> WriteAsync(BatchLease lease, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        await using var batch = database.For(lease.UserId);
        return await batch.Add(sql, [Sql.Value(lease.BatchId), Sql.Value(lease.Attempt), .. more]).ListAsync(row => row.GetInt32(0), cancellationToken) is [_];
    }

    private static ModelPrice? Price(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new ModelPrice(row.GetGuid(2), row.GetInt32(3), row.GetDecimal(4), row.GetDecimal(5), row.Nullable<decimal>(6), row.Nullable<decimal>(7), row.GetDecimal(8), row.Nullable<decimal>(9));
}
