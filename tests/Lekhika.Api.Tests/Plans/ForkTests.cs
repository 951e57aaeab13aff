using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Core.Executions.Steps;
using Lekhika.Persistence.Plans;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Plans;

public sealed class ForkTests(RunningApi api) : IClassFixture<RunningApi>
{
    private TestDatabase Database => api.Database;

    [Fact]
    public async Task A_fork_has_what_serves_and_a_journal_of_its_own()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);

        using var answer = await ForkAsync(client, source, new { prompts = new Dictionary<string, object> { ["writer-1"] = new { userPrompt = "Write the chapter in rhymes." } } });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var body = await answer.JsonAsync();
        var id = Guid.Parse((string)body["executionId"]!);
        ((string)body["status"]!).ShouldBe("queued");
        ((string)body["statusUrl"]!).ShouldBe($"/v1/executions/{id}");
        answer.Headers.Location!.ToString().ShouldBe($"/v1/executions/{id}");
        body["plan"]!.ToJsonString().ShouldBe("""{"run":{"steps":5,"inputTokens":300,"outputTokens":150},"reuse":{"steps":3,"inputTokens":300,"outputTokens":150}}""");

        (await Database.AskAsync<string>("SELECT concat_ws(' ', status, forked_from, user_engine_id, progress, last_seq, title, formats) FROM engine_executions WHERE id = $1", id))
            .ShouldBe($"queued {source} {client.EngineId} 0 4 The Salt Cartographer {{pdf,docx,epub,html,md,txt}}");
        (await RowsAsync("SELECT concat_ws(' ', node_id, item, generation, kind, input_tokens, output_tokens, attempt, model) FROM node_outputs WHERE execution_id = $1 ORDER BY node_id", id)).ShouldBe(
            "architect-1 0 1 bible 0 0 0 offline-author, outliner-1 0 1 outline 0 0 0 offline-author, requirements-1 0 1 requirements 0 0 0 offline-author");
        (await Database.AskAsync<long>("""
            SELECT count(*) FROM node_outputs f JOIN node_outputs s ON s.execution_id = $2 AND s.node_id = f.node_id AND s.item = f.item
            WHERE f.execution_id = $1 AND f.inputs = s.inputs AND f.hash = s.hash AND f.content = s.content
            """, id, source)).ShouldBe(3);
        (await RowsAsync("SELECT concat_ws(' ', seq, type, node_id, data ->> 'items', data ->> 'forkedFrom', data ->> 'executionId') FROM execution_events WHERE execution_id = $1 ORDER BY seq", id)).ShouldBe(
            $"1 run.submitted {source}, 2 step.reused requirements-1 1 {source}, 3 step.reused architect-1 1 {source}, 4 step.reused outliner-1 1 {source}");
        (await Database.AskAsync<string>("""
            SELECT concat_ws(' ', w.user_id, w.user_engine_id, w.definition #>> '{nodes,3,data,userPrompt}') FROM engine_executions e JOIN workflow_versions w ON w.id = e.workflow_version_id WHERE e.id = $1
            """, id)).ShouldBe($"{client.User.Id} Write the chapter in rhymes.");
        (await Database.AskAsync<Guid>("SELECT workflow_version_id FROM user_engines WHERE id = $1", client.EngineId))
            .ShouldBe(await Database.AskAsync<Guid>("SELECT workflow_version_id FROM engine_executions WHERE id = $1", source), "the engine keeps its own");
    }

    [Fact]
    public async Task Chapters_that_serve_come_with_their_text_as_first_versions()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        await api.FinishAsync(client, source, "writer-1", generation: 2, only: 2);

        var id = await ForkedAsync(client, source, new { options = new { formats = new[] { "epub" } } });

        (await RowsAsync("SELECT concat_ws(' ', number, version, content) FROM chapter_versions WHERE execution_id = $1 ORDER BY number", id)).ShouldBe(
            "1 1 Chapter 1 in generation 1. , 2 1 Chapter 2 in generation 2. , 3 1 Chapter 3 in generation 1. ");
        (await RowsAsync("SELECT concat_ws(' ', item, generation, content ->> 'version') FROM node_outputs WHERE execution_id = $1 AND node_id = 'writer-1' ORDER BY item", id)).ShouldBe("1 1 1, 2 1 1, 3 1 1");
        (await Database.AskAsync<string>("SELECT data::text FROM execution_events WHERE execution_id = $1 AND node_id = 'writer-1'", id)).ShouldBe($$"""{"items": 3, "executionId": "{{source}}"}""");
        (await Database.AskAsync<string[]>("SELECT formats FROM engine_executions WHERE id = $1", id)).ShouldBe(["epub"]);
        (await Database.AskAsync<Guid>("SELECT workflow_version_id FROM engine_executions WHERE id = $1", id))
            .ShouldBe(await Database.AskAsync<Guid>("SELECT workflow_version_id FROM engine_executions WHERE id = $1", source));
    }

    [Fact]
    public async Task Book_files_and_approvals_are_never_copied()
    {
        var client = await api.ClientAsync();
        var id = await ForkedAsync(client, await api.FinishedAsync(client), new { });
        (await Database.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1 AND kind IN ('manuscript', 'handover', 'approval')", id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_fork_is_not_stale_and_can_be_forked_again()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        await api.FinishAsync(client, source, "writer-1", generation: 2, only: 2);
        var fork = await ForkedAsync(client, source, new { });

        var stored = await api.Services.GetRequiredService<ExecutionPlanStore>().LoadAsync(client.User.Id, fork, CancellationToken.None);
        RunPlanner.Stale(stored!.Run).ShouldBeEmpty();
        var again = await ForkedAsync(client, fork, new { userInput = new { author_name = "Noor Ali" } });

        (await Database.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1", again)).ShouldBe(6);
        (await Database.AskAsync<string>("SELECT brief ->> 'author' FROM execution_inputs WHERE execution_id = $1", again)).ShouldBe("Noor Ali");
        (await Database.AskAsync<string>("SELECT content FROM chapter_versions WHERE execution_id = $1 AND number = 2", again)).ShouldStartWith("Chapter 2 in generation 2.");
    }

    [Fact]
    public async Task A_run_in_any_state_can_be_forked_and_stays_as_it_is()
    {
        var client = await api.ClientAsync();
        var source = await client.SubmitAsync();
        await api.FinishAsync(client, source, "requirements-1");
        foreach (var state in new[] { "queued", "running", "paused", "stopping", "exporting", "completed", "stopped", "failed" })
        {
            await Database.ExecuteAsync("UPDATE engine_executions SET status = $2 WHERE id = $1", source, state);
            var id = await ForkedAsync(client, source, new { });
            (await Database.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1", id)).ShouldBe(1);
        }

        (await Database.AskAsync<long>("SELECT count(*) FROM execution_events WHERE execution_id = $1", source)).ShouldBe(1);
    }

    [Fact]
    public async Task The_changed_form_is_the_forks_and_the_seed_stays()
    {
        var client = await api.ClientAsync();
        var source = await client.SubmitAsync();
        var id = await ForkedAsync(client, source, new { userInput = new { title = "The Tide Cartographer", tone = "cold" }, options = new { settings = new { pageSize = "A5" }, priority = -3 } });

        (await Database.AskAsync<string>("SELECT concat_ws('|', title, priority) FROM engine_executions WHERE id = $1", id)).ShouldBe("The Tide Cartographer|-3");
        (await Database.AskAsync<string>("SELECT concat_ws('|', brief #>> '{values,tone}', brief #>> '{values,book_title}', settings ->> 'pageSize') FROM execution_inputs WHERE execution_id = $1", id)).ShouldBe("cold|A5");
        (await Database.AskAsync<bool>("SELECT f.brief -> 'seed' = s.brief -> 'seed' FROM execution_inputs f, execution_inputs s WHERE f.execution_id = $1 AND s.execution_id = $2", id, source)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_repeat_makes_nothing_new()
    {
        var client = await api.ClientAsync();
        var source = await client.SubmitAsync();
        var key = Guid.NewGuid().ToString();
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ForkAsync(client, source, new { options = new { seed = 8 } }, key)));
        var ids = await Task.WhenAll(all.Select(async answer => (string)(await answer.JsonAsync())["executionId"]!));

        ids.Distinct().ShouldHaveSingleItem();
        all.Count(answer => answer.Headers.Contains("Idempotency-Replayed")).ShouldBe(3);
        (await Database.AskAsync<long>("SELECT count(*) FROM engine_executions WHERE forked_from = $1", source)).ShouldBe(1);
        using var other = await ForkAsync(client, source, new { options = new { seed = 9 } }, key);
        await other.ProblemAsync(422, "idempotency_key_reused");
        using var bad = await ForkAsync(client, source, new { }, new string('x', 256));
        await bad.ProblemAsync(400, "idempotency_key_invalid");
    }

    [Fact]
    public async Task An_engine_that_is_switched_off_makes_no_runs()
    {
        var client = await api.ClientAsync();
        var source = await client.SubmitAsync();
        await Database.ExecuteAsync("UPDATE user_engines SET status = 'inactive' WHERE id = $1", client.EngineId);
        using var answer = await ForkAsync(client, source, new { });
        await answer.ProblemAsync(409, "engine_inactive");
    }

    private async Task<string?> RowsAsync(string sql, Guid id) => await Database.AskAsync<string>($"SELECT string_agg(row, ', ') FROM ({sql}) AS rows (row)", id);

    private static async Task<Guid> ForkedAsync(TestClient client, Guid source, object request)
    {
        using var answer = await ForkAsync(client, source, request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return Guid.Parse((string)(await answer.JsonAsync())["executionId"]!);
    }

    private static async Task<HttpResponseMessage> ForkAsync(TestClient client, Guid source, object request, string? key = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/v1/executions/{source}/fork") { Content = JsonContent.Create(request) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await client.Http.SendAsync(message);
    }
}
