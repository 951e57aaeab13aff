using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Usage;

public sealed class UsageTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task The_calls_of_a_run_are_listed_page_by_page_the_newest_first()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        for (var item = 1; item <= 3; item++)
        {
            await CallAsync(run, item, "2026-11-21", 0.5m);
        }

        var first = await GetAsync(run, $"{run.Path}/calls?limit=2");
        first["calls"]!.AsArray().Select(call => (int)call!["item"]!).ShouldBe([3, 2]);
        var second = await GetAsync(run, $"{run.Path}/calls?limit=2&cursor={first["nextCursor"]}");
        second["calls"]!.AsArray().Select(call => (int)call!["item"]!).ShouldBe([1]);
        second["nextCursor"].ShouldBeNull();
        var call = second["calls"]![0]!;
        ((string)call["model"]!).ShouldBe("paid:quill-2");
        call["tokens"]!.ToJsonString().ShouldBe("""{"input":100,"output":50,"cachedInput":40,"cacheWrite":0,"reasoning":5}""");
        ((decimal)call["cost"]!).ShouldBe(0.5m);
    }

    [Fact]
    public async Task Another_user_s_calls_are_not_there()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await CallAsync(run, 1, "2026-11-21", 1);
        var other = await ArrangedRun.SubmitAsync(api);

        using var answer = await other.Client.Http.GetAsync($"{run.Path}/calls");
        await answer.ProblemAsync(404, "execution_not_found");
        (await UsageAsync(other, "?from=2026-11-01&to=2026-11-30")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("day", "2026-11-20 1 0.25,2026-11-21 2 1.50")]
    [InlineData("model", "paid:quill-2 3 1.75")]
    [InlineData("node", "writer-1 3 1.75")]
    public async Task Usage_is_added_up_by_what_was_asked(string by, string expected)
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await CallAsync(run, 1, "2026-11-20", 0.25m);
        await CallAsync(run, 2, "2026-11-21", 0.5m);
        await CallAsync(run, 3, "2026-11-21", 1);
        await CallAsync(run, 4, "2026-12-01", 9);

        var usage = await UsageAsync(run, $"?by={by}&from=2026-11-01&to=2026-11-30");

        string.Join(',', usage.Select(entry => FormattableString.Invariant($"{entry!["key"]} {entry["calls"]} {(decimal)entry["cost"]!:F2}"))).ShouldBe(expected);
    }

    [Fact]
    public async Task What_nobody_has_priced_is_counted_and_an_orphan_too()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await CallAsync(run, 1, "2026-11-20", null, "orphaned");
        await CallAsync(run, 2, "2026-11-20", null, "failed");

        var entry = (await UsageAsync(run, $"?by=execution&from=2026-11-20&to=2026-11-20&executionId={run.Id}")).ShouldHaveSingleItem()!;

        ((string)entry["key"]!).ShouldBe(run.Id.ToString());
        ((long)entry["unpriced"]!, (long)entry["orphaned"]!, (long)entry["failed"]!).ShouldBe((2L, 1L, 1L));
    }

    [Theory]
    [InlineData("?by=user", "by")]
    [InlineData("?from=2026-11-02&to=2026-11-01", "from")]
    [InlineData("?from=2024-01-01&to=2026-01-01", "from")]
    [InlineData("?from=0001-01-01", "from")]
    [InlineData("?to=9999-12-31", "to")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, string field)
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.GetAsync("/v1/usage" + query);
        (await answer.ProblemAsync(400, "validation_failed"))["errors"]![field].ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_dates_the_last_thirty_days_are_meant()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.GetAsync("/v1/usage");
        var told = await answer.JsonAsync();
        DateOnly.Parse((string)told["from"]!).ShouldBe(DateOnly.Parse((string)told["to"]!).AddDays(-29));
    }

    private static Task CallAsync(ArrangedRun run, int item, string day, decimal? cost, string status = "succeeded") => run.ExecuteAsync("""
        INSERT INTO ai_calls (id, execution_id, user_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status,
            input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cost, started_at, milliseconds)
        SELECT gen_random_uuid(), $1, user_id, 'writer-1', $2, 1, 1, 'chat', 'chapter', 'openai', 'paid', false, 'quill-2', $3, 100, 50, 40, 5, $4, $5::timestamptz + $2 * interval '1 s', 900
        FROM engine_executions WHERE id = $1
        """, item, status, (object?)cost ?? DBNull.Value, day);

    private static async Task<JsonArray> UsageAsync(ArrangedRun run, string query) => (await GetAsync(run, "/v1/usage" + query))["usage"]!.AsArray();

    private static async Task<JsonNode> GetAsync(ArrangedRun run, string path)
    {
        using var answer = await run.Client.Http.GetAsync(path);
        return await answer.JsonAsync();
    }
}
