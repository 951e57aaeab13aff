using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Operators;

/// <summary>How many runs are in each state, and whether workers may take waiting ones.</summary>
/// <param name="Runs">By state; states without a run are absent.</param>
public sealed record QueueFigures(IReadOnlyDictionary<RunStatus, long> Runs, bool IsPaused)
{
    /// <summary>Runs in any of these states.</summary>
    public long Count(params ReadOnlySpan<RunStatus> states)
    {
        long sum = 0;
        foreach (var state in states)
        {
            sum += Runs.GetValueOrDefault(state);
        }

        return sum;
    }
}

/// <summary>What operators know of all tenants together: ids and figures, through the doors find_execution, count_runs and pause_queue.</summary>
public sealed class OperatorStore(NpgsqlDataSource source)
{
    /// <summary>Whose run it is; null when there is none.</summary>
    public async Task<Guid?> OwnerAsync(Guid executionId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT user_id FROM find_execution($1)");
        command.Parameters.Add(Sql.Value(executionId));
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Figures of the whole queue; counts every run there is.</summary>
    public async Task<QueueFigures> FiguresAsync(CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantBatch.Statement("SELECT status, runs FROM count_runs()", []));
        batch.BatchCommands.Add(TenantBatch.Statement("SELECT paused FROM queue_controls", []));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => (Status: RunStatusWords.Parse(row.GetString(0)), Runs: row.GetInt64(1)), cancellationToken);
        var paused = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        return new(runs.ToDictionary(row => row.Status, row => row.Runs), paused.Single());
    }

    /// <summary>Keeps all workers from taking waiting runs, or lets them; answers what holds now.</summary>
    public async Task<bool> PauseAsync(bool pause, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT paused FROM pause_queue($1)");
        command.Parameters.Add(Sql.Value(pause));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
