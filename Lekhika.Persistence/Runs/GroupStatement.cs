using System.Text;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Runs;

/// <summary>
/// A statement for commits of many runs, of whatever tenants. Its head, a common table expression <c>run (id, user_id, before)</c>, changes the runs' rows, guarded by their
/// attempts; whatever else the commits write hangs on those rows and takes its tenant from them. It answers the ids of the runs that it changed.
/// </summary>
internal sealed class GroupStatement
{
    private const string Journal = """
        , journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
            SELECT run.id, run.before + v.nth, run.user_id, v.type, v.node_id, v.item, v.generation, v.data
            FROM unnest({0}::uuid[], {1}::int[], {2}::text[], {3}::text[], {4}::int[], {5}::int[], {6}::jsonb[]) AS v (run_id, nth, type, node_id, item, generation, data)
            JOIN run ON run.id = v.run_id
        )
        """;

    private const string Outputs = """
        , output AS (
            INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            SELECT run.id, o.node_id, o.item, o.generation, run.user_id, o.kind, o.content, o.model, o.input_tokens, o.output_tokens, o.inputs, o.hash, o.attempt
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::int[], {4}::text[], {5}::jsonb[], {6}::text[], {7}::bigint[], {8}::bigint[], {9}::jsonb[], {10}::bytea[], {11}::int[])
                AS o (run_id, node_id, item, generation, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
            JOIN run ON run.id = o.run_id
        )
        """;

    private const string Chapters = """
        , chapter AS (
            INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id)
            SELECT run.id, c.number, c.version, run.user_id, c.title, c.content, c.words, c.node_id
            FROM unnest({0}::uuid[], {1}::int[], {2}::int[], {3}::text[], {4}::text[], {5}::int[], {6}::text[]) AS c (run_id, number, version, title, content, words, node_id)
            JOIN run ON run.id = c.run_id
        )
        """;

    private const string Scenes = """
        , scene AS (
            INSERT INTO chapter_scenes (execution_id, node_id, item, generation, scene, user_id, content)
            SELECT run.id, s.node_id, s.item, s.generation, s.scene, run.user_id, s.content
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::int[], {4}::int[], {5}::text[]) AS s (run_id, node_id, item, generation, scene, content)
            JOIN run ON run.id = s.run_id
        )
        """;

    private const string Previews = """
        , preview AS (
            INSERT INTO previews (execution_id, node_id, generation, user_id, content)
            SELECT run.id, w.node_id, w.generation, run.user_id, w.content
            FROM unnest({0}::uuid[], {1}::text[], {2}::int[], {3}::jsonb[]) AS w (run_id, node_id, generation, content)
            JOIN run ON run.id = w.run_id
        )
        """;

    private const string Books = """
        , book AS (
            INSERT INTO books (id, execution_id, user_id, version, title, subtitle, author, language, description, ai_service, words, chapters, colophon, partial)
            SELECT b.id, run.id, run.user_id, b.version, b.title, b.subtitle, b.author, b.language, b.description, b."aiService", b.words, b.chapters, b.colophon, b.partial
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
            SELECT c.id, run.id, run.user_id, c.attempt, c.node_id, c.item, c.generation, c.operation, c.task, c.provider, c.provider_name, c.own_key, c.model_asked, c.model_answered,
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

    private readonly StringBuilder _text;
    private readonly List<NpgsqlParameter> _parameters;

    /// <param name="head">The text that begins the statement.</param>
    /// <param name="parameters">The head's.</param>
    public GroupStatement(string head, IReadOnlyList<NpgsqlParameter> parameters) => (_text, _parameters) = (new StringBuilder(head), [.. parameters]);

    /// <summary>Adds an insert, or whatever hangs on <c>run</c>. What a group has nothing of is not in its statement: an insert of nothing costs the server as much as one of a row. The few forms that come of it are prepared once each.</summary>
    /// <param name="insert">With {0} and so on for the arrays.</param>
    public void Add<T>(string insert, IReadOnlyList<T> rows, Func<IReadOnlyList<T>, NpgsqlParameter[]> arrays)
    {
        if (rows.Count > 0)
        {
            var added = arrays(rows);
            _text.AppendFormat(null, insert, [.. added.Select((_, i) => (object)$"${_parameters.Count + i + 1}")]);
            _parameters.AddRange(added);
        }
    }

    /// <summary>Adds the commits' events, in their order.</summary>
    public void AddEvents(IEnumerable<(Guid Run, IReadOnlyList<JournalEvent> Events)> runs) => Add(
        Journal,
        [.. runs.SelectMany(run => run.Events.Select((e, i) => (run.Run, Nth: i + 1, Event: e)))],
        rows =>
        [
            Sql.Array(rows, row => row.Run),
            Sql.Array(rows, row => row.Nth),
            Sql.Array(rows, row => row.Event.Type),
            Sql.Array(rows, row => row.Event.Step?.NodeId),
            Sql.Array(rows, row => row.Event.Step?.Item),
            Sql.Array(rows, row => row.Event.Step?.Generation),
            Sql.JsonArray([.. rows.Select(row => row.Event.Data)]),
        ]);

    /// <summary>Adds all that commits write besides the runs' rows and events.</summary>
    public void AddWork(IReadOnlyList<NumberedCommit> commits)
    {
        Add(Outputs, Of(commits, commit => commit.Output), rows =>
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
        Add(Chapters, Of(commits, commit => commit.Chapter), rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.Number),
            Sql.Array(rows, row => row.Value.Version),
            Sql.Array(rows, row => row.Value.Title),
            Sql.Array(rows, row => row.Value.Content),
            Sql.Array(rows, row => row.Value.Words),
            Sql.Array(rows, row => row.Value.NodeId),
        ]);
        Add(Scenes, Of(commits, commit => commit.Scene), rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.Step.NodeId),
            Sql.Array(rows, row => row.Value.Step.Item),
            Sql.Array(rows, row => row.Value.Step.Generation),
            Sql.Array(rows, row => row.Value.Number),
            Sql.Array(rows, row => row.Value.Content),
        ]);
        Add(Previews, Of(commits, commit => commit.Preview), rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.Array(rows, row => row.Value.NodeId),
            Sql.Array(rows, row => row.Value.Generation),
            Sql.JsonArray([.. rows.Select(row => row.Value.Content)]),
        ]);
        Add(Books, Of(commits, commit => commit.Book), rows =>
        [
            Sql.Array(rows, row => row.Lease.ExecutionId),
            Sql.JsonArray([.. rows.Select(row => Json.Write(row.Value))]),
        ]);
        Add(ParkedCallSql.Park, Of(commits, commit => commit.Parked), ParkedCallSql.ParkValues);
        Add(ParkedCallSql.Take, Of(commits, commit => commit.Taken), ParkedCallSql.TakeValues);
        // The last word on a call is the one that counts: a statement may write a row once.
        var calls = commits.SelectMany(commit => commit.Commit.Calls.Select(call => (commit.Lease, Call: call))).GroupBy(row => row.Call.Id).Select(rows => rows.Last()).ToList();
        Add(Calls, calls, rows =>
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
    }

    /// <summary>The whole.</summary>
    public NpgsqlBatchCommand Command()
    {
        _text.Append("\nSELECT run.id FROM run");
        return TenantBatch.Statement(_text.ToString(), [.. _parameters]);
    }

    /// <summary>One value of the commits that have it.</summary>
    public static List<(RunLease Lease, T Value)> Of<T>(IReadOnlyList<NumberedCommit> commits, Func<RunCommit, T?> value)
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
}
