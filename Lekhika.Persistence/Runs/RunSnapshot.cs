using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Runs;

/// <summary>All that a worker needs to go on with a run: what was asked, the stored workflow, and every step that is finished.</summary>
public sealed record RunSnapshot(
    RunStatus Status,
    string? TraceParent,
    IReadOnlyList<ExportFormat> Formats,
    Brief Brief,
    string Settings,
    WorkflowDefinition Workflow,
    IReadOnlyList<StepOutput> Outputs,
    IReadOnlyList<ChapterSummary> Chapters)
{
    /// <summary>Claims since the last finished step, less those that were handed back: how often the run ended its worker without getting on.</summary>
    public int ClaimsWithoutProgress { get; init; }
}

/// <summary>A chapter version without its text.</summary>
public sealed record ChapterSummary(int Number, int Version, string Title, int Words);

/// <summary>Reads a claimed run.</summary>
public sealed class RunLoader(TenantDatabase database)
{
    /// <summary>The run in one round trip, or null when it is not held by this attempt.</summary>
    public async Task<RunSnapshot?> LoadAsync(RunLease lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        var id = lease.ExecutionId;
        await using var reader = await batch
            .Add("""
                SELECT e.status, e.traceparent, e.formats, i.brief::text, i.settings::text, w.definition::text
                FROM engine_executions e
                JOIN execution_inputs i ON i.execution_id = e.id
                JOIN workflow_versions w ON w.id = e.workflow_version_id
                WHERE e.id = $1 AND e.attempt = $2
                """, Sql.Value(id), Sql.Value(lease.Attempt))
            .Add("SELECT node_id, item, generation, kind, content::text, model, input_tokens, output_tokens FROM node_outputs WHERE execution_id = $1", Sql.Value(id))
            .Add("SELECT number, version, title, words FROM chapter_versions WHERE execution_id = $1 ORDER BY number, version", Sql.Value(id))
            .Add("""
                SELECT (count(*) FILTER (WHERE type = 'run.claimed') - count(*) FILTER (WHERE type = 'run.handed_back'))::int
                FROM execution_events
                WHERE execution_id = $1
                  AND seq > coalesce((SELECT max(seq) FROM execution_events WHERE execution_id = $1 AND type = 'step.completed'), 0)
                """, Sql.Value(id))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => new RunSnapshot(
            RunStatusWords.Parse(row.GetString(0)),
            row.Text(1),
            [.. row.GetFieldValue<string[]>(2).Select(ExportFormat.Find).OfType<ExportFormat>()],
            Json.Read<Brief>(row.GetString(3)),
            row.GetString(4),
            Json.Read<WorkflowDefinition>(row.GetString(5)),
            [],
            []), cancellationToken);
        if (runs is not [var run])
        {
            return null;
        }

        var outputs = await reader.RowsAsync(row => new StepOutput(
            new StepKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)),
            row.GetString(3), row.GetString(4), row.Text(5), row.GetInt64(6), row.GetInt64(7)), cancellationToken);
        var chapters = await reader.RowsAsync(row => new ChapterSummary(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3)), cancellationToken);
        var claims = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        return run with { Outputs = outputs, Chapters = chapters, ClaimsWithoutProgress = claims[0] };
    }
}
