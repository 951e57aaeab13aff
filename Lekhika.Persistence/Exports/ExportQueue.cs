using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Exports;

/// <summary>Who holds an export job, and what has happened to those who held it before.</summary>
/// <param name="Attempt">Number of the claim, from 1: what an earlier one still writes is refused.</param>
/// <param name="Crashes">Claims before it whose lease ran out: their exporter died or was cut off.</param>
/// <param name="Timeouts">Claims before it that took too long.</param>
public readonly record struct ExportLease(Guid JobId, Guid UserId, int Attempt, int Crashes = 0, int Timeouts = 0);

/// <summary>The queue of export jobs as an exporter sees it. All times are the database's.</summary>
public sealed class ExportQueue(NpgsqlDataSource source, TenantDatabase database)
{
    /// <summary>Claims up to <paramref name="most"/> jobs whose turn it is.</summary>
    public async Task<IReadOnlyList<ExportLease>> ClaimAsync(string exporter, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id, attempt, crashes, timeouts FROM claim_exports($1, $2, $3)");
        command.Parameters.Add(Sql.Value(exporter));
        command.Parameters.Add(Sql.Value(most));
        command.Parameters.Add(Sql.Value(lease));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(row => new ExportLease(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)), cancellationToken);
    }

    /// <summary>Renews a lease; false when the job is held no longer.</summary>
    public async Task<bool> RenewAsync(ExportLease held, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(held.UserId);
        var renewed = await batch
            .Add("UPDATE export_jobs SET lease_until = now() + $3 WHERE id = $1 AND attempt = $2 AND status = 'running' RETURNING 1",
                Sql.Value(held.JobId), Sql.Value(held.Attempt), Sql.Value(lease))
            .ListAsync(row => row.GetInt32(0), cancellationToken);
        return renewed.Count == 1;
    }

    /// <summary>Gives a job back unharmed, so that another exporter can take it at once. That counts for nothing.</summary>
    public Task HandBackAsync(ExportLease held, CancellationToken cancellationToken) => GiveBackAsync(held, 0, cancellationToken);

    /// <summary>Gives a job back because it took too long, which is counted.</summary>
    public Task TimedOutAsync(ExportLease held, CancellationToken cancellationToken) => GiveBackAsync(held, 1, cancellationToken);

    private async Task GiveBackAsync(ExportLease held, int timeouts, CancellationToken cancellationToken)
    {
        await using var batch = database.For(held.UserId);
        await batch
            .Add("UPDATE export_jobs SET status = 'queued', lease_owner = NULL, lease_until = NULL, timeouts = timeouts + $3 WHERE id = $1 AND attempt = $2 AND status = 'running'",
                Sql.Value(held.JobId), Sql.Value(held.Attempt), Sql.Value(timeouts))
            .ExecuteAsync(cancellationToken);
    }
}
