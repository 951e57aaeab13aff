using Lekhika.Testing.Runs;
using Lekhika.Testing.Simulated;
using Npgsql;

namespace Lekhika.Chaos.Tests.Checks;

/// <summary>What is wrong after a disturbed run, a sentence each, and what was counted on the way.</summary>
internal sealed record Verdict(IReadOnlyList<string> Violations, string Counts, string Journal)
{
    private const string JournalSql = """
        SELECT string_agg((extract(epoch FROM created_at) * 1000000)::bigint || '  ' || seq || ' ' || type || ' ' || concat_ws('/', node_id, item, generation) || ' ' || left(data::text, 150), E'\n' ORDER BY seq)
        FROM execution_events WHERE execution_id = $1
        """;

    public static async Task<Verdict> OfAsync(ChaosRun chaos, Manuscript undisturbed)
    {
        var run = chaos.Run;
        var requests = chaos.Model.Requests;
        var word = ModelOracle.Judge(requests, await FinishedAsync(run), chaos.Chronicle.WakeUps);
        List<string> violations =
        [
            .. chaos.Chronicle.Unfinished,
            .. (await Manuscript.ReadAsync(run)).DifferencesFrom(undisturbed),
            .. word.Violations,
            .. await JournalAsync(run),
            .. await ExpectAsync(run, "A lease is left.", "SELECT lease_owner IS NULL AND lease_until IS NULL FROM engine_executions WHERE id = $1"),
            .. await ExpectAsync(run, "The words of the status row are not those of the newest chapter versions.", """
                SELECT words = (SELECT coalesce(sum(words), 0) FROM (SELECT DISTINCT ON (number) words FROM chapter_versions WHERE execution_id = $1 ORDER BY number, version DESC) newest)
                FROM engine_executions WHERE id = $1
                """),
            .. await ExpectAsync(run, "A call of a model has no end in its record.", "SELECT NOT EXISTS (SELECT FROM ai_calls WHERE execution_id = $1 AND status = 'started')"),
            .. await run.AskAsync<long>("SELECT count(*) FROM ai_calls WHERE execution_id = $1") is var recorded && recorded < requests.Count
                ? (string[])[$"The model was asked {requests.Count} times, but only {recorded} calls are recorded: an intent was not written before its call."]
                : [],
            .. await ExpectAsync(run, "The tokens of the status row are not those of the steps.", """
                SELECT (input_tokens, output_tokens) = (SELECT sum(input_tokens), sum(output_tokens) FROM node_outputs WHERE execution_id = $1)
                FROM engine_executions WHERE id = $1
                """),
        ];
        var disturbances = string.Join(", ", chaos.Chronicle.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));
        var takeovers = await run.AskAsync<long>("SELECT count(*) FROM execution_events WHERE execution_id = $1 AND (data->>'takeover')::boolean");
        return new Verdict(violations, $"{chaos.Elapsed.TotalSeconds:F1} s; {disturbances}; {requests.Count} requests, {requests.Count(request => request.Continues)} of them continue, " +
            $"{requests.Count(request => request.FinishedAt is null)} not answered to the end; {word.AskedAgain} steps asked more than once, late_wakeups {word.LateWakeUps}, {takeovers} takeovers",
            await run.AskAsync<string>(JournalSql) ?? "");
    }

    private static async Task<IEnumerable<string>> JournalAsync(QueuedRun run)
    {
        try
        {
            await run.JournalAsync();
            return [];
        }
        catch (InvalidOperationException gap)
        {
            return [gap.Message];
        }
    }

    private static async Task<IEnumerable<string>> ExpectAsync(QueuedRun run, string otherwise, string sql) => await run.AskAsync<bool>(sql) ? [] : [otherwise];

    /// <summary>Finished steps with the time of the commit as Postgres recorded it (<c>track_commit_timestamp</c>): exact, where created_at is that of the statement.</summary>
    private static async Task<List<FinishedStep>> FinishedAsync(QueuedRun run)
    {
        await using var connection = new NpgsqlConnection(run.Database.Admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            SELECT o.kind, o.item, (extract(epoch FROM pg_xact_commit_timestamp(e.xmin)) * 1000000)::bigint, o.model
            FROM execution_events e JOIN node_outputs o USING (execution_id, node_id, item, generation)
            WHERE execution_id = $1 AND e.type = 'step.completed'
            """, connection) { Parameters = { new() { Value = run.Id } } };
        await using var reader = await command.ExecuteReaderAsync();
        var steps = new List<FinishedStep>();
        while (await reader.ReadAsync())
        {
            steps.Add(new FinishedStep(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        }

        return steps;
    }
}
