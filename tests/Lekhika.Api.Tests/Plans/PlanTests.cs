using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Plans;

public sealed class PlanTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task An_unchanged_run_would_make_its_book_and_files_alone()
    {
        var client = await api.ClientAsync();
        var plan = await PlanAsync(client, await api.FinishedAsync(client), new { });

        FinishedRuns.Told(plan).ShouldBe(
        [
            "requirements-1 0 reuse: ", "architect-1 0 reuse: ", "outliner-1 0 reuse: ", "writer-1 1 reuse: ", "writer-1 2 reuse: ", "writer-1 3 reuse: ",
            "compiler-1 0 run: made for each run", "output-1 0 run: after compiler-1",
        ]);
        plan["reuse"]!.ToJsonString().ShouldBe("""{"steps":6,"inputTokens":600,"outputTokens":300}""");
        plan["run"]!.ToJsonString().ShouldBe("""{"steps":2,"inputTokens":0,"outputTokens":0}""");
    }

    [Fact]
    public async Task A_changed_form_says_which_fields_and_writes_nothing()
    {
        var client = await api.ClientAsync();
        var id = await api.FinishedAsync(client);
        var before = await RowsAsync();

        var told = FinishedRuns.Told(await PlanAsync(client, id, new { userInput = new { tone = "cold", premise = (string?)null } }));

        told[0].ShouldBe("requirements-1 0 run: brief: premise, tone");
        told[3].ShouldBe("writer-1 1 run: brief: premise, tone; after architect-1; after outliner-1");
        (await RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_seed_stays_unless_another_is_sent()
    {
        var client = await api.ClientAsync();
        var id = await api.FinishedAsync(client);
        FinishedRuns.Told(await PlanAsync(client, id, new { userInput = new { author_name = "Noor Ali" } }))[6].ShouldBe("compiler-1 0 run: title page");
        FinishedRuns.Told(await PlanAsync(client, id, new { options = new { seed = 8 } }))[0].ShouldBe("requirements-1 0 run: seed");
        FinishedRuns.Told(await PlanAsync(client, id, new { userInput = new { seed = 8 } }))[0].ShouldBe("requirements-1 0 run: seed");
    }

    [Fact]
    public async Task Other_prompts_models_formats_and_settings_run_what_they_are_for()
    {
        var client = await api.ClientAsync();
        var id = await api.FinishedAsync(client);

        var told = FinishedRuns.Told(await PlanAsync(client, id, new
        {
            prompts = new Dictionary<string, object> { ["writer-1"] = new { userPrompt = "Write the chapter in rhymes." } },
            models = new Dictionary<string, string[]> { ["outliner-1"] = ["own:big"] },
            options = new { formats = new[] { "epub" }, settings = new { pageSize = "A5" } },
        }));

        told.ShouldBe(
        [
            "requirements-1 0 reuse: ", "architect-1 0 reuse: ", "outliner-1 0 run: model",
            "writer-1 1 run: prompt; after outliner-1", "writer-1 2 run: prompt; after outliner-1", "writer-1 3 run: prompt; after outliner-1",
            "compiler-1 0 run: after outliner-1; after writer-1", "output-1 0 run: formats; settings; after compiler-1",
        ]);
        FinishedRuns.Told(await PlanAsync(client, id, new { options = new { settings = new { } } }))[7].ShouldBe("output-1 0 run: after compiler-1");
    }

    [Fact]
    public async Task What_was_never_finished_runs()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.FinishAsync(client, id, "requirements-1");
        var told = FinishedRuns.Told(await PlanAsync(client, id, new { }));
        told.Take(2).ShouldBe(["requirements-1 0 reuse: ", "architect-1 0 run: never finished"]);
        told.Count(step => step.StartsWith("writer-1", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Another_workflow_is_sent_or_named_by_its_version()
    {
        var client = await api.ClientAsync();
        var id = await api.FinishedAsync(client);
        using var read = await client.Http.GetAsync($"/v1/engines/{client.EngineId}/workflow");
        var workflow = (await read.JsonAsync())["workflow"]!.DeepClone();
        workflow["nodes"]!.AsArray().Add(JsonNode.Parse("""{"id": "facts-1", "type": "process", "data": {"role": "fact_checker"}}"""));
        workflow["edges"]!.AsArray().Add(JsonNode.Parse("""{"id": "f1", "source": "writer-1", "target": "facts-1"}"""));
        workflow["edges"]!.AsArray().Add(JsonNode.Parse("""{"id": "f2", "source": "facts-1", "target": "compiler-1"}"""));
        FinishedRuns.Told(await PlanAsync(client, id, new { workflow })).ShouldBe(
        [
            "requirements-1 0 reuse: ", "architect-1 0 reuse: ", "outliner-1 0 reuse: ", "writer-1 1 reuse: ", "writer-1 2 reuse: ", "writer-1 3 reuse: ",
            "facts-1 0 run: new node", "compiler-1 0 run: made for each run", "output-1 0 run: after compiler-1",
        ]);

        using var put = await client.Http.PutAsJsonAsync($"/v1/engines/{client.EngineId}/workflow", workflow);
        var versionId = (string)(await put.JsonAsync())["versionId"]!;
        FinishedRuns.Told(await PlanAsync(client, id, new { workflowVersionId = versionId })).ShouldContain("facts-1 0 run: new node");
    }

    [Fact]
    public async Task Steps_that_were_made_of_an_outline_that_is_no_more_are_stale()
    {
        var client = await api.ClientAsync();
        var id = await api.FinishedAsync(client);
        (await StaleAsync(client, id)).ShouldBeEmpty();

        await api.FinishAsync(client, id, "outliner-1", generation: 2, text: "another");

        (await StaleAsync(client, id)).ShouldBe(["compiler-1 0", "writer-1 1", "writer-1 2", "writer-1 3"]);
    }

    [Theory]
    [InlineData("""{"userInput": {"chapter_count": "many"}}""", 400, "validation_failed")]
    [InlineData("""{"userInput": {"book_title": null}}""", 400, "validation_failed")]
    [InlineData("""{"options": {"formats": ["doc"]}}""", 400, "validation_failed")]
    [InlineData("""{"options": {"settings": {"pageSize": "A0"}}}""", 400, "validation_failed")]
    [InlineData("""{"options": {"colour": "red"}}""", 400, "malformed_request")]
    [InlineData("""{"input": {}}""", 400, "malformed_request")]
    [InlineData("""{"prompts": {"nobody": {"userPrompt": "Rhyme."}}}""", 400, "validation_failed")]
    [InlineData("""{"models": {"nobody": ["default"]}}""", 400, "validation_failed")]
    [InlineData("""{"models": {"writer-1": []}}""", 400, "validation_failed")]
    [InlineData("""{"models": {"writer-1": [null]}}""", 400, "validation_failed")]
    [InlineData("""{"prompts": {"writer-1": null}}""", 400, "validation_failed")]
    [InlineData("""{"prompts": {"writer-1": {"userPrompt": "\u0000"}}}""", 422, "workflow_invalid")]
    [InlineData("""{"workflow": {"nodes": [], "edges": []}}""", 422, "workflow_invalid")]
    [InlineData("""{"workflow": {"nodes": [null], "edges": [null]}}""", 422, "workflow_invalid")]
    [InlineData("""{"workflowVersionId": "019aa5c2-0000-7000-8000-000000000002"}""", 404, "workflow_version_not_found")]
    [InlineData("""{"workflowVersionId": "01900000-0000-7000-8000-000000000401", "workflow": {"nodes": [], "edges": []}}""", 400, "validation_failed")]
    public async Task What_cannot_be_is_refused(string body, int status, string code)
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        foreach (var what in new[] { "plan", "fork" })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.Http.PostAsync($"/v1/executions/{id}/{what}", content);
            await answer.ProblemAsync(status, code);
        }
    }

    [Fact]
    public async Task Somebody_elses_run_or_workflow_is_not_found()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        using var put = await client.Http.PutAsJsonAsync($"/v1/engines/{client.EngineId}/workflow", Workflow.Default);
        var versionId = (string)(await put.JsonAsync())["versionId"]!;
        var other = await api.ClientAsync();
        foreach (var what in new[] { "plan", "fork" })
        {
            using var answer = await other.Http.PostAsJsonAsync($"/v1/executions/{id}/{what}", new { });
            await answer.ProblemAsync(404, "execution_not_found");
            using var borrowed = await other.Http.PostAsJsonAsync($"/v1/executions/{await other.SubmitAsync()}/{what}", new { workflowVersionId = versionId });
            await borrowed.ProblemAsync(404, "workflow_version_not_found");
        }
    }

    [Fact]
    public async Task A_plan_takes_a_key_that_may_read_and_a_fork_one_that_may_run()
    {
        var user = await api.RegisterAsync();
        var id = await (await user.ClientAsync()).SubmitAsync();
        using var reader = (await user.ClientAsync("executions:read")).Http;
        using var planned = await reader.PostAsJsonAsync($"/v1/executions/{id}/plan", new { });
        planned.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await reader.PostAsJsonAsync($"/v1/executions/{id}/fork", new { });
        await refused.ProblemAsync(403, "scope_missing");
        using var session = await user.Session.PostAsJsonAsync($"/v1/executions/{id}/plan", new { });
        session.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<IReadOnlyList<string>> StaleAsync(TestClient client, Guid id)
    {
        using var answer = await client.Http.GetAsync($"/v1/executions/{id}/steps");
        return [.. (await answer.JsonAsync())["steps"]!.AsArray().Where(step => (bool)step!["stale"]!).Select(step => $"{step!["nodeId"]} {step["item"]}").Order(StringComparer.Ordinal)];
    }

    private static async Task<JsonNode> PlanAsync(TestClient client, Guid id, object request)
    {
        using var answer = await client.Http.PostAsJsonAsync($"/v1/executions/{id}/plan", request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private async Task<long> RowsAsync() => await api.QueuedRowsAsync() + await api.Database.AskAsync<long>(
        "SELECT (SELECT count(*) FROM node_outputs) + (SELECT count(*) FROM workflow_versions)");
}
