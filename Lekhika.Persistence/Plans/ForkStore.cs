using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Plans;

/// <summary>A run that is to be made from another.</summary>
/// <param name="SourceId">The run that it is made from: engine, priority and concurrency key are its own.</param>
/// <param name="WorkflowVersionId">A stored version, or the id of the one that <paramref name="NewWorkflow"/> becomes.</param>
/// <param name="NewWorkflow">JSON of a workflow that is not stored yet; null when the version is.</param>
/// <param name="Settings">JSON of <see cref="ExportSettings"/>.</param>
/// <param name="Priority">Null: the source's.</param>
/// <param name="Reused">The finished steps of the source that serve.</param>
public sealed record NewFork(
    Guid UserId,
    Guid SourceId,
    Guid WorkflowVersionId,
    string? NewWorkflow,
    Brief Brief,
    IReadOnlyList<ExportFormat> Formats,
    string Settings,
    int? Priority,
    string? TraceParent,
    IdempotentRequest? Idempotency,
    IReadOnlyList<StepKey> Reused)
{
    /// <summary>Null: the source's speed; 0: normal; else how many hours calls may wait for a batch.</summary>
    public int? EconomyHours { get; init; }

    /// <summary>JSON of the versions of the platform's prompts by kind with which it was planned; null: those in force.</summary>
    public string? PromptVersions { get; init; }
}

/// <summary>
/// Makes runs from others: the row, its input, every step that serves with the chapters they wrote, and the journal's first events, in one
/// statement. The steps are named one by one and outputs never change, so what the source does meanwhile makes no difference.
/// </summary>
public sealed class ForkStore(TenantDatabase database)
{
    private const string Insert = """
        WITH run AS (
            INSERT INTO engine_executions
                (id, user_id, user_engine_id, workflow_version_id, title, formats, priority, concurrency_key, last_seq, traceparent, idempotency_key, request_hash, forked_from, economy_hours, prompt_versions)
            SELECT $1, $2, e.user_engine_id, $4, $5, $6, coalesce($7, e.priority), e.concurrency_key, 1 + cardinality($18::text[]), $8, $9, $10, e.id, CASE WHEN $21 IS NULL THEN e.economy_hours ELSE nullif($21, 0::smallint) END, coalesce($22, prompts_in_force())
            FROM engine_executions e WHERE e.id = $3
            ON CONFLICT (user_id, idempotency_key) DO NOTHING
            RETURNING id, created_at, request_hash
        ), version AS (
            INSERT INTO workflow_versions (id, user_id, definition) SELECT $4, $2, $11 FROM run WHERE $11 IS NOT NULL
        ), input AS (
            INSERT INTO execution_inputs (execution_id, user_id, brief, settings) SELECT id, $2, $12, $13 FROM run
        ), reused AS (
            -- A chapter's text is a version of its own; several writers' of one chapter keep their order.
            SELECT o.*,
                   CASE WHEN o.kind = 'chapter' THEN (o.content ->> 'number')::int END AS number,
                   CASE WHEN o.kind = 'chapter' THEN (o.content ->> 'version')::int END AS source_version,
                   CASE WHEN o.kind = 'chapter' THEN row_number() OVER (PARTITION BY o.kind, o.content ->> 'number' ORDER BY (o.content ->> 'version')::int)::int END AS version
            FROM unnest($15::text[], $16::int[], $17::int[]) AS s (node_id, item, generation)
            JOIN node_outputs o ON o.execution_id = $3 AND o.node_id = s.node_id AND o.item = s.item AND o.generation = s.generation
        ), output AS (
            -- Not asked again, so not paid again: no tokens, no attempt.
            INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            SELECT run.id, r.node_id, r.item, 1, $2, r.kind,
                   CASE WHEN r.version IS NULL THEN r.content ELSE jsonb_set(r.content, '{version}', to_jsonb(r.version)) END,
                   r.model, 0, 0, r.inputs, r.hash, 0
            FROM run, reused r
        ), chapter AS (
            INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id)
            SELECT run.id, c.number, r.version, $2, c.title, c.content, c.words, c.node_id
            FROM run, reused r JOIN chapter_versions c ON c.execution_id = $3 AND c.number = r.number AND c.version = r.source_version
        ), asset AS (
            -- The rows; the bytes are the tenant's already.
            INSERT INTO assets (id, execution_id, user_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence, created_at)
            SELECT gen_random_uuid(), run.id, $2, a.node_id, a.item, 1, a.kind, a.sha256, a.media_type, a.bytes, a.width, a.height, a.prompt, a.alt_text, a.provider, a.model, a.licence, a.created_at
            FROM run, reused r JOIN assets a ON a.execution_id = $3 AND a.node_id = r.node_id AND a.item = r.item AND a.generation = r.generation
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT run.id, 1, $2, $14, NULL, NULL::int, NULL::int, jsonb_build_object('forkedFrom', $3) FROM run
            UNION ALL
            SELECT run.id, 1 + n.ordinal, $2, $20, n.node_id, 0, 1, jsonb_build_object('executionId', $3, 'items', n.items)
            FROM run, unnest($18::text[], $19::int[]) WITH ORDINALITY AS n (node_id, items, ordinal)
        )
        SELECT id, created_at, request_hash FROM run
        """;

    /// <summary>Queues the run, or answers the one that a request with the same key has made in the meantime.</summary>
    public async Task<SubmittedRun> ForkAsync(NewFork fork, CancellationToken cancellationToken)
    {
        var nodes = fork.Reused.GroupBy(step => step.NodeId).Select(steps => (NodeId: steps.Key, Items: steps.Count())).ToList();
        await using var batch = database.For(fork.UserId);
        await using var reader = await batch
            .Add(Insert,
                Sql.Value(Guid.CreateVersion7()), Sql.Value(fork.UserId), Sql.Value(fork.SourceId), Sql.Value(fork.WorkflowVersionId),
                Sql.Value(fork.Brief.Title), Sql.Value(fork.Formats.Select(format => format.Key).ToArray()), Sql.OrNull(fork.Priority, NpgsqlDbType.Integer),
                Sql.OrNull(fork.TraceParent, NpgsqlDbType.Text), Sql.OrNull(fork.Idempotency?.Key, NpgsqlDbType.Text), Sql.OrNull(fork.Idempotency?.Hash, NpgsqlDbType.Bytea),
                Sql.Json(fork.NewWorkflow), Sql.Json(Json.Write(fork.Brief)), Sql.Json(fork.Settings), Sql.Value(JournalEventTypes.RunSubmitted),
                Sql.Array(fork.Reused, step => step.NodeId), Sql.Array(fork.Reused, step => step.Item), Sql.Array(fork.Reused, step => step.Generation),
                Sql.Array(nodes, node => node.NodeId), Sql.Array(nodes, node => node.Items), Sql.Value(JournalEventTypes.StepReused), Sql.OrNull((short?)fork.EconomyHours, NpgsqlDbType.Smallint),
                Sql.Json(fork.PromptVersions))
            .Add(SubmissionStore.Earlier, Sql.OrNull(fork.Idempotency?.Key, NpgsqlDbType.Text))
            .ReadAsync(cancellationToken);
        var made = await reader.RowsAsync(row => SubmissionStore.Read(row, isNew: true), cancellationToken);
        var earlier = await reader.RowsAsync(row => SubmissionStore.Read(row, isNew: false), cancellationToken);
        return made.Concat(earlier).First();
    }
}
