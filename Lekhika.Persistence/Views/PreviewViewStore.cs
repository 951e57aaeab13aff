using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Views;

/// <summary>What a preview has shown to a person, and what that person said.</summary>
/// <param name="Content">JSON: what is shown, by reference.</param>
/// <param name="Decision">approved, revise, or null while nobody has said anything.</param>
/// <param name="IsSuperseded">A newer one of the same node was shown, or has been asked for.</param>
public sealed record PreviewView(
    string NodeId, int Generation, string Content, string? Decision, string? Guidance, bool IsSuperseded, DateTime CreatedAt, DateTime? DecidedAt);

/// <summary>The previews of runs.</summary>
public sealed class PreviewViewStore(TenantDatabase database)
{
    /// <summary>All that the run's previews have shown, the newest first; null when the user has no such run.</summary>
    public async Task<IReadOnlyList<PreviewView>?> ListAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add("""
                SELECT p.node_id, p.generation, p.content::text, p.decision, p.guidance,
                       EXISTS (SELECT FROM previews n WHERE n.execution_id = $1 AND n.node_id = p.node_id AND n.generation > p.generation)
                       OR EXISTS (SELECT FROM regenerations r WHERE r.execution_id = $1 AND r.node_id = p.node_id AND r.generation > p.generation),
                       p.created_at, p.decided_at
                FROM previews p WHERE p.execution_id = $1
                ORDER BY p.created_at DESC, p.node_id, p.generation DESC
                """, Sql.Value(executionId))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var previews = await reader.RowsAsync(
            row => new PreviewView(
                row.GetString(0), row.GetInt32(1), row.GetString(2), row.Text(3), row.Text(4), row.GetBoolean(5), row.GetDateTime(6), row.Nullable<DateTime>(7)),
            cancellationToken);
        return runs.Count == 0 ? null : previews;
    }
}
