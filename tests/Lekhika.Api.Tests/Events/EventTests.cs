using System.Net;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Events;

public sealed class EventTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_journal_is_read_in_parts_without_a_gap()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        for (var i = 0; i < 5; i++)
        {
            await api.HappensAsync(id, "scene.completed", "writer-1");
        }

        var seen = new List<long>();
        long last;
        do
        {
            var page = await ReadAsync(client, id, $"?after={seen.LastOrDefault()}&limit=4");
            seen.AddRange(page["events"]!.AsArray().Select(e => (long)e!["seq"]!));
            last = (long)page["lastSeq"]!;
        }
        while (seen[^1] < last);

        seen.ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task An_event_says_what_happened_when_and_to_which_step()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.HappensAsync(id, "step.completed", "writer-1", """{"words": 512}""");

        var page = await ReadAsync(client, id, "");

        ((string)page["status"]!).ShouldBe("queued");
        var (first, second) = (page["events"]![0]!, page["events"]![1]!);
        first.AsObject().Select(member => member.Key).ShouldBe(["seq", "type", "nodeId", "item", "generation", "data", "createdAt"]);
        ((string)first["type"]!).ShouldBe("run.submitted");
        first["nodeId"].ShouldBeNull();
        ((string)second["nodeId"]!).ShouldBe("writer-1");
        ((int)second["item"]!).ShouldBe(1);
        ((int)second["data"]!["words"]!).ShouldBe(512);
        ((string)second["createdAt"]!).ShouldEndWith("Z");
        (await ReadAsync(client, id, "?after=2"))["events"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?after=-1")]
    [InlineData("?limit=0")]
    [InlineData("?limit=501")]
    public async Task A_part_that_cannot_be_is_refused(string query)
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.GetAsync($"/v1/executions/{Guid.NewGuid()}/events{query}");
        await answer.ProblemAsync(400, "validation_failed");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Somebody_elses_journal_is_not_found(string accept)
    {
        var id = await (await api.ClientAsync()).SubmitAsync();
        var other = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/executions/{id}/events") { Headers = { Accept = { new(accept) } } };
        using var answer = await other.Http.SendAsync(request);
        await answer.ProblemAsync(404, "execution_not_found");
    }

    [Fact]
    public async Task Reading_takes_its_scope_or_a_session()
    {
        var user = await api.RegisterAsync();
        var id = await (await user.ClientAsync()).SubmitAsync();
        using var refused = await (await user.ClientAsync("files:read")).Http.GetAsync($"/v1/executions/{id}/events");
        await refused.ProblemAsync(403, "scope_missing");
        using var session = await user.Session.GetAsync($"/v1/executions/{id}/events");
        session.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<JsonNode> ReadAsync(TestClient client, Guid id, string query)
    {
        using var answer = await client.Http.GetAsync($"/v1/executions/{id}/events{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}

internal static class Happenings
{
    /// <summary>Something happens to a run, as if a worker had written it.</summary>
    public static Task HappensAsync(this RunningApi api, Guid id, string type, string? nodeId = null, string data = "{}", string? status = null) => api.Database.ExecuteAsync("""
        WITH run AS (UPDATE engine_executions SET last_seq = last_seq + 1, status = coalesce(nullif($5, ''), status) WHERE id = $1 RETURNING id, user_id, last_seq)
        INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, item, generation, data)
        SELECT id, last_seq, user_id, $2, nullif($3, ''), CASE WHEN $3 = '' THEN NULL ELSE 1 END, CASE WHEN $3 = '' THEN NULL ELSE 1 END, $4::jsonb FROM run
        """, id, type, nodeId ?? "", data, status ?? "");
}
