using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// One statement for a commit that changes a run's state, guarded by the attempt and by the states in which the transition is allowed.
/// Zero rows answered: the attempt is no longer ours, somebody was quicker, or this very commit was there already.
/// </summary>
internal static class TransitionSql
{
    private const string Text = """
        WITH run AS (
            UPDATE engine_executions SET
                last_seq = last_seq + cardinality($5::text[]),
                last_commit = $4,
                status = $10,
                progress = coalesce($12, progress),
                current_step = coalesce($13, current_step),
                chapters_total = coalesce($14, chapters_total),
                words = coalesce($15, words),
                chapters_done = coalesce($16, chapters_done),
                input_tokens = input_tokens + coalesce($17, 0),
                output_tokens = output_tokens + coalesce($18, 0),
                error = $19,
                lease_owner = NULL,
                lease_until = NULL,
                ran_for = ran_for + coalesce(now() - running_since, '0'),
                running_since = NULL,
                requests_seen = requests,
                pause_requested = false,
                waits_for_batch = $36,
                fruitless_claims = CASE WHEN $10 = 'queued' THEN greatest(0, fruitless_claims - 1) ELSE 0 END,
                queued_at = CASE WHEN $10 = 'queued' THEN now() ELSE queued_at END,
                finished_at = CASE WHEN $10 IN ('completed', 'failed', 'stopped') THEN now() END
            WHERE id = $1 AND attempt = $3 AND status = ANY($11) AND last_commit < $4 AND lease_owner IS NOT NULL AND (NOT $35 OR requests = requests_seen)
            RETURNING last_seq - cardinality($5::text[]) AS before
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT $1, run.before + e.ordinal, $2, e.type, e.node_id, e.item, e.generation, e.data
            FROM run, unnest($5::text[], $6::text[], $7::int[], $8::int[], $9::jsonb[]) WITH ORDINALITY AS e (type, node_id, item, generation, data, ordinal)
        ), output AS (
            INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            SELECT $1, $20, $21, $22, $2, $23, $24, $25, $17, $18, $26, $27, $3 FROM run WHERE $20 IS NOT NULL
        ), book AS (
            INSERT INTO books (id, execution_id, user_id, version, title, subtitle, author, language, description, ai_service, words, chapters, colophon, partial)
            SELECT b.id, $1, $2, b.version, b.title, b.subtitle, b.author, b.language, b.description, b."aiService", b.words, b.chapters, b.colophon, b.partial
            FROM run, jsonb_to_record($28) AS b (id uuid, version int, title text, subtitle text, author text, language text, description text, "aiService" text, words int, chapters jsonb, colophon jsonb, partial bool)
            WHERE $28 IS NOT NULL
        ), jobs AS (
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, book_id)
            SELECT gen_random_uuid(), $1, $2, $29, f.format, f.uses_pages, $32, $33
            FROM run, unnest($30::text[], $31::bool[]) AS f (format, uses_pages)
        ), letter AS (
            INSERT INTO dead_letters (execution_id, user_id, node_id, item, error_class, message)
            SELECT $1, $2, $19 ->> 'nodeId', $34, coalesce($19 ->> 'class', 'internal'), coalesce($19 ->> 'message', '') FROM run WHERE $10 = 'failed'
        )
        SELECT $1 FROM run
        """;

    public static NpgsqlBatchCommand Command(NumberedCommit numbered)
    {
        var commit = numbered.Commit;
        var (events, output, order, figures) = (commit.Events, commit.Output, commit.Exports, commit.Figures);
        var command = commit.Command!.Value;
        // What a worker may do with a run that it holds; the same command of the Api's is another statement's.
        var from = RunTransitions.From(command).Where(status => status is RunStatus.Running or RunStatus.Stopping).ToList();
        var to = RunTransitions.Next(from[0], command)!.Value;
        return TenantBatch.Statement(Text,
        [
            Sql.Value(commit.Lease.ExecutionId),
            Sql.Value(commit.Lease.UserId),
            Sql.Value(commit.Lease.Attempt),
            Sql.Value(numbered.Number),
            Sql.Array(events, e => e.Type),
            Sql.Array(events, e => e.Step?.NodeId),
            Sql.Array(events, e => e.Step?.Item),
            Sql.Array(events, e => e.Step?.Generation),
            Sql.JsonArray([.. events.Select(e => e.Data)]),
            Sql.Value(to.Word()),
            Sql.Array(from, status => status.Word()),
            Sql.OrNull((float?)figures?.Progress, NpgsqlDbType.Real),
            Sql.OrNull(commit.CurrentStep, NpgsqlDbType.Text),
            Sql.OrNull(figures?.ChaptersTotal, NpgsqlDbType.Integer),
            Sql.OrNull(figures?.Words, NpgsqlDbType.Integer),
            Sql.OrNull(figures?.ChaptersDone, NpgsqlDbType.Integer),
            Sql.OrNull(output?.InputTokens, NpgsqlDbType.Bigint),
            Sql.OrNull(output?.OutputTokens, NpgsqlDbType.Bigint),
            Sql.Json(commit.Error is null ? null : Json.Write(commit.Error)),
            Sql.OrNull(output?.Step.NodeId, NpgsqlDbType.Text),
            Sql.OrNull(output?.Step.Item, NpgsqlDbType.Integer),
            Sql.OrNull(output?.Step.Generation, NpgsqlDbType.Integer),
            Sql.OrNull(output?.Kind, NpgsqlDbType.Text),
            Sql.Json(output?.Content),
            Sql.OrNull(output?.Model, NpgsqlDbType.Text),
            Sql.Json(output?.Inputs),
            Sql.OrNull(output?.Hash, NpgsqlDbType.Bytea),
            Sql.Json(commit.Book is null ? null : Json.Write(commit.Book)),
            Sql.Value(order?.Number ?? 0),
            Sql.Array(order?.Formats ?? [], format => format.Key),
            Sql.Array(order?.Formats ?? [], format => format.UsesPages),
            Sql.Json(order?.Settings),
            Sql.OrNull(order?.BookId, NpgsqlDbType.Uuid),
            Sql.OrNull(commit.FailedStep?.Item, NpgsqlDbType.Integer),
            // A decision that came at the last moment must not be slept over.
            Sql.Value(command == RunCommand.Pause),
            Sql.Value(commit.WaitsForBatch),
        ]);
    }
}
