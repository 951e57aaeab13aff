using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>The queue of runs as a worker sees it. All times are the database's.</summary>
public sealed class RunQueue(NpgsqlDataSource source)
{
    /// <summary>Claims up to <paramref name="most"/> runs: waiting ones, and ones whose lease has run out.</summary>
    public async Task<IReadOnlyList<RunLease>> ClaimAsync(string worker, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id, attempt FROM claim_runs($1, $2, $3)");
        command.Parameters.Add(Sql.Value(worker));
        command.Parameters.Add(Sql.Value(most));
        command.Parameters.Add(Sql.Value(lease));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(row => new RunLease(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2)), cancellationToken);
    }

    /// <summary>Renews leases in one round trip; answers those that are held no longer.</summary>
    public async Task<IReadOnlyList<RunLease>> RenewAsync(IReadOnlyList<RunLease> leases, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return [];
        }

        await using var batch = source.CreateBatch();
        var ordered = leases.OrderBy(held => held.ExecutionId).ToList();
        foreach (var held in ordered)
        {
            batch.BatchCommands.Add(TenantBatch.Tenant(held.UserId));
            batch.BatchCommands.Add(TenantBatch.Statement(
                "UPDATE engine_executions SET lease_until = now() + $3 WHERE id = $1 AND attempt = $2 AND lease_until IS NOT NULL RETURNING 1",
                [Sql.Value(held.ExecutionId), Sql.Value(held.Attempt), Sql.Value(lease)]));
        }

        var lost = new List<RunLease>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var held in ordered)
        {
            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                lost.Add(held);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return lost;
    }
}
