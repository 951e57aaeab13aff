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
public sealed class RunLoader(NpgsqlDataSource source, TenantDatabase database)
{
    private const string Runs = """
        SELECT e.id, e.status, e.pause_requested, e.requests, e.traceparent, e.formats, i.brief::text, i.settings::text, e.workflow_version_id, e.fruitless_claims,
               (SELECT coalesce(max(j.order_no), 0) FROM export_jobs j WHERE j.execution_id = e.id),
               (SELECT coalesce(max(b.version), 0) FROM books b WHERE b.execution_id = e.id),
               e.attempt > 1 OR e.forked_from IS NOT NULL, e.economy_hours, e.prompt_versions::text
        FROM engine_executions e
        JOIN execution_inputs i ON i.execution_id = e.id
        JOIN unnest($1::uuid[], $2::int[]) AS held (id, attempt) ON held.id = e.id AND held.attempt = e.attempt
        """;

    private const string Outputs = """
        SELECT execution_id, node_id, item, generation, kind, content::text, model, input_tokens, output_tokens, inputs::text, hash
        FROM node_outputs WHERE execution_id = ANY($1)
        """;

    private const string Chapters = "SELECT execution_id, number, version, title, words FROM chapter_versions WHERE execution_id = ANY($1) ORDER BY number, version";

    private const string Regenerations = "SELECT execution_id, node_id, item, generation, guidance, fault FROM regenerations WHERE execution_id = ANY($1)";

    private const string Previews = "SELECT execution_id, node_id, generation, decision, guidance FROM previews WHERE execution_id = ANY($1)";

    private const string Scenes = """
        SELECT s.execution_id, s.node_id, s.item, s.generation, s.scene, s.content FROM chapter_scenes s
        WHERE s.execution_id = ANY($1) AND NOT EXISTS (
            SELECT FROM node_outputs o WHERE o.execution_id = s.execution_id AND o.node_id = s.node_id AND o.item = s.item AND o.generation = s.generation)
        ORDER BY s.scene
        """;

    // What a worker of an earlier attempt had begun and nobody has ended: whether the provider charges for it, nobody knows. What waits for a batch goes on without a worker.
    private const string Orphans = """
        UPDATE ai_calls c SET status = 'orphaned' FROM engine_executions e
        WHERE c.execution_id = ANY($1) AND c.status = 'started' AND NOT c.batch AND e.id = c.execution_id AND c.attempt < e.attempt
        """;

    /// <summary>Runs that have just been claimed, as far as they are still held: in one round trip for all, and a second for those that are not new.</summary>
    /// <exception cref="System.Text.Json.JsonException">What is stored has another shape than this version reads.</exception>
    public Task<IReadOnlyDictionary<RunLease, RunSnapshot>> LoadAsync(IReadOnlyCollection<RunLease> leases, CancellationToken cancellationToken) =>
        LoadAsync(leases, areNew: true, cancellationToken);

    /// <summary>A run with all that has been written to it so far, or null when it is not held under this lease.</summary>
    public async Task<RunSnapshot?> LoadAsync(RunLease lease, CancellationToken cancellationToken) =>
        (await LoadAsync([lease], areNew: false, cancellationToken)).GetValueOrDefault(lease);

    /// <param name="areNew">Whether runs in their first attempt can have nothing yet.</param>
    private async Task<IReadOnlyDictionary<RunLease, RunSnapshot>> LoadAsync(IReadOnlyCollection<RunLease> leases, bool areNew, CancellationToken cancellationToken)
    {
        var loaded = new Dictionary<RunLease, RunSnapshot>();
        var begun = new List<RunLease>();
        var tenants = leases.GroupBy(lease => lease.UserId).Select(tenant => tenant.ToList()).ToList();
        await using var batch = Batch(tenants, held => [(Runs, [Sql.Array(held, lease => lease.ExecutionId), Sql.Array(held, lease => lease.Attempt)])]);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var tenant in tenants)
            {
                await reader.NextResultAsync(cancellationToken);
                var leaseOf = tenant.ToDictionary(lease => lease.ExecutionId);
                foreach (var (id, run, isBegun) in await reader.RowsAsync(row => (row.GetGuid(0), ReadRun(row), row.GetBoolean(12)), cancellationToken))
                {
                    loaded[leaseOf[id]] = run;
                    if (isBegun || !areNew)
                    {
                        begun.Add(leaseOf[id]);
                    }
                }
            }
        }

        if (begun.Count > 0)
        {
            await AddWorkAsync(loaded, begun, cancellationToken);
        }

        return loaded;
    }

    /// <summary>Adds what earlier attempts, people, or the run that it was forked from have left.</summary>
    private async Task AddWorkAsync(Dictionary<RunLease, RunSnapshot> loaded, List<RunLease> begun, CancellationToken cancellationToken)
    {
        var tenants = begun.GroupBy(lease => lease.UserId).Select(tenant => tenant.ToList()).ToList();
        string[] parts = [Outputs, Chapters, Regenerations, Previews, Scenes, ParkedCallSql.Select, Orphans];
        await using var batch = Batch(tenants, held => parts.Select(part => (part, new[] { Sql.Array(held, lease => lease.ExecutionId) })));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var tenant in tenants)
        {
            await reader.NextResultAsync(cancellationToken);
            var outputs = await RowsAsync(reader, ReadOutput, cancellationToken);
            var chapters = await RowsAsync(reader, row => new ChapterSummary(row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetInt32(4)), cancellationToken);
            var regenerations = await RowsAsync(reader, row => new Regeneration(Step(row), row.Text(4), row.Text(5)), cancellationToken);
            var previews = await RowsAsync(reader, row => new PreviewState(row.GetString(1), row.GetInt32(2), row.Text(3), row.Text(4)), cancellationToken);
            var scenes = await RowsAsync(reader, row => new SceneCheckpoint(Step(row), row.GetInt32(4), row.GetString(5)), cancellationToken);
            var parked = await RowsAsync(reader, ParkedCallSql.Read, cancellationToken);
            foreach (var lease in tenant)
            {
                loaded[lease] = loaded[lease] with
                {
                    Outputs = [.. outputs[lease.ExecutionId]],
                    Chapters = [.. chapters[lease.ExecutionId]],
                    Regenerations = [.. regenerations[lease.ExecutionId]],
                    Previews = [.. previews[lease.ExecutionId]],
                    Scenes = [.. scenes[lease.ExecutionId]],
                    BatchCalls = [.. parked[lease.ExecutionId]],
                };
            }
        }
    }

    private NpgsqlBatch Batch(List<List<RunLease>> tenants, Func<List<RunLease>, IEnumerable<(string Sql, NpgsqlParameter[] Parameters)>> statements)
    {
        var batch = source.CreateBatch();
        foreach (var tenant in tenants)
        {
            batch.BatchCommands.Add(TenantBatch.Tenant(tenant[0].UserId));
            foreach (var (sql, parameters) in statements(tenant))
            {
                batch.BatchCommands.Add(TenantBatch.Statement(sql, parameters));
            }
        }

        return batch;
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
        new(Step(row), row.GetString(4), row.GetString(5), row.Text(6), row.GetInt64(7), row.GetInt64(8))
        {
            Inputs = row.GetString(9),
            Hash = row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10),
        };

    private static StepKey Step(NpgsqlDataReader row) => new(row.GetString(1), row.GetInt32(2), row.GetInt32(3));

    private static async Task<ILookup<Guid, T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        (await reader.RowsAsync(row => (Id: row.GetGuid(0), Value: read(row)), cancellationToken)).ToLookup(row => row.Id, row => row.Value);
}
