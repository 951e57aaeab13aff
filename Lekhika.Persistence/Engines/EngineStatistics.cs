using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Engines;

/// <summary>How many engines and runs a user has.</summary>
/// <param name="Runs">By state; states without runs are absent.</param>
public sealed record UserFigures(int Engines, int ActiveEngines, IReadOnlyDictionary<RunStatus, long> Runs);

/// <summary>Counts what a user has.</summary>
public sealed class EngineStatistics(TenantDatabase database)
{
    /// <summary>The figures of now.</summary>
    public async Task<UserFigures> ReadAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add("SELECT count(*)::int, (count(*) FILTER (WHERE status = 'active'))::int FROM user_engines WHERE user_id = $1", Sql.Value(userId))
            .Add("SELECT status, count(*) FROM engine_executions WHERE user_id = $1 GROUP BY status", Sql.Value(userId))
            .ReadAsync(cancellationToken);
        var engines = await reader.RowsAsync(row => (All: row.GetInt32(0), Active: row.GetInt32(1)), cancellationToken);
        var runs = await reader.RowsAsync(row => (Status: RunStatusWords.Parse(row.GetString(0)), Count: row.GetInt64(1)), cancellationToken);
        return new(engines[0].All, engines[0].Active, runs.ToDictionary(row => row.Status, row => row.Count));
    }
}
