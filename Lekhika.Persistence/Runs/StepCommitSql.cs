using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// One statement for all commits of a group that change no run's state: finished steps, scenes, previews, retries. Each
/// run has one part, guarded by its attempt: the update of its row numbers the events, and everything else hangs on that row. A run
/// that is not in the answer is no longer ours, or this very part was there already.
/// </summary>
internal static class StepCommitSql
{
    private const string Runs = """
        WITH part AS (
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::int[], $5::real[], $6::text[], $7::int[], $8::int[], $9::int[], $10::bigint[], $11::bigint[], $12::int[], $13::bool[])
                AS p (id, attempt, number, events, progress, current_step, chapters_total, words, chapters_done, input_tokens, output_tokens, requests_seen, advances)
        ), run AS (
            UPDATE engine_executions e SET
                last_seq = e.last_seq + p.events,
                last_commit = p.number,
                progress = coalesce(p.progress, e.progress),
                current_step = coalesce(p.current_step, e.current_step),
                chapters_total = coalesce(p.chapters_total, e.chapters_total),
                words = coalesce(p.words, e.words),
                chapters_done = coalesce(p.chapters_done, e.chapters_done),
                input_tokens = e.input_tokens + p.input_tokens,
                output_tokens = e.output_tokens + p.output_tokens,
                requests_seen = greatest(e.requests_seen, p.requests_seen),
                fruitless_claims = CASE WHEN p.advances THEN 0 ELSE e.fruitless_claims END
            FROM part p
            WHERE e.id = p.id AND e.attempt = p.attempt AND e.last_commit < p.number AND e.lease_owner IS NOT NULL AND e.status IN ('running', 'stopping')
            RETURNING e.id, e.user_id, e.last_seq - p.events AS before
        )
        """;

    /// <param name="commits">In their order; those of one run under one attempt.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<NumberedCommit> commits)
    {
        var parts = commits.GroupBy(commit => commit.Lease.ExecutionId).Select(Part.Of).ToList();
        var statement = new GroupStatement(Runs,
        [
            Sql.Array(parts, part => part.Id),
            Sql.Array(parts, part => part.Attempt),
            Sql.Array(parts, part => part.Number),
            Sql.Array(parts, part => part.Events.Count),
            Sql.Array(parts, part => (float?)part.Figures?.Progress),
            Sql.Array(parts, part => part.CurrentStep),
            Sql.Array(parts, part => part.Figures?.ChaptersTotal),
            Sql.Array(parts, part => part.Figures?.Words),
            Sql.Array(parts, part => part.Figures?.ChaptersDone),
            Sql.Array(parts, part => part.InputTokens),
            Sql.Array(parts, part => part.OutputTokens),
            Sql.Array(parts, part => part.RequestsSeen),
            Sql.Array(parts, part => part.Advances),
        ]);
        statement.AddEvents(parts.Select(part => (part.Id, part.Events)));
        statement.AddWork(commits);
        return statement.Command();
    }

    /// <summary>What a group does to one run's row.</summary>
    private sealed record Part(
        Guid Id, int Attempt, long Number, IReadOnlyList<JournalEvent> Events, RunFigures? Figures, string? CurrentStep,
        long InputTokens, long OutputTokens, int? RequestsSeen, bool Advances)
    {
        public static Part Of(IGrouping<Guid, NumberedCommit> commits)
        {
            var last = commits.Last();
            return new(
                commits.Key,
                last.Lease.Attempt,
                last.Number,
                [.. commits.SelectMany(commit => commit.Commit.Events)],
                commits.LastOrDefault(commit => commit.Commit.Figures is not null)?.Commit.Figures,
                commits.LastOrDefault(commit => commit.Commit.CurrentStep is not null)?.Commit.CurrentStep,
                commits.Sum(commit => commit.Commit.Output?.InputTokens ?? 0),
                commits.Sum(commit => commit.Commit.Output?.OutputTokens ?? 0),
                commits.Max(commit => commit.Commit.RequestsSeen),
                // Anything that is said of a step is a sign of life; a worker that the run ends says nothing any more.
                commits.Any(commit => commit.Commit.Events.Count > 0));
        }
    }
}

/// <summary>A commit with its place in the order of its run's commits.</summary>
internal sealed record NumberedCommit(RunCommit Commit, long Number)
{
    public RunLease Lease => Commit.Lease;
}
