using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Prompts;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>Reads claimed runs.</summary>
public sealed class RunLoader(TenantDatabase database)
{
    /// <summary>What a run was when it was queued, and how it stands; to be ended by a condition on <c>e</c>.</summary>
    internal const string Run = """
        SELECT e.id, e.status, e.pause_requested, e.requests, e.traceparent, e.formats, i.brief::text, i.settings::text, e.workflow_version_id, e.fruitless_claims,
               (SELECT coalesce(max(j.order_no), 0) FROM export_jobs j WHERE j.execution_id = e.id),
               (SELECT coalesce(max(b.version), 0) FROM books b WHERE b.execution_id = e.id),
               e.attempt > 1 OR e.forked_from IS NOT NULL, e.economy_hours, e.prompt_versions::text
        FROM engine_executions e JOIN execution_inputs i ON i.execution_id = e.id
        """;

    private const string Outputs = """
        SELECT node_id, item, generation, kind, content::text, model, input_tokens, output_tokens, inputs::text, hash
        FROM node_outputs WHERE execution_id = $1
        """;

    private const string Chapters = "SELECT number, version, title, words FROM chapter_versions WHERE execution_id = $1 ORDER BY number, version";

    private const string Regenerations = "SELECT node_id, item, generation, guidance, fault FROM regenerations WHERE execution_id = $1";

    private const string Previews = "SELECT node_id, generation, decision, guidance FROM previews WHERE execution_id = $1";

    private const string Scenes = """
        SELECT s.node_id, s.item, s.generation, s.scene, s.content FROM chapter_scenes s
        WHERE s.execution_id = $1 AND NOT EXISTS (
            SELECT FROM node_outputs o WHERE o.execution_id = s.execution_id AND o.node_id = s.node_id AND o.item = s.item AND o.generation = s.generation)
        ORDER BY s.scene
        """;

    // What a worker of an earlier attempt had begun and nobody has ended: whether the provider charges for it, nobody knows. What waits for a batch goes on without a worker.
    private const string Orphans = """
        UPDATE ai_calls c SET status = 'orphaned' FROM engine_executions e
        WHERE c.execution_id = $1 AND c.status = 'started' AND NOT c.batch AND e.id = c.execution_id AND c.attempt < e.attempt
        """;

    /// <summary>
    /// A run with all that earlier attempts, people, or the run that it was forked from have left, in one round trip; null when it is not held under this lease.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">What is stored has another shape than this version reads.</exception>
    public async Task<RunSnapshot?> LoadAsync(RunLease lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        batch.Add($"{Run} WHERE e.id = $1 AND e.attempt = $2", Sql.Value(lease.ExecutionId), Sql.Value(lease.Attempt));
        foreach (var part in (string[])[Outputs, Chapters, Regenerations, Previews, Scenes, ParkedCallSql.Select, Orphans])
        {
            batch.Add(part, Sql.Value(lease.ExecutionId));
        }

        await using var reader = await batch.ReadAsync(cancellationToken);
        return await reader.RowsAsync(ReadRun, cancellationToken) is not [var run] ? null : run with
        {
            Outputs = await reader.RowsAsync(ReadOutput, cancellationToken),
            Chapters = await reader.RowsAsync(row => new ChapterSummary(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3)), cancellationToken),
            Regenerations = await reader.RowsAsync(row => new Regeneration(Step(row), row.Text(3), row.Text(4)), cancellationToken),
            Previews = await reader.RowsAsync(row => new PreviewState(row.GetString(0), row.GetInt32(1), row.Text(2), row.Text(3)), cancellationToken),
            Scenes = await reader.RowsAsync(row => new SceneCheckpoint(Step(row), row.GetInt32(3), row.GetString(4)), cancellationToken),
            BatchCalls = await reader.RowsAsync(ParkedCallSql.Read, cancellationToken),
        };
    }

    /// <summary>A run as it was queued, when nothing can have been written to it yet; null when there may be more, or it cannot be read.</summary>
    internal static RunSnapshot? ReadNew(NpgsqlDataReader row)
    {
        try
        {
            return row.GetBoolean(12) ? null : ReadRun(row);
        }
        catch (System.Text.Json.JsonException)
        {
            // Whoever works on it reads it again, and says what is wrong with it.
            return null;
        }
    }

    /// <summary>A stored workflow.</summary>
    public async Task<WorkflowDefinition> WorkflowAsync(Guid userId, Guid versionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch.Add("SELECT definition::text FROM workflow_versions WHERE id = $1", Sql.Value(versionId)).ListAsync(row => row.GetString(0), cancellationToken);
        return Json.Read<WorkflowDefinition>(found.Single());
    }

    /// <summary>The platform's prompts in these versions.</summary>
    /// <param name="versions">JSON of the versions by kind.</param>
    public async Task<PromptSet> PromptsAsync(Guid userId, string versions, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = new PromptSet(await batch.Add(StoredPrompts.OfVersions, Sql.Json(versions)).ListAsync(StoredPrompts.Read, cancellationToken));
        var missing = Json.Read<Dictionary<string, int>>(versions).Where(asked => found.VersionOf(asked.Key) != asked.Value).ToList();
        return missing.Count == 0 ? found : throw new InvalidOperationException($"There is no version {missing[0].Value} of the prompt {missing[0].Key}.");
    }

    private static RunSnapshot ReadRun(NpgsqlDataReader row) => new(
        RunStatusWords.Parse(row.GetString(1)),
        row.GetBoolean(2),
        row.GetInt32(3),
        row.Text(4),
        [.. row.GetFieldValue<string[]>(5).Select(ExportFormat.Find).OfType<ExportFormat>()],
        Json.Read<Brief>(row.GetString(6)),
        row.GetString(7),
        row.GetGuid(8),
        row.GetInt32(9),
        row.GetInt32(10),
        row.GetInt32(11))
    {
        EconomyHours = row.Nullable<short>(13),
        PromptVersions = row.GetString(14),
    };

    private static StepOutput ReadOutput(NpgsqlDataReader row) =>
        new(Step(row), row.GetString(3), row.GetString(4), row.Text(5), row.GetInt64(6), row.GetInt64(7))
        {
            Inputs = row.GetString(8),
            Hash = row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9),
        };

    private static StepKey Step(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), row.GetInt32(2));
}
