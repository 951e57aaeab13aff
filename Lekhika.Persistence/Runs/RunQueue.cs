using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>The queue of runs as a worker sees it. All times are the database's.</summary>
public sealed class RunQueue(NpgsqlDataSource source)
{
    /// <summary>Claims up to <paramref name="most"/> runs: ones whose lease has run out, and waiting ones in fair shares (door claim_runs).</summary>
    public async Task<IReadOnlyList<RunLease>> ClaimAsync(string worker, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id, attempt FROM claim_runs($1, $2, $3)");
        command.Parameters.Add(Sql.Value(worker));
        command.Parameters.Add(Sql.Value(most));
        command.Parameters.Add(Sql.Value(lease));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(Lease, cancellationToken);
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

        await using var batch = source.CreateBatch();
        var tenants = leases.GroupBy(held => held.UserId).OrderBy(tenant => tenant.Key).ToList();
        foreach (var tenant in tenants)
        {
            var ordered = tenant.OrderBy(held => held.ExecutionId).ToList();
            batch.BatchCommands.Add(TenantBatch.Tenant(tenant.Key));
            batch.BatchCommands.Add(TenantBatch.Statement("""
                UPDATE engine_executions e SET lease_until = now() + $3
                FROM unnest($1::uuid[], $2::int[]) AS held (id, attempt)
                WHERE e.id = held.id AND e.attempt = held.attempt AND e.lease_until IS NOT NULL
                RETURNING e.id, e.user_id, e.attempt
                """,
                [Sql.Array(ordered, held => held.ExecutionId), Sql.Array(ordered, held => held.Attempt), Sql.Value(lease)]));
        }

        var kept = new HashSet<RunLease>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var _ in tenants)
        {
            await reader.NextResultAsync(cancellationToken);
            kept.UnionWith(await reader.RowsAsync(Lease, cancellationToken));
        }

        return [.. leases.Where(held => !kept.Contains(held))];
    }

    private static RunLease Lease(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2));
}
