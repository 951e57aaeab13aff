using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Requests;

/// <summary>What a request for a part of a run is checked against.</summary>
/// <param name="FailedNode">The node with which a failed run ended.</param>
/// <param name="Previews">What previews have shown, the newest first.</param>
/// <param name="Policy">What will not be written for the user.</param>
internal sealed record RunGround(RunStatus Status, string? FailedNode, RunParts Parts, IReadOnlyList<ShownPreview> Previews, ContentPolicy Policy)
{
    private const string Run = """
        SELECT e.status, e.error ->> 'nodeId', e.chapters_total, w.definition::text
        FROM engine_executions e JOIN workflow_versions w ON w.id = e.workflow_version_id WHERE e.id = $1
        """;

    private const string Done = "SELECT node_id, item, generation FROM node_outputs WHERE execution_id = $1";

    private const string Asked = "SELECT node_id, item, generation FROM regenerations WHERE execution_id = $1";

    private const string Failed = "SELECT node_id, item FROM dead_letters WHERE execution_id = $1 AND redriven_at IS NULL AND node_id IS NOT NULL AND item IS NOT NULL";

    private const string Shown = "SELECT node_id, generation, decision FROM previews WHERE execution_id = $1 ORDER BY generation DESC";

    /// <summary>Reads it in one round trip; null when the user has no such run.</summary>
    public static async Task<RunGround?> ReadAsync(TenantDatabase database, Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        foreach (var part in (string[])[Run, Done, Asked, Failed, Shown])
        {
            batch.Add(part, Sql.Value(executionId));
        }

        await using var reader = await batch.Add(StoredPolicies.Select).ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(
            row => (Status: RunStatusWords.Parse(row.GetString(0)), Node: row.Text(1), Chapters: row.Nullable<int>(2), Workflow: row.GetString(3)), cancellationToken);
        if (runs is not [var run])
        {
            return null;
        }

        var done = await reader.RowsAsync(Step, cancellationToken);
        var asked = await reader.RowsAsync(Step, cancellationToken);
        var failed = await reader.RowsAsync(row => (row.GetString(0), row.GetInt32(1)), cancellationToken);
        var shown = await reader.RowsAsync(row => new ShownPreview(row.GetString(0), row.GetInt32(1), row.Text(2)), cancellationToken);
        var policies = await StoredPolicies.ReadAsync(reader, cancellationToken);
        return new(run.Status, run.Node, new RunParts(Json.Read<WorkflowDefinition>(run.Workflow), run.Chapters, done, asked, failed), shown, policies.Effective);
    }

    /// <summary>The newest that a preview has shown; null when it has shown nothing.</summary>
    public ShownPreview? Newest(string nodeId) => Previews.FirstOrDefault(preview => preview.NodeId == nodeId);

    private static StepKey Step(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), row.GetInt32(2));
}

/// <summary>What a preview has shown, and what was said to it.</summary>
/// <param name="Decision">approved, revise, or null while it waits.</param>
internal sealed record ShownPreview(string NodeId, int Generation, string? Decision);
