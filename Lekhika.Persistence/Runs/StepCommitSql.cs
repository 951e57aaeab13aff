using System.Text;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// One statement for all commits of one tenant in a group that change no run's state: finished steps, scenes, previews, retries. Each
/// run has one part, guarded by its attempt: the update of its row numbers the events, and everything else hangs on that row. A run
/// that is not in the answer is no longer ours, or this very part was there already.
/// </summary>
internal static class StepCommitSql
{
    private const string Runs = """
        WITH part AS (
            SELECT * FROM unnest($2::uuid[], $3::int[], $4::bigint[], $5::int[], $6::real[], $7::text[], $8::int[], $9::int[], $10::int[], $11::bigint[], $12::bigint[], $13::int[], $14::bool[])
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
            RETURNING e.id, e.last_seq - p.events AS before
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT run.id, run.before + v.nth, $1, v.type, v.node_id, v.item, v.generation, v.data
            FROM unnest($15::uuid[], $16::int[], $17::text[], $18::text[], $19::int[], $20::int[], $21::jsonb[]) AS v (run_id, nth, type, node_id, item, generation, data)
            JOIN run ON run.id = v.run_id
        )
        """;

    private const string Outputs = """
        , output AS (
            INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            SELECT run.id, o.node_id, o.item, o.generation, $1, o.kind, o.content, o.model, o.input_tokens, o.output_tokens, o.inputs, o.hash, o.attempt
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::int[], {4}::text[], {5}::jsonb[], {6}::text[], {7}::bigint[], {8}::bigint[], {9}::jsonb[], {10}::bytea[], {11}::int[])
                AS o (run_id, node_id, item, generation, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            JOIN run ON run.id = o.run_id
        )
        """;

    private const string Chapters = """
        , chapter AS (
            INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id)
            SELECT run.id, c.number, c.version, $1, c.title, c.content, c.words, c.node_id
            FROM unnest({0}::uuid[], {1}::int[], {2}::int[], {3}::text[], {4}::text[], {5}::int[], {6}::text[]) AS c (run_id, number, version, title, content, words, node_id)
            JOIN run ON run.id = c.run_id
        )
        """;

    private const string Scenes = """
        , scene AS (
            INSERT INTO chapter_scenes (execution_id, node_id, item, generation, scene, user_id, content)
            SELECT run.id, s.node_id, s.item, s.generation, s.scene, $1, s.content
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::int[], {4}::int[], {5}::text[]) AS s (run_id, node_id, item, generation, scene, content)
            JOIN run ON run.id = s.run_id
        )
        """;

    private const string Previews = """
        , preview AS (
            INSERT INTO previews (execution_id, node_id, generation, user_id, content)
            SELECT run.id, w.node_id, w.generation, $1, w.content
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::jsonb[]) AS w (run_id, node_id, generation, content)
            JOIN run ON run.id = w.run_id
        )
        """;

    private const string Books = """
        , book AS (
            INSERT INTO books (id, execution_id, user_id, version, title, subtitle, author, language, description, ai_service, words, chapters, colophon, partial)
            SELECT b.id, run.id, $1, b.version, b.title, b.subtitle, b.author, b.language, b.description, b."aiService", b.words, b.chapters, b.colophon, b.partial
            FROM unnest({0}::uuid[], {1}::jsonb[]) AS k (run_id, record)
            JOIN run ON run.id = k.run_id
            CROSS JOIN LATERAL jsonb_to_record(k.record) AS b (id uuid, version int, title text, subtitle text, author text, language text, description text, "aiService" text, words int, chapters jsonb, colophon jsonb, partial bool)
        )
        """;

    // Twice for most calls: before it is made, and with its outcome.
    private const string Calls = """
        , call AS (
            INSERT INTO ai_calls (id, execution_id, user_id, attempt, node_id, item, generation, operation, task, provider, provider_name, own_key, model_asked, model_answered,
                parameters, status, error_class, finish_reason, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, price_id, cost,
                started_at, milliseconds, first_token_ms, trace_id, batch)
            SELECT c.id, run.id, $1, c.attempt, c.node_id, c.item, c.generation, c.operation, c.task, c.provider, c.provider_name, c.own_key, c.model_asked, c.model_answered,
                c.parameters, c.status, c.error_class, c.finish_reason, c.input_tokens, c.output_tokens, c.cached_input_tokens, c.cache_write_tokens, c.reasoning_tokens, c.price_id, c.cost,
                c.started_at, c.milliseconds, c.first_token_ms, c.trace_id, c.batch
            FROM unnest({0}::uuid[], {1}::uuid[], {2}::int[], {3}::text[], {4}::int[], {5}::int[], {6}::text[], {7}::text[], {8}::text[], {9}::text[], {10}::bool[], {11}::text[], {12}::text[],
                {13}::jsonb[], {14}::text[], {15}::text[], {16}::text[], {17}::bigint[], {18}::bigint[], {19}::bigint[], {20}::bigint[], {21}::bigint[], {22}::uuid[], {23}::numeric[],
                {24}::timestamptz[], {25}::int[], {26}::int[], {27}::text[], {28}::bool[])
                AS c (id, run_id, attempt, node_id, item, generation, operation, task, provider, provider_name, own_key, model_asked, model_answered,
                    parameters, status, error_class, finish_reason, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, price_id, cost,
                    started_at, milliseconds, first_token_ms, trace_id, batch)
            JOIN run ON run.id = c.run_id
            ON CONFLICT (id) DO UPDATE SET
                status = excluded.status, error_class = excluded.error_class, finish_reason = excluded.finish_reason, model_answered = excluded.model_answered,
                input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, cached_input_tokens = excluded.cached_input_tokens,
                cache_write_tokens = excluded.cache_write_tokens, reasoning_tokens = excluded.reasoning_tokens, cost = excluded.cost,
                milliseconds = excluded.milliseconds, first_token_ms = excluded.first_token_ms
        )
        """;

    /// <param name="tenant">The owner of all the runs.</param>
    /// <param name="commits">In their order; those of one run under one attempt.</param>
    public static NpgsqlBatchCommand Command(Guid tenant, IReadOnlyList<NumberedCommit> commits)
    {
        var parts = commits.GroupBy(commit => commit.Lease.ExecutionId).Select(Part.Of).ToList();
        var events = parts.SelectMany(part => part.Events.Select((e, i) => (part.Id, Nth: i + 1, Event: e))).ToList();
        List<NpgsqlParameter> parameters =
        [
            Sql.Value(tenant),
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
            Sql.Array(events, row => row.Id),
            Sql.Array(events, row => row.Nth),
            Sql.Array(events, row => row.Event.Type),
            Sql.Array(events, row => row.Event.Step?.NodeId),
            Sql.Array(events, row => row.Event.Step?.Item),
            Sql.Array(events, row => row.Event.Step?.Generation),
            Sql.JsonArray([.. events.Select(row => row.Event.Data)]),
        ];
        var text = new StringBuilder(Runs);

        // What a group has nothing of is not in its statement: an insert of nothing costs the server as much as one of a row. The few
        // forms that come of it are prepared once each.
        void Add<T>(string insert, Func<RunCommit, T?> value, Func<List<(RunLease Lease, T Value)>, NpgsqlParameter[]> arrays)
            where T : class => Append(insert, Of(commits, value), arrays);

        void Append<T>(string insert, List<T> rows, Func<List<T>, NpgsqlParameter[]> arrays)
        {
            if (rows.Count > 0)
            {
                var added = arrays(rows);
                text.AppendFormat(null, insert, [.. added.Select((_, i) => (object)$"${parameters.Count + i + 1}")]);
                parameters.AddRange(added);
            }
        }

        Add(Outputs, commit => commit.Output, rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.Step.NodeId),
            Sql.Array(rows, row => row.Value.Step.Item),
            Sql.Array(rows, row => row.Value.Step.Generation),
            Sql.Array(rows, row => row.Value.Kind),
            Sql.JsonArray([.. rows.Select(row => row.Value.Content)]),
            Sql.Array(rows, row => row.Value.Model),
            Sql.Array(rows, row => row.Value.InputTokens),
            Sql.Array(rows, row => row.Value.OutputTokens),
            Sql.JsonArray([.. rows.Select(row => row.Value.Inputs)]),
            Sql.Array(rows, row => row.Value.Hash),
            Sql.Array(rows, row => row.Lease.Attempt),
        ]);
        Add(Chapters, commit => commit.Chapter, rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.Number),
            Sql.Array(rows, row => row.Value.Version),
            Sql.Array(rows, row => row.Value.Title),
            Sql.Array(rows, row => row.Value.Content),
            Sql.Array(rows, row => row.Value.Words),
            Sql.Array(rows, row => row.Value.NodeId),
        ]);
        Add(Scenes, commit => commit.Scene, rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.Step.NodeId),
            Sql.Array(rows, row => row.Value.Step.Item),
            Sql.Array(rows, row => row.Value.Step.Generation),
            Sql.Array(rows, row => row.Value.Number),
            Sql.Array(rows, row => row.Value.Content),
        ]);
        Add(Previews, commit => commit.Preview, rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.NodeId),
            Sql.Array(rows, row => row.Value.Generation),
            Sql.JsonArray([.. rows.Select(row => row.Value.Content)]),
        ]);
        Add(Books, commit => commit.Book, rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.JsonArray([.. rows.Select(row => Json.Write(row.Value))]),
        ]);
        Add(ParkedCallSql.Park, commit => commit.Parked, ParkedCallSql.ParkValues);
        Add(ParkedCallSql.Take, commit => commit.Taken, ParkedCallSql.TakeValues);
        // The last word on a call is the one that counts: a statement may write a row once.
        var calls = commits.SelectMany(commit => commit.Commit.Calls.Select(call => (commit.Lease, Call: call))).GroupBy(row => row.Call.Id).Select(rows => rows.Last()).ToList();
        Append(Calls, calls, rows =>
        [
            Sql.Array(rows, row => row.Call.Id),
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Lease.Attempt),
            Sql.Array(rows, row => row.Call.Step.NodeId),
            Sql.Array(rows, row => row.Call.Step.Item),
            Sql.Array(rows, row => row.Call.Step.Generation),
            Sql.Array(rows, row => row.Call.Operation),
            Sql.Array(rows, row => row.Call.Task),
            Sql.Array(rows, row => row.Call.Provider),
            Sql.Array(rows, row => row.Call.ProviderName),
            Sql.Array(rows, row => row.Call.OwnKey),
            Sql.Array(rows, row => row.Call.ModelAsked),
            Sql.Array(rows, row => row.Call.ModelAnswered),
            Sql.JsonArray([.. rows.Select(row => row.Call.Parameters)]),
            Sql.Array(rows, row => row.Call.Status),
            Sql.Array(rows, row => row.Call.ErrorClass),
            Sql.Array(rows, row => row.Call.FinishReason),
            Sql.Array(rows, row => row.Call.Tokens.Input),
            Sql.Array(rows, row => row.Call.Tokens.Output),
            Sql.Array(rows, row => row.Call.Tokens.CachedInput),
            Sql.Array(rows, row => row.Call.Tokens.CacheWrite),
            Sql.Array(rows, row => row.Call.Tokens.Reasoning),
            Sql.Array(rows, row => row.Call.PriceId),
            Sql.Array(rows, row => row.Call.Cost),
            Sql.Array(rows, row => row.Call.StartedAt),
            Sql.Array(rows, row => row.Call.Milliseconds),
            Sql.Array(rows, row => row.Call.FirstTokenMilliseconds),
            Sql.Array(rows, row => row.Call.TraceId),
            Sql.Array(rows, row => row.Call.Batch),
        ]);
        text.Append("\nSELECT run.id FROM run");
        return TenantBatch.Statement(text.ToString(), [.. parameters]);
    }

    private static List<(RunLease Lease, T Value)> Of<T>(IReadOnlyList<NumberedCommit> commits, Func<RunCommit, T?> value)
        where T : class
    {
        var rows = new List<(RunLease, T)>();
        foreach (var commit in commits)
        {
            if (value(commit.Commit) is { } found)
            {
                rows.Add((commit.Lease, found));
            }
        }

        return rows;
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
