using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// One statement for all commits of a group that change a run's state, one of a run, each guarded by the attempt and by the states in which its transition is allowed.
/// A run that is not in the answer: the attempt is no longer ours, somebody was quicker, or this very commit was there already.
/// </summary>
internal static class TransitionSql
{
    private const string Runs = """
        WITH part AS (
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::int[], $5::text[], $6::bool[], $7::bool[], $8::real[], $9::text[], $10::int[], $11::int[], $12::int[],
                    $13::bigint[], $14::bigint[], $15::jsonb[], $16::int[], $17::bool[], $18::bool[])
                AS p (id, attempt, number, events, status, from_running, from_stopping, progress, current_step, chapters_total, words, chapters_done,
                    input_tokens, output_tokens, error, failed_item, unless_asked, waits_for_batch)
        ), run AS (
            UPDATE engine_executions e SET
                last_seq = e.last_seq + p.events,
                last_commit = p.number,
                status = p.status,
                progress = coalesce(p.progress, e.progress),
                current_step = coalesce(p.current_step, e.current_step),
                chapters_total = coalesce(p.chapters_total, e.chapters_total),
                words = coalesce(p.words, e.words),
                chapters_done = coalesce(p.chapters_done, e.chapters_done),
                input_tokens = e.input_tokens + p.input_tokens,
                output_tokens = e.output_tokens + p.output_tokens,
                error = p.error,
                lease_owner = NULL,
                lease_until = NULL,
                ran_for = e.ran_for + coalesce(now() - e.running_since, '0'),
                running_since = NULL,
                requests_seen = e.requests,
                pause_requested = false,
                waits_for_batch = p.waits_for_batch,
                fruitless_claims = CASE WHEN p.status = 'queued' THEN greatest(0, e.fruitless_claims - 1) ELSE 0 END,
                queued_at = CASE WHEN p.status = 'queued' THEN now() ELSE e.queued_at END,
                finished_at = CASE WHEN p.status IN ('completed', 'failed', 'stopped') THEN now() END
            FROM part p
            WHERE e.id = p.id AND e.attempt = p.attempt AND e.last_commit < p.number AND e.lease_owner IS NOT NULL
              AND CASE e.status WHEN 'running' THEN p.from_running WHEN 'stopping' THEN p.from_stopping ELSE false END
              AND (NOT p.unless_asked OR e.requests = e.requests_seen)
            RETURNING e.id, e.user_id, e.last_seq - p.events AS before, e.status, e.error, p.failed_item
        )
        """;

    private const string Jobs = """
        , jobs AS (
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, book_id)
            SELECT gen_random_uuid(), run.id, run.user_id, j.order_no, j.format, j.uses_pages, j.settings, j.book_id
            FROM unnest({0}::uuid[], {1}::int[], {2}::text[], {3}::bool[], {4}::jsonb[], {5}::uuid[]) AS j (run_id, order_no, format, uses_pages, settings, book_id)
            JOIN run ON run.id = j.run_id
        )
        """;

    private const string Letters = """
        , letter AS (
            INSERT INTO dead_letters (execution_id, user_id, node_id, item, error_class, message)
            SELECT run.id, run.user_id, run.error ->> 'nodeId', run.failed_item, coalesce(run.error ->> 'class', 'internal'), coalesce(run.error ->> 'message', '')
            FROM unnest({0}::uuid[]) AS f (run_id) JOIN run ON run.id = f.run_id
        )
        """;

    /// <param name="commits">One of a run.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<NumberedCommit> commits)
    {
        var parts = commits.Select(Part.Of).ToList();
        var statement = new GroupStatement(Runs,
        [
            Sql.Array(parts, part => part.Lease.ExecutionId),
            Sql.Array(parts, part => part.Lease.Attempt),
            Sql.Array(parts, part => part.Number),
            Sql.Array(parts, part => part.Commit.Events.Count),
            Sql.Array(parts, part => part.To.Word()),
            Sql.Array(parts, part => part.From.Contains(RunStatus.Running)),
            Sql.Array(parts, part => part.From.Contains(RunStatus.Stopping)),
            Sql.Array(parts, part => (float?)part.Commit.Figures?.Progress),
            Sql.Array(parts, part => part.Commit.CurrentStep),
            Sql.Array(parts, part => part.Commit.Figures?.ChaptersTotal),
            Sql.Array(parts, part => part.Commit.Figures?.Words),
            Sql.Array(parts, part => part.Commit.Figures?.ChaptersDone),
            Sql.Array(parts, part => part.Commit.Output?.InputTokens ?? 0),
            Sql.Array(parts, part => part.Commit.Output?.OutputTokens ?? 0),
            Sql.JsonArray([.. parts.Select(part => part.Commit.Error is null ? null : Json.Write(part.Commit.Error))]),
            Sql.Array(parts, part => part.Commit.FailedStep?.Item),
            // A decision that came at the last moment must not be slept over.
            Sql.Array(parts, part => part.Commit.Command == RunCommand.Pause),
            Sql.Array(parts, part => part.Commit.WaitsForBatch),
        ]);
        statement.AddEvents(commits.Select(commit => (commit.Lease.ExecutionId, commit.Commit.Events)));
        statement.AddWork(commits);
        statement.Add(Jobs, [.. GroupStatement.Of(commits, commit => commit.Exports).SelectMany(ordered => ordered.Value.Formats.Select(format => (ordered.Lease, Order: ordered.Value, Format: format)))], rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Order.Number),
            Sql.Array(rows, row => row.Format.Key),
            Sql.Array(rows, row => row.Format.UsesPages),
            Sql.JsonArray([.. rows.Select(row => row.Order.Settings)]),
            Sql.Array(rows, row => row.Order.BookId),
        ]);
        statement.Add(Letters, parts.FindAll(part => part.To == RunStatus.Failed), rows => [Sql.Array(rows, row => row.Lease.ExecutionId)]);
        return statement.Command();
    }

    /// <summary>A commit with its transition.</summary>
    /// <param name="From">What a worker may do it with; the same command of the Api's is another statement's.</param>
    private sealed record Part(RunLease Lease, long Number, RunCommit Commit, IReadOnlyList<RunStatus> From, RunStatus To)
    {
        public static Part Of(NumberedCommit numbered)
        {
            var command = numbered.Commit.Command!.Value;
            var from = RunTransitions.From(command).Where(status => status is RunStatus.Running or RunStatus.Stopping).ToList();
            return new(numbered.Lease, numbered.Number, numbered.Commit, from, RunTransitions.Next(from[0], command)!.Value);
        }
    }
}
