using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>The queue of runs as a worker sees it. All times are the database's.</summary>
public sealed class RunQueue(NpgsqlDataSource source)
{
    // The door's answer says whose rows the next statement may see, and which it reads.
    private const string Claim = """
        WITH claimed AS MATERIALIZED (SELECT id, user_id, attempt FROM claim_runs($1, $2, $3))
        SELECT claimed.*, told.* FROM claimed
        CROSS JOIN (SELECT set_config('app.user_ids', string_agg(DISTINCT user_id::text, ','), true), set_config('app.claimed', string_agg(id::text, ','), true) FROM claimed) told
        """;

    private const string Claimed = $"{RunLoader.Run} WHERE e.id = ANY (string_to_array(current_setting('app.claimed', true), ',')::uuid[])";

    /// <summary>
    /// Claims up to <paramref name="most"/> runs: ones whose lease has run out, and waiting ones in fair shares (door claim_runs); and reads those that are new, in the same round trip.
    /// </summary>
    public async Task<IReadOnlyList<ClaimedRun>> ClaimAsync(string worker, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantBatch.Statement(Claim, [Sql.Value(worker), Sql.Value(most), Sql.Value(lease)]));
        batch.BatchCommands.Add(TenantBatch.Statement(Claimed, []));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var leases = await reader.RowsAsync(Lease, cancellationToken);
        var read = (await reader.RowsAsync(row => (Id: row.GetGuid(0), Run: RunLoader.ReadNew(row)), cancellationToken)).ToDictionary(row => row.Id, row => row.Run);
        return [.. leases.Select(held => new ClaimedRun(held, read.GetValueOrDefault(held.ExecutionId)))];
    }

    /// <summary>The runs of this worker of which somebody has asked something since it last looked.</summary>
    public async Task<IReadOnlyList<RunLease>> RequestedAsync(string worker, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id, attempt FROM requested_runs($1)");
        command.Parameters.Add(Sql.Value(worker));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(Lease, cancellationToken);
    }

    /// <summary>Renews leases in one round trip; answers those that are held no longer.</summary>
    public async Task<IReadOnlyList<RunLease>> RenewAsync(IReadOnlyList<RunLease> leases, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return [];
        }

        var ordered = leases.OrderBy(held => held.ExecutionId).ToList();
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantBatch.Tenants(leases.Select(held => held.UserId)));
        batch.BatchCommands.Add(TenantBatch.Statement("""
            UPDATE engine_executions e SET lease_until = now() + $3
            FROM unnest($1::uuid[], $2::int[]) AS held (id, attempt)
            WHERE e.id = held.id AND e.attempt = held.attempt AND e.lease_until IS NOT NULL
            RETURNING e.id, e.user_id, e.attempt
            """,
            [Sql.Array(ordered, held => held.ExecutionId), Sql.Array(ordered, held => held.Attempt), Sql.Value(lease)]));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var kept = (await reader.RowsAsync(Lease, cancellationToken)).ToHashSet();
        return [.. leases.Where(held => !kept.Contains(held))];
    }

    private static RunLease Lease(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2));
}

/// <summary>A run that a worker has just claimed.</summary>
/// <param name="Snapshot">What the database holds of it; null when it is yet to be read (<see cref="RunLoader"/>).</param>
public sealed record ClaimedRun(RunLease Lease, RunSnapshot? Snapshot)
{
    /// <inheritdoc />
    public override string ToString() => $"Run {Lease.ExecutionId} (attempt {Lease.Attempt})";
}
