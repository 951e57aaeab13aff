using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Views;

/// <summary>A step of a run that is done, or left out, or waits for a person.</summary>
/// <param name="State">completed, superseded (a newer generation is done), skipped (no way led to its node), or waiting (a preview).</param>
/// <param name="Kind">What it made; null when nothing.</param>
/// <param name="Words">Of a chapter.</param>
public sealed record StepView(
    StepKey Step, string? Kind, string State, int? Words, string? Model, long InputTokens, long OutputTokens, DateTime CreatedAt);

/// <summary>The steps of runs, without what they made.</summary>
public sealed class StepViewStore(TenantDatabase database)
{
    // Of what was made only a chapter's small reference is read.
    private const string Steps = """
        SELECT o.node_id, o.item, o.generation, o.kind,
               CASE WHEN o.generation < max(o.generation) OVER (PARTITION BY o.node_id, o.item) THEN 'superseded' ELSE 'completed' END,
               CASE WHEN o.kind = 'chapter' THEN (o.content ->> 'words')::int END,
               o.model, o.input_tokens, o.output_tokens, o.created_at
        FROM node_outputs o WHERE o.execution_id = $1
        UNION ALL
        SELECT p.node_id, 0, p.generation, NULL, 'waiting', NULL, NULL, 0, 0, p.created_at
        FROM previews p
        WHERE p.execution_id = $1 AND p.decision IS NULL
          AND NOT EXISTS (SELECT FROM previews n WHERE n.execution_id = $1 AND n.node_id = p.node_id AND n.generation > p.generation)
          AND NOT EXISTS (SELECT FROM regenerations r WHERE r.execution_id = $1 AND r.node_id = p.node_id AND r.generation > p.generation)
        UNION ALL
        SELECT s.node_id, 0, 1, NULL, 'skipped', NULL, NULL, 0, 0, s.created_at
        FROM (
            SELECT n.node_id, max(j.created_at) AS created_at
            FROM execution_events j CROSS JOIN jsonb_array_elements_text(j.data -> 'nodes') AS n (node_id)
            WHERE j.execution_id = $1 AND j.type = $2
            GROUP BY n.node_id
        ) s
        WHERE NOT EXISTS (SELECT FROM node_outputs o WHERE o.execution_id = $1 AND o.node_id = s.node_id AND o.created_at > s.created_at)
        ORDER BY 10, 1, 2, 3
        """;

    /// <summary>The run's steps in the order in which they were done; null when the user has no such run.</summary>
    public async Task<IReadOnlyList<StepView>?> ListAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add(Steps, Sql.Value(executionId), Sql.Value(JournalEventTypes.NodesSkipped))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var steps = await reader.RowsAsync(
            row => new StepView(
                new StepKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), row.Text(3), row.GetString(4), row.Nullable<int>(5),
                row.Text(6), row.GetInt64(7), row.GetInt64(8), row.GetDateTime(9)),
            cancellationToken);
        return runs.Count == 0 ? null : steps;
    }
}

/// <summary>An empty list of a run that is there is another answer than that there is no such run.</summary>
internal static class RunExists
{
    public const string Question = "SELECT 1 FROM engine_executions WHERE id = $1";
}
