using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Plans;

namespace Lekhika.Api.Tests.Engines;

public sealed class WorkflowTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string Master = "01900000-0000-7000-8000-000000000401";

    [Fact]
    public async Task A_new_copy_has_its_masters_workflow()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.GetAsync(Path(client));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.ToString().ShouldBe($"\"{Master}\"");
        var body = await answer.JsonAsync();
        ((string)body["versionId"]!).ShouldBe(Master);
        ((int)body["number"]!).ShouldBe(1);
        body["faults"]!.AsArray().ShouldBeEmpty();
        body["workflow"]!["nodes"]!.AsArray().Count.ShouldBe(6);
        ((string)body["workflow"]!["nodes"]![0]!["data"]!["role"]!).ShouldBe("story_input");
    }

    [Fact]
    public async Task What_was_read_can_be_put_back()
    {
        var client = await api.ClientAsync();
        using var read = await client.Http.GetAsync(Path(client));
        var workflow = (await read.JsonAsync())["workflow"]!;
        using var put = await PutAsync(client, workflow);
        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        using var again = await client.Http.GetAsync(Path(client));
        (await again.JsonAsync())["workflow"]!.ToJsonString().ShouldBe(workflow.ToJsonString());
    }

    [Fact]
    public async Task A_model_that_cannot_do_what_its_node_asks_is_a_fault_before_anything_is_stored()
    {
        var client = await api.ClientAsync();
        var provider = Guid.NewGuid();
        await api.Database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, user_id) VALUES ($1, 'mine', 'openai', $2)", provider, client.User.Id);
        await api.Database.ExecuteAsync(
            "INSERT INTO ai_model_metadata (id, provider_id, user_id, model_id, display_name) VALUES (gen_random_uuid(), $1, $2, 'prose-only', 'Prose')", provider, client.User.Id);
        using var read = await client.Http.GetAsync(Path(client));
        var workflow = (await read.JsonAsync())["workflow"]!;
        workflow["nodes"]![0]!["data"]!["selectedModels"] = new JsonArray("mine:prose-only");
        workflow["nodes"]![1]!["data"]!["selectedModels"] = new JsonArray("mine:typo", "elsewhere:unknown");

        using var put = await PutAsync(client, workflow);

        var problem = await put.ProblemAsync(422, "workflow_invalid");
        problem["errors"]!["faults"]!.AsArray().Select(fault => (string)fault!["code"]!).ShouldBe(["model_structure", "unknown_model"]);
        var other = await api.ClientAsync();
        using var others = await PutAsync(other, workflow);
        others.StatusCode.ShouldBe(HttpStatusCode.OK, "nobody else knows of that provider");
    }

    [Fact]
    public async Task A_new_version_is_the_next_runs_and_earlier_runs_keep_theirs()
    {
        var client = await api.ClientAsync();
        var before = await client.SubmitAsync();

        using var put = await PutAsync(client, Workflow.Default);

        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        var version = await put.JsonAsync();
        ((int)version["number"]!).ShouldBe(2, "the master's is 1");
        ((bool)version["current"]!).ShouldBeTrue();
        put.Headers.ETag!.ToString().ShouldBe($"\"{version["versionId"]}\"");
        var after = await client.SubmitAsync();
        (await VersionOfAsync(before)).ShouldBe(Guid.Parse(Master));
        (await VersionOfAsync(after)).ShouldBe(Guid.Parse((string)version["versionId"]!));
        using var third = await PutAsync(client, Workflow.Default);
        ((int)(await third.JsonAsync())["number"]!).ShouldBe(3);
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told()
    {
        var client = await api.ClientAsync();
        var seen = $"\"{Master}\"";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PutAsync(client, Workflow.Default, seen)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var late in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            await late.ProblemAsync(412, "version_conflict");
        }

        (await api.Database.AskAsync<long>("SELECT count(*) FROM workflow_versions WHERE user_engine_id = $1", client.EngineId)).ShouldBe(1);
        using var choose = await ChooseAsync(client, Master, seen);
        await choose.ProblemAsync(412, "version_conflict");
        using var current = await client.Http.GetAsync(Path(client));
        using var next = await PutAsync(client, Workflow.Default, current.Headers.ETag!.ToString());
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_tag_all_are_stored_one_after_the_other()
    {
        var client = await api.ClientAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PutAsync(client, Workflow.Default)));
        var numbers = await Task.WhenAll(answers.Select(async answer => (int)(await answer.JsonAsync())["number"]!));
        numbers.Order().ShouldBe([2, 3, 4, 5, 6]);
    }

    [Theory]
    [InlineData("W/\"01900000-0000-7000-8000-000000000401\"")]
    [InlineData("\"seven\"")]
    public async Task A_tag_that_is_no_versions_is_refused(string tag)
    {
        var client = await api.ClientAsync();
        using var answer = await PutAsync(client, Workflow.Default, tag);
        await answer.ProblemAsync(400, "version_tag_invalid");
    }

    [Fact]
    public async Task Versions_are_listed_and_an_earlier_one_can_be_current_again()
    {
        var client = await api.ClientAsync();
        using var first = await PutAsync(client, Workflow.Default);
        using var second = await PutAsync(client, Workflow.Default);

        (await NumbersAsync(client)).ShouldBe([(3, true), (2, false), (1, false)]);
        using var back = await ChooseAsync(client, (string)(await first.JsonAsync())["versionId"]!, second.Headers.ETag!.ToString());
        back.StatusCode.ShouldBe(HttpStatusCode.OK, await back.Content.ReadAsStringAsync());
        (await NumbersAsync(client)).ShouldBe([(3, false), (2, true), (1, false)]);
        using var master = await ChooseAsync(client, Master);
        master.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await NumbersAsync(client)).ShouldBe([(3, false), (2, false), (1, true)]);
        using var put = await PutAsync(client, Workflow.Default);
        ((int)(await put.JsonAsync())["number"]!).ShouldBe(4, "numbers only grow");
    }

    [Fact]
    public async Task A_workflow_that_cannot_run_is_refused_with_all_its_faults()
    {
        var client = await api.ClientAsync();
        var workflow = Workflow.Default;
        workflow["nodes"]![1]!["data"]!["role"] = "sorcerer";
        workflow["edges"]![0]!["source"] = "nowhere";

        using var answer = await PutAsync(client, workflow);
        var problem = await answer.ProblemAsync(422, "workflow_invalid");
        problem["errors"]!["faults"]!.AsArray().Count.ShouldBeGreaterThan(1);
        using var told = await client.Http.PostAsJsonAsync("/v1/workflows/validate", workflow);
        told.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await told.JsonAsync())["faults"]!.ToJsonString().ShouldBe(problem["errors"]!["faults"]!.ToJsonString());
        (await api.Database.AskAsync<long>("SELECT count(*) FROM workflow_versions WHERE user_engine_id = $1", client.EngineId)).ShouldBe(0);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\ud800")]
    public async Task A_workflow_that_cannot_be_stored_is_refused(string character)
    {
        var client = await api.ClientAsync();
        var json = Workflow.Default.ToJsonString().Replace("\"nodes\":", $"\"note\":\"{character}\",\"nodes\":", StringComparison.Ordinal);
        using var answer = await client.Http.PutAsync(Path(client), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        await answer.ProblemAsync(422, "workflow_invalid");
    }

    [Theory]
    [InlineData("""{"nodes": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "sorcery", "data": {}}], "edges": []}""")]
    [InlineData("[]")]
    public async Task What_is_no_workflow_is_malformed(string body)
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.PostAsync("/v1/workflows/validate", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await answer.ProblemAsync(400, "malformed_request");
    }

    [Fact]
    public async Task A_workflow_without_faults_is_told_so()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.PostAsJsonAsync("/v1/workflows/validate", Workflow.Default);
        (await answer.JsonAsync()).ToJsonString().ShouldBe("""{"faults":[]}""");
    }

    [Fact]
    public async Task Somebody_elses_engine_and_versions_are_not_found()
    {
        var client = await api.ClientAsync();
        using var put = await PutAsync(client, Workflow.Default);
        var versionId = (string)(await put.JsonAsync())["versionId"]!;
        var other = await api.ClientAsync();
        foreach (var engine in new[] { client.EngineId, Guid.NewGuid() })
        {
            var path = $"/v1/engines/{engine}/workflow";
            await (await other.Http.GetAsync(path)).ProblemAsync(404, "engine_not_found");
            await (await other.Http.GetAsync($"{path}/versions")).ProblemAsync(404, "engine_not_found");
            await (await other.Http.PutAsJsonAsync(path, Workflow.Default)).ProblemAsync(404, "engine_not_found");
            await (await other.Http.PutAsJsonAsync($"{path}/current", new { versionId })).ProblemAsync(404, "engine_not_found");
        }

        using var borrowed = await ChooseAsync(other, versionId);
        await borrowed.ProblemAsync(404, "workflow_version_not_found");
    }

    [Fact]
    public async Task Changing_takes_a_scope_of_its_own()
    {
        var user = await api.RegisterAsync();
        var runner = await user.ClientAsync("engines:run");
        (await runner.Http.GetAsync(Path(runner))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await PutAsync(runner, Workflow.Default)).ProblemAsync(403, "scope_missing");
        await (await ChooseAsync(runner, Master)).ProblemAsync(403, "scope_missing");
        var writer = await user.ClientAsync("engines:write");
        (await PutAsync(writer, Workflow.Default)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var session = await user.Session.PutAsJsonAsync(Path(runner), Workflow.Default);
        session.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_choice_says_which_version()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.PutAsJsonAsync($"{Path(client)}/current", new { });
        await answer.ProblemAsync(400, "validation_failed");
    }

    private static string Path(TestClient client) => $"/v1/engines/{client.EngineId}/workflow";

    private static Task<HttpResponseMessage> PutAsync(TestClient client, JsonNode workflow, string? seen = null) => SendAsync(client, Path(client), workflow, seen);

    private static Task<HttpResponseMessage> ChooseAsync(TestClient client, string versionId, string? seen = null) => SendAsync(client, $"{Path(client)}/current", new { versionId }, seen);

    private static async Task<HttpResponseMessage> SendAsync(TestClient client, string path, object body, string? seen)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        if (seen is not null)
        {
            message.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(seen));
        }

        return await client.Http.SendAsync(message);
    }

    private static async Task<IReadOnlyList<(int Number, bool Current)>> NumbersAsync(TestClient client)
    {
        var all = new List<(int, bool)>();
        string? cursor = null;
        do
        {
            using var answer = await client.Http.GetAsync($"{Path(client)}/versions?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            var page = await answer.JsonAsync();
            all.AddRange(page["versions"]!.AsArray().Select(version => ((int)version!["number"]!, (bool)version["current"]!)));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        return all;
    }

    private async Task<Guid> VersionOfAsync(Guid run) => await api.Database.AskAsync<Guid>("SELECT workflow_version_id FROM engine_executions WHERE id = $1", run);
}
