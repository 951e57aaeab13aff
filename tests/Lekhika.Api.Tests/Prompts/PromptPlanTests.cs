using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Plans;
using Lekhika.Testing.Runs;

namespace Lekhika.Api.Tests.Prompts;

/// <summary>What a new version of a prompt means for runs that there are. Each test has its own service.</summary>
public sealed class PromptPlanTests : IAsyncLifetime
{
    private const string Versions = "SELECT prompt_versions::text FROM engine_executions WHERE id = $1";

    private readonly ModelsApi _models = new();
    private TestClient _client = null!;

    private RunningApi Api => _models.Api;

    public async Task InitializeAsync()
    {
        await _models.InitializeAsync();
        _client = await Api.ClientAsync();
    }

    public Task DisposeAsync() => _models.DisposeAsync();

    [Fact]
    public async Task A_run_has_the_versions_that_were_in_force_when_it_was_submitted()
    {
        var first = await _client.SubmitAsync();
        await Api.Database.PublishAsync("chapter", "The first style.");
        await Api.Database.PublishAsync("chapter", "The second style.");
        await Api.Database.PublishAsync("bible", "The house's bible.");
        var second = await _client.SubmitAsync();
        await Api.Database.PublishAsync("chapter", "The third style.");

        (await Api.Database.AskAsync<string>(Versions, first)).ShouldBe("{}");
        (await Api.Database.AskAsync<string>(Versions, second)).ShouldBe("""{"bible": 1, "chapter": 2}""");
    }

    [Fact]
    public async Task A_plan_names_the_platform_s_prompt_as_the_reason_unless_the_run_s_are_kept()
    {
        var id = await Api.FinishedAsync(_client);
        await Api.Database.PublishAsync("chapter", "The house style.");

        var newest = FinishedRuns.Told(await PlanAsync(id, new { }));
        var kept = FinishedRuns.Told(await PlanAsync(id, new { options = new { keepPrompts = true } }));

        newest.Take(3).ShouldBe(["requirements-1 0 reuse: ", "architect-1 0 reuse: ", "outliner-1 0 reuse: "]);
        newest[3].ShouldBe("writer-1 1 run: prompt: the platform's version 1, 0 before");
        kept[3].ShouldBe("writer-1 1 reuse: ");
        var steps = await _client.Http.GetAsync($"/v1/executions/{id}/steps").OkAsync();
        steps["steps"]!.AsArray().ShouldAllBe(step => !(bool)step!["stale"]!);
    }

    [Fact]
    public async Task A_fork_has_the_versions_that_it_was_planned_with()
    {
        await Api.Database.PublishAsync("chapter", "The first style.");
        var id = await Api.FinishedAsync(_client);
        await Api.Database.PublishAsync("chapter", "The second style.");

        var newest = await ForkAsync(id, new { });
        var kept = await ForkAsync(id, new { options = new { keepPrompts = true } });

        (await Api.Database.AskAsync<string>(Versions, newest)).ShouldBe("""{"chapter": 2}""");
        (await Api.Database.AskAsync<string>(Versions, kept)).ShouldBe("""{"chapter": 1}""");
        (await Api.Database.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1", newest)).ShouldBe(3, "its chapters are written with the new text");
        (await Api.Database.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1", kept)).ShouldBe(6);
        FinishedRuns.Told(await PlanAsync(kept, new { }))[3].ShouldBe("writer-1 1 run: prompt: the platform's version 2, 1 before");
    }

    private Task<JsonNode> PlanAsync(Guid id, object request) => _client.Http.PostAsJsonAsync($"/v1/executions/{id}/plan", request).OkAsync();

    private async Task<Guid> ForkAsync(Guid id, object request)
    {
        using var answer = await _client.Http.PostAsJsonAsync($"/v1/executions/{id}/fork", request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return Guid.Parse((string)(await answer.JsonAsync())["executionId"]!);
    }
}
