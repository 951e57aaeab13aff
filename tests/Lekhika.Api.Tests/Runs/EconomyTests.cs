using System.Net.Http.Json;
using Lekhika.Api.Tests.Plans;
using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

/// <summary>The speed of a run: how it is asked for, shown and kept.</summary>
public sealed class EconomyTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData(null, null, "standard", null)]
    [InlineData("standard", null, "standard", null)]
    [InlineData("economy", null, "economy", 24)]
    [InlineData("economy", 6, "economy", 6)]
    public async Task A_speed_that_is_asked_for_is_shown(string? speed, int? hours, string shown, int? shownHours)
    {
        var client = await api.ClientAsync();
        using var submitted = await client.ExecuteAsync(TestClient.Book, new { speed, economyHours = hours });
        var id = (string)(await submitted.JsonAsync())["data"]!["executionId"]!;

        using var answer = await client.Http.GetAsync($"/v1/executions/{id}");
        var run = await answer.JsonAsync();

        ((string)run["speed"]!).ShouldBe(shown);
        ((int?)run["economyHours"]).ShouldBe(shownHours);
        ((bool)run["waitsForBatch"]!).ShouldBeFalse();
        run["speedNote"].ShouldBeNull();
    }

    [Fact]
    public async Task An_economy_run_whose_model_has_no_batch_interface_says_so()
    {
        var run = await ArrangedRun.InAsync(api, "running");
        await run.ExecuteAsync("UPDATE engine_executions SET economy_hours = 24 WHERE id = $1");
        (await run.GetAsync())["speedNote"].ShouldBeNull("nobody has been asked yet");

        await run.ExecuteAsync("""
            INSERT INTO ai_calls (id, execution_id, user_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status, started_at)
            SELECT gen_random_uuid(), $1, user_id, 'writer-1', 1, 1, 1, 'chat', 'chapter', 'ollama', 'mine', true, 'm', 'succeeded', now() FROM engine_executions WHERE id = $1
            """);
        ((string)(await run.GetAsync())["speedNote"]!).ShouldContain("no batch interface");

        await ParkAsync(run, "waiting");
        (await run.GetAsync())["speedNote"].ShouldBeNull("some go through it");
    }

    [Fact]
    public async Task A_run_that_waits_for_its_batch_says_so_and_is_stopped_at_once()
    {
        var run = await RestingAsync();
        ((bool)(await run.GetAsync())["waitsForBatch"]!).ShouldBeTrue();

        ((string)(await run.AcceptedAsync("stop"))["status"]!).ShouldBe("stopped");

        ((bool)(await run.GetAsync())["waitsForBatch"]!).ShouldBeFalse();
        (await run.JournalAsync()).ShouldBe(["run.stop_requested", "run.stopped"]);
    }

    [Fact]
    public async Task A_pause_of_a_run_that_waits_for_its_batch_makes_it_wait_for_a_person()
    {
        var run = await RestingAsync();

        ((string)(await run.AcceptedAsync("pause"))["status"]!).ShouldBe("paused");
        ((bool)(await run.GetAsync())["waitsForBatch"]!).ShouldBeFalse();
        await run.AcceptedAsync("pause");

        (await run.JournalAsync()).ShouldBe(["""run.paused {"reason": "request"}"""]);
    }

    [Fact]
    public async Task A_resume_of_a_run_that_waits_for_its_batch_wakes_a_worker()
    {
        var run = await RestingAsync();

        await run.WakesAsync(WakeUpTopic.Runs, async () => ((string)(await run.AcceptedAsync("resume"))["status"]!).ShouldBe("queued"));

        (await run.ColumnAsync<bool>("waits_for_batch")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_chapter_that_is_asked_for_anew_is_not_wanted_from_its_batch_any_more()
    {
        var run = await RestingAsync();
        await run.ChaptersAsync(3);
        foreach (var item in new[] { 1, 2, 3 })
        {
            await ParkAsync(run, item == 3 ? "answered" : "waiting", item);
        }

        await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", items = new[] { 2, 3 } });

        (await run.AskAsync<string>("SELECT string_agg(item || ' ' || state, ', ' ORDER BY item) FROM ai_batch_calls WHERE execution_id = $1")).ShouldBe("1 waiting, 2 abandoned, 3 abandoned");
    }

    [Theory]
    [InlineData("""{}""", 6)]
    [InlineData("""{"options": {"priority": -3}}""", 6)]
    [InlineData("""{"options": {"speed": "standard"}}""", null)]
    [InlineData("""{"options": {"speed": "economy"}}""", 24)]
    [InlineData("""{"options": {"speed": "economy", "economyHours": 2}}""", 2)]
    public async Task A_fork_keeps_the_speed_of_its_source_unless_it_names_another(string body, int? hours)
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        await api.Database.ExecuteAsync("UPDATE engine_executions SET economy_hours = 6 WHERE id = $1", source);

        using var answer = await client.Http.PostAsync($"/v1/executions/{source}/fork", JsonContent.Create(System.Text.Json.Nodes.JsonNode.Parse(body)));

        var fork = await answer.JsonAsync();
        (await api.Database.AskAsync<object>("SELECT economy_hours::int FROM engine_executions WHERE id = $1", Guid.Parse((string)fork["executionId"]!)) as int?).ShouldBe(hours);
    }

    [Fact]
    public async Task A_plan_with_a_speed_that_cannot_be_is_refused()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        using var answer = await client.Http.PostAsJsonAsync($"/v1/executions/{source}/fork", new { options = new { economyHours = 2 } });
        (await answer.ProblemAsync(400, "validation_failed"))["errors"]!["options.economyHours"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_batch_call_is_marked_in_the_list_of_calls_and_counted_in_the_usage()
    {
        var run = await ArrangedRun.InAsync(api, "completed");
        await run.ExecuteAsync("""
            INSERT INTO ai_calls (id, execution_id, user_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status, started_at, cost, input_tokens, batch)
            SELECT gen_random_uuid(), $1, user_id, 'writer-1', 1, 1, 1, 'chat', 'chapter', 'openai', 'paid', false, 'quill-2', 'succeeded', now(), 0.25, 100, true FROM engine_executions WHERE id = $1
            """);

        ((bool)(await run.GetAsync("calls"))["calls"]![0]!["batch"]!).ShouldBeTrue();
        using var usage = await run.Client.Http.GetAsync($"/v1/usage?by=execution&executionId={run.Id}");
        ((decimal)(await usage.JsonAsync())["usage"]![0]!["cost"]!).ShouldBe(0.25m);
    }

    private async Task<ArrangedRun> RestingAsync()
    {
        var run = await ArrangedRun.InAsync(api, "paused");
        await run.ExecuteAsync("UPDATE engine_executions SET economy_hours = 24, waits_for_batch = true WHERE id = $1");
        return run;
    }

    private static Task ParkAsync(ArrangedRun run, string state, int item = 1) => run.ExecuteAsync("""
        INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, inputs, request, deadline, state, answer, settled_at)
        SELECT gen_random_uuid(), $1, user_id, 'writer-1', $2, 1, id, 'openai', 'paid', 'm', '\x00', '{}', now() + interval '1 day', $3,
               CASE WHEN $3 = 'answered' THEN 'Text.' END, CASE WHEN $3 = 'answered' THEN now() END
        FROM engine_executions WHERE id = $1
        """, item, state);
}
