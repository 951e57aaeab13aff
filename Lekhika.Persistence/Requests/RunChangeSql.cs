using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Requests;

/// <summary>
/// The statement of a <see cref="RunChange"/>: the update of the run's row numbers the events, and everything else hangs on that row. It
/// comes after <see cref="Lock"/> in the same transaction, so what it reads of the run cannot change under it, and of two requests at
/// the same time the second sees what the first has done.
/// </summary>
internal static class RunChangeSql
{
    /// <summary>The run's state; nobody else changes the row until the transaction ends.</summary>
    public const string Lock = "SELECT e.status FROM engine_executions e WHERE e.id = $1 FOR UPDATE";

    private const string Text = """
        WITH step AS (
            SELECT s.ordinal, s.node_id, s.item, s.guidance, s.fault, 1 + greatest(1,
                (SELECT max(o.generation) FROM node_outputs o WHERE o.execution_id = $1 AND o.node_id = s.node_id AND s.item IN (o.item, -1)),
                (SELECT max(r.generation) FROM regenerations r WHERE r.execution_id = $1 AND r.node_id = s.node_id AND (s.item = -1 OR r.item IN (s.item, -1))),
                (SELECT max(p.generation) FROM previews p WHERE p.execution_id = $1 AND p.node_id = s.node_id)) AS generation
            FROM unnest($12::text[], $13::int[], $14::text[], $15::text[]) WITH ORDINALITY AS s (node_id, item, guidance, fault, ordinal)
        ), allowed AS (
            SELECT FROM engine_executions e
            WHERE e.id = $1 AND e.status = ANY($3) AND ($7::bool IS NULL OR e.pause_requested = $7) AND (NOT $27 OR e.waits_for_batch)
              AND (NOT $28 OR (SELECT b.partial FROM books b WHERE b.execution_id = $1 ORDER BY b.version DESC LIMIT 1))
              AND NOT EXISTS (SELECT FROM step WHERE step.generation > $20)
        ), decided AS (
            UPDATE previews p SET decision = $18, guidance = $19, decided_at = clock_timestamp()
            WHERE p.execution_id = $1 AND p.node_id = $16 AND p.generation = $17 AND p.decision IS NULL AND EXISTS (SELECT FROM allowed)
            RETURNING 1
        ), run AS (
            UPDATE engine_executions e SET
                status = coalesce($4, e.status),
                requests = e.requests + CASE WHEN $5 THEN 1 ELSE 0 END,
                pause_requested = coalesce($6, e.pause_requested),
                waits_for_batch = e.waits_for_batch AND $4::text IS NULL AND NOT $27,
                current_step = CASE WHEN $4 IN ('queued', 'stopped') THEN '' ELSE e.current_step END,
                queued_at = CASE WHEN $4 = 'queued' THEN now() ELSE e.queued_at END,
                error = CASE WHEN $4 = 'queued' THEN NULL ELSE e.error END,
                fruitless_claims = CASE WHEN $4 = 'queued' THEN 0 ELSE e.fruitless_claims END,
                finished_at = CASE $4 WHEN 'queued' THEN NULL WHEN 'stopped' THEN now() ELSE e.finished_at END,
                last_seq = e.last_seq + $21
            WHERE e.id = $1 AND EXISTS (SELECT FROM allowed) AND ($16::text IS NULL OR EXISTS (SELECT FROM decided))
            RETURNING e.id, e.last_seq - $21 AS before
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT run.id, run.before + v.ordinal, $2, v.type, v.node_id, v.item, v.generation, v.data
            FROM run, unnest($8::text[], $9::text[], $10::int[], $11::int[], $22::jsonb[]) WITH ORDINALITY AS v (type, node_id, item, generation, data, ordinal)
            UNION ALL
            SELECT run.id, run.before + cardinality($8::text[]) + step.ordinal, $2, $23, step.node_id, step.item, step.generation,
                   jsonb_build_object('reason', $26::text, 'guidance', step.guidance IS NOT NULL)
            FROM run, step
            UNION ALL
            SELECT run.id, run.before + $21, $2, $24, NULL, NULL, NULL, jsonb_build_object('reason', $25::text) FROM run WHERE $25 IS NOT NULL
        ), anew AS (
            INSERT INTO regenerations (execution_id, node_id, item, generation, user_id, guidance, fault)
            SELECT run.id, step.node_id, step.item, step.generation, $2, step.guidance, step.fault FROM run, step
        ), superseded AS (
            -- Answers to what is asked anew are not wanted any more.
            UPDATE ai_batch_calls c SET state = 'abandoned', answer = NULL
            FROM run, step
            WHERE c.execution_id = run.id AND c.node_id = step.node_id AND step.item IN (c.item, -1) AND c.state IN ('waiting', 'submitted', 'answered', 'failed')
        ), letters AS (
            UPDATE dead_letters d SET redriven_at = now() FROM run WHERE d.execution_id = run.id AND d.redriven_at IS NULL AND $4 = 'queued'
        )
        SELECT 1 FROM run
        """;

    public static TenantBatch Add(this TenantBatch batch, Guid userId, Guid executionId, RunChange change)
    {
        var (events, steps, decision) = (change.Events, change.Steps, change.Decision);
        return batch.Add(Text,
            Sql.Value(executionId),
            Sql.Value(userId),
            Sql.Array(change.From, status => status.Word()),
            Sql.OrNull(change.To?.Word(), NpgsqlDbType.Text),
            Sql.Value(change.Counts),
            Sql.OrNull(change.Pausing, NpgsqlDbType.Boolean),
            Sql.OrNull(change.WhenPausing, NpgsqlDbType.Boolean),
            Sql.Array(events, e => e.Type),
            Sql.Array(events, e => e.Step?.NodeId),
            Sql.Array(events, e => e.Step?.Item),
            Sql.Array(events, e => e.Step?.Generation),
            Sql.Array(steps, step => step.NodeId),
            Sql.Array(steps, step => step.Item),
            Sql.Array(steps, step => step.Guidance),
            Sql.Array(steps, step => step.Fault),
            Sql.OrNull(decision?.NodeId, NpgsqlDbType.Text),
            Sql.OrNull(decision?.Generation, NpgsqlDbType.Integer),
            Sql.OrNull(decision?.Decision, NpgsqlDbType.Text),
            Sql.OrNull(decision?.Guidance, NpgsqlDbType.Text),
            Sql.Value(StepSelection.MaxGenerations),
            Sql.Value(events.Count + steps.Count + (change.Reason is null ? 0 : 1)),
            Sql.JsonArray([.. events.Select(e => e.Data)]),
            Sql.Value(JournalEventTypes.StepRegenerated),
            Sql.Value(JournalEventTypes.RunResumed),
            Sql.OrNull(change.Reason, NpgsqlDbType.Text),
            Sql.Value(decision is null ? "request" : "revision"),
            Sql.Value(change.WhenInBatch),
            Sql.Value(change.WhenInPart));
    }
}
