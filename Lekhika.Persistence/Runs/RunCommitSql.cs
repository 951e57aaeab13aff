using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// One statement for one commit of a run: the guarded update of the status row numbers the events, and everything else hangs
/// on its row. Zero rows answered: the attempt is no longer ours, or the step or this very commit
/// was there already.
/// </summary>
internal static class RunCommitSql
{
    private const string Text = """
        WITH run AS (
            UPDATE engine_executions SET
                last_seq = last_seq + cardinality($4::text[]),
                last_commit = $33,
                status = coalesce($9, status),
                progress = least(100, progress + $11),
                current_step = coalesce($12, current_step),
                chapters_total = coalesce($13, chapters_total),
                words = words + coalesce($14, 0),
                chapters_done = chapters_done + CASE WHEN $14 IS NULL THEN 0 ELSE 1 END,
                input_tokens = input_tokens + $15,
                output_tokens = output_tokens + $16,
                error = $17,
                lease_owner = CASE WHEN $9 IS NULL THEN lease_owner END,
                lease_until = CASE WHEN $9 IS NULL THEN lease_until END,
                queued_at = CASE WHEN $9 = 'queued' THEN now() ELSE queued_at END,
                finished_at = CASE WHEN $9 IN ('failed', 'stopped') THEN now() END
            WHERE id = $1 AND attempt = $3 AND status = ANY($10) AND last_commit < $33
              AND NOT EXISTS (SELECT FROM node_outputs o WHERE o.execution_id = $1 AND o.node_id = $18 AND o.item = $19 AND o.generation = $20)
            RETURNING last_seq - cardinality($4::text[]) AS before
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT $1, run.before + e.ordinal, $2, e.type, e.node_id, e.item, e.generation, e.data
            FROM run, unnest($4::text[], $5::text[], $6::int[], $7::int[], $8::jsonb[]) WITH ORDINALITY AS e (type, node_id, item, generation, data, ordinal)
        ), output AS (
            INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, attempt)
            SELECT $1, $18, $19, $20, $2, $21, $22, $23, $15, $16, $3 FROM run WHERE $18 IS NOT NULL
        ), chapter AS (
            INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id)
            SELECT $1, $24, $25, $2, $26, $27, $14, $18 FROM run WHERE $24 IS NOT NULL
        ), book AS (
            INSERT INTO books (id, execution_id, user_id, title, subtitle, author, language, description, ai_service, words, chapters, colophon)
            SELECT b.id, $1, $2, b.title, b.subtitle, b.author, b.language, b.description, b."aiService", b.words, b.chapters, b.colophon
            FROM run, jsonb_to_record($28) AS b (id uuid, title text, subtitle text, author text, language text, description text, "aiService" text, words int, chapters jsonb, colophon jsonb)
            WHERE $28 IS NOT NULL
        ), jobs AS (
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings)
            SELECT gen_random_uuid(), $1, $2, $29, f.format, f.uses_pages, $32
            FROM run, unnest($30::text[], $31::bool[]) AS f (format, uses_pages)
        )
        SELECT 1 FROM run
        """;

    /// <param name="commit">What is written.</param>
    /// <param name="number">Greater than that of every earlier commit of the run; the same when it is sent again.</param>
    public static NpgsqlBatchCommand Command(RunCommit commit, long number)
    {
        var (events, output, chapter, order) = (commit.Events, commit.Output, commit.Chapter, commit.Exports);
        var from = From(commit);
        var to = commit.Command is { } asked ? RunTransitions.Next(from[0], asked)!.Value.Word() : null;
        return TenantBatch.Statement(Text,
        [
            Sql.Value(commit.Lease.ExecutionId),
            Sql.Value(commit.Lease.UserId),
            Sql.Value(commit.Lease.Attempt),
            Sql.Value(events.Select(e => e.Type).ToArray()),
            Sql.Value(events.Select(e => e.Step?.NodeId).ToArray()),
            Sql.Value(events.Select(e => e.Step?.Item).ToArray()),
            Sql.Value(events.Select(e => e.Step?.Generation).ToArray()),
            Sql.JsonArray([.. events.Select(e => e.Data)]),
            Sql.OrNull(to, NpgsqlDbType.Text),
            Sql.Value(from.Select(status => status.Word()).ToArray()),
            Sql.Value((float)commit.Progress),
            Sql.OrNull(commit.CurrentStep, NpgsqlDbType.Text),
            Sql.OrNull(commit.ChaptersTotal, NpgsqlDbType.Integer),
            Sql.OrNull(chapter?.Words, NpgsqlDbType.Integer),
            Sql.Value(output?.InputTokens ?? 0),
            Sql.Value(output?.OutputTokens ?? 0),
            Sql.Json(commit.Error is null ? null : Json.Write(commit.Error)),
            Sql.OrNull(output?.Step.NodeId, NpgsqlDbType.Text),
            Sql.OrNull(output?.Step.Item, NpgsqlDbType.Integer),
            Sql.OrNull(output?.Step.Generation, NpgsqlDbType.Integer),
            Sql.OrNull(output?.Kind, NpgsqlDbType.Text),
            Sql.Json(output?.Content),
            Sql.OrNull(output?.Model, NpgsqlDbType.Text),
            Sql.OrNull(chapter?.Number, NpgsqlDbType.Integer),
            Sql.OrNull(chapter?.Version, NpgsqlDbType.Integer),
            Sql.OrNull(chapter?.Title, NpgsqlDbType.Text),
            Sql.OrNull(chapter?.Content, NpgsqlDbType.Text),
            Sql.Json(commit.Book is null ? null : Json.Write(commit.Book)),
            Sql.Value(order?.Number ?? 0),
            Sql.Value(order?.Formats.Select(format => format.Key).ToArray() ?? []),
            Sql.Value(order?.Formats.Select(format => format.UsesPages).ToArray() ?? []),
            Sql.Json(order?.Settings),
            Sql.Value(number),
        ]);
    }

    /// <summary>The states that the commit is allowed in. Without a transition the run goes on: a step that ends while a stop is asked is kept.</summary>
    public static IReadOnlyList<RunStatus> From(RunCommit commit) =>
        commit.Command is { } command ? RunTransitions.From(command) : [RunStatus.Running, RunStatus.Stopping];
}
