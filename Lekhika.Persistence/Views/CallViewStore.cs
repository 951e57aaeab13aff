using Lekhika.Core.Executions;
using Lekhika.Core.Models;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Views;

/// <summary>A call of a model.</summary>
/// <param name="Model">As <c>keyName:modelId</c>.</param>
/// <param name="PriceVersion">The version of the price at which <paramref name="Cost"/> was reckoned.</param>
/// <param name="Cost">US dollars; null without a price, or while nobody knows.</param>
public sealed record CallView(
    Guid Id, StepKey Step, string Operation, string Task, string Provider, string Model, bool OwnKey, string? ModelAnswered, string Parameters, string Status, string? ErrorClass,
    string? FinishReason, TokenUse Tokens, int? PriceVersion, decimal? Cost, DateTime StartedAt, int? Milliseconds, int? FirstTokenMilliseconds, string? TraceId, bool Batch);

/// <summary>What a group of calls used.</summary>
/// <param name="Key">A day, a model, a node or a run, as asked.</param>
/// <param name="Unpriced">Calls that are not in <paramref name="Cost"/>, because nobody has said what they cost.</param>
public sealed record UsageView(string Key, long Calls, long Failed, long Orphaned, TokenUse Tokens, decimal Cost, long Unpriced);

/// <summary>How usage is put together.</summary>
public enum UsageGroup
{
    /// <summary>By the day (UTC) on which a call began.</summary>
    Day,

    /// <summary>By keyName:modelId.</summary>
    Model,

    /// <summary>By the node of the workflow.</summary>
    Node,

    /// <summary>By the run.</summary>
    Execution,
}

/// <summary>The calls of models that a user's runs have made.</summary>
public sealed class CallViewStore(TenantDatabase database)
{
    private const string Calls = """
        SELECT c.id, c.node_id, c.item, c.generation, c.operation, c.task, c.provider, c.provider_name || ':' || c.model_asked, c.own_key, c.model_answered, c.parameters::text,
               c.status, c.error_class, c.finish_reason, c.input_tokens, c.output_tokens, c.cached_input_tokens, c.cache_write_tokens, c.reasoning_tokens,
               (SELECT p.version FROM ai_model_prices p WHERE p.id = c.price_id), c.cost, c.started_at, c.milliseconds, c.first_token_ms, c.trace_id, c.batch
        FROM ai_calls c
        WHERE c.execution_id = $1 AND ($2::timestamptz IS NULL OR (c.started_at, c.id) < ($2, $3))
        ORDER BY c.started_at DESC, c.id DESC LIMIT $4
        """;

    private const string Usage = """
        SELECT key, count(*), count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'orphaned'),
               sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cached_input_tokens)::bigint, sum(cache_write_tokens)::bigint, sum(reasoning_tokens)::bigint,
               coalesce(sum(cost), 0), count(*) FILTER (WHERE cost IS NULL)
        FROM (
            SELECT c.*, CASE $1
                WHEN 'Day' THEN to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') WHEN 'Model' THEN provider_name || ':' || model_asked
                WHEN 'Node' THEN node_id ELSE execution_id::text END AS key
            FROM ai_calls c
            WHERE started_at >= $2 AND started_at < $3 AND ($4::uuid IS NULL OR execution_id = $4)
        ) calls
        GROUP BY key ORDER BY CASE $1 WHEN 'Day' THEN key END, coalesce(sum(cost), 0) DESC, sum(input_tokens + output_tokens) DESC, key LIMIT $5
        """;

    /// <summary>A run's calls, the newest first; null when the user has no such run.</summary>
    public async Task<Page<CallView>?> ListAsync(Guid userId, Guid executionId, PageRequest request, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add(Calls, Sql.Value(executionId), Sql.OrNull(request.After?.CreatedAt, NpgsqlTypes.NpgsqlDbType.TimestampTz), Sql.OrNull(request.After?.Id, NpgsqlTypes.NpgsqlDbType.Uuid), Sql.Value(request.Size + 1))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var calls = await reader.RowsAsync(Call, cancellationToken);
        return runs.Count == 0 ? null : Page<CallView>.Of(calls, request.Size, call => new(call.StartedAt, call.Id));
    }

    /// <summary>What the user's calls used, put together; of one run, or of all. At most <paramref name="most"/> groups: days in their order, else the dearest first.</summary>
    public async Task<IReadOnlyList<UsageView>> UsageAsync(
        Guid userId, UsageGroup by, DateTime from, DateTime to, Guid? executionId, int most, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        return await batch
            .Add(Usage, Sql.Value(by.ToString()), Sql.Value(from), Sql.Value(to), Sql.OrNull(executionId, NpgsqlTypes.NpgsqlDbType.Uuid), Sql.Value(most))
            .ListAsync(
                row => new UsageView(
                    row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
                    new TokenUse(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)), row.GetDecimal(9), row.GetInt64(10)),
                cancellationToken);
    }

    private static CallView Call(NpgsqlDataReader row) => new(
        row.GetGuid(0), new StepKey(row.GetString(1), row.GetInt32(2), row.GetInt32(3)), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetBoolean(8), row.Text(9),
        row.GetString(10), row.GetString(11), row.Text(12), row.Text(13),
        new TokenUse(row.GetInt64(14), row.GetInt64(15), row.GetInt64(16), row.GetInt64(17), row.GetInt64(18)),
        row.Nullable<int>(19), row.Nullable<decimal>(20), row.GetDateTime(21), row.Nullable<int>(22), row.Nullable<int>(23), row.Text(24), row.GetBoolean(25));
}
