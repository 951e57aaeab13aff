using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

/// <summary>What clients of the original know: <c>engines-api</c>.</summary>
public sealed class StopAndResumeTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("queued", "stopped")]
    [InlineData("running", "processing")]
    [InlineData("stopped", "stopped")]
    public async Task Stop_says_what_became_of_the_run(string from, string to)
    {
        var run = await ArrangedRun.InAsync(api, from);
        using var answer = await run.Client.Http.PostAsync($"/engines-api/stop/{run.Id}", null);
        ((int)answer.StatusCode).ShouldBe(200);
        var data = (await answer.JsonAsync())["data"]!;
        ((string)data["status"]!).ShouldBe(to);
        ((string)data["statusUrl"]!).ShouldBe($"/engines-api/executions/{run.Id}");
        data["message"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_cannot_be_stopped_or_is_somebody_elses_is_refused_in_the_envelope()
    {
        var run = await ArrangedRun.InAsync(api, "completed");
        using var answer = await run.Client.Http.PostAsync($"/engines-api/stop/{run.Id}", null);
        (await answer.EnvelopeErrorAsync(409, "not_allowed_in_state"))["details"]!.ToJsonString().ShouldBe("""{"state":"completed"}""");
        using var other = await (await api.ClientAsync()).Http.PostAsync($"/engines-api/stop/{run.Id}", null);
        await other.EnvelopeErrorAsync(404, "execution_not_found");
        using var reader = await (await run.Client.User.ClientAsync("executions:read")).Http.PostAsync($"/engines-api/stop/{run.Id}", null);
        await reader.EnvelopeErrorAsync(403, "scope_missing");
    }

    [Fact]
    public async Task Resume_runs_the_stored_workflow_only_and_says_so()
    {
        var run = await ArrangedRun.InAsync(api, "stopped");
        await run.WakesAsync(WakeUpTopic.Runs, async () =>
        {
            using var answer = await ResumeAsync(run, new { executionId = run.Id, nodes = new[] { new { id = "mine" } }, edges = Array.Empty<object>(), userId = "somebody" });
            ((int)answer.StatusCode).ShouldBe(202);
            var data = (await answer.JsonAsync())["data"]!;
            data["ignored"]!.ToJsonString().ShouldBe("""["nodes","edges"]""");
            ((string)data["status"]!).ShouldBe("queued");
        });
        (await run.JournalAsync()).ShouldBe(["""run.resumed {"reason": "resume"}"""]);
    }

    [Fact]
    public async Task An_instruction_goes_to_the_chapters_that_are_not_finished()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await run.ChaptersAsync(4);
        await run.WriteAsync(1);
        await run.WriteAsync(3);
        await run.FailAsync("writer-1", 2);

        using var answer = await ResumeAsync(run, Instruction(run, " Shorter sentences. "));

        (await answer.JsonAsync())["data"]!["ignored"]!.AsArray().ShouldBeEmpty();
        (await run.AnewAsync()).ShouldBe(["writer-1 2 2 Shorter sentences.", "writer-1 4 2 Shorter sentences."]);
        (await run.JournalAsync()).ShouldBe(
        [
            """step.regenerated writer-1 2 2 {"reason": "request", "guidance": true}""",
            """step.regenerated writer-1 4 2 {"reason": "request", "guidance": true}""",
            """run.resumed {"reason": "resume"}""",
        ]);
    }

    [Theory]
    [InlineData("architect-1", "architect-1 0 2 Braver.")]
    [InlineData("writer-1", "writer-1 -1 2 Braver.")]
    public async Task An_instruction_goes_to_a_node_that_has_done_nothing_yet(string node, string anew)
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await run.FailAsync(node);
        using var answer = await ResumeAsync(run, Instruction(run, "Braver."));
        (await run.AnewAsync()).ShouldBe([anew]);
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("paused")]
    public async Task An_instruction_that_no_node_waits_for_is_ignored_and_the_answer_says_so(string status)
    {
        var run = await ArrangedRun.InAsync(api, status);
        using var answer = await ResumeAsync(run, Instruction(run, "Braver."));
        (await answer.JsonAsync())["data"]!["ignored"]!.ToJsonString().ShouldBe("""["regenerateContext.manualInstruction"]""");
        (await run.AnewAsync()).ShouldBeEmpty();
        (await run.StateAsync()).ShouldBe("queued");
    }

    [Fact]
    public async Task A_run_of_another_engine_is_not_found()
    {
        var run = await ArrangedRun.InAsync(api, "stopped");
        foreach (var client in new[] { run.Client with { EngineId = Guid.NewGuid() }, await api.ClientAsync() })
        {
            using var answer = await ResumeAsync(run with { Client = client }, new { executionId = run.Id });
            await answer.EnvelopeErrorAsync(404, "execution_not_found");
        }

        (await run.StateAsync()).ShouldBe("stopped");
        using var master = await ResumeAsync(run with { Client = run.Client with { EngineId = Guid.Parse("01900000-0000-7000-8000-000000000501") } }, new { executionId = run.Id });
        ((int)master.StatusCode).ShouldBe(202);
    }

    [Fact]
    public async Task A_resume_that_cannot_be_is_refused()
    {
        var run = await ArrangedRun.InAsync(api, "completed");
        using var done = await ResumeAsync(run, new { executionId = run.Id });
        (await done.EnvelopeErrorAsync(409, "not_allowed_in_state"))["message"]!.ToString().ShouldContain("nothing is left to do");
        using var nameless = await ResumeAsync(run, new { });
        (await nameless.EnvelopeErrorAsync(400, "validation_failed"))["details"]!.AsObject().Select(error => error.Key).ShouldBe(["executionId"]);
        using var long_ = await ResumeAsync(run, Instruction(run, new string('x', 4_001)));
        (await long_.EnvelopeErrorAsync(400, "validation_failed"))["details"]!.AsObject().Select(error => error.Key).ShouldBe(["regenerateContext.manualInstruction"]);
    }

    [Fact]
    public async Task Figures_are_the_callers_own()
    {
        var run = await ArrangedRun.InAsync(api, "running");
        await run.Client.SubmitAsync();
        await run.Client.SubmitAsync();
        using var answer = await run.Client.Http.GetAsync("/engines-api/stats");
        (await answer.JsonAsync())["data"]!.ToJsonString().ShouldBe(
            """{"totalEngines":1,"activeEngines":1,"totalExecutions":3,"byStatus":{"queued":2,"processing":1,"paused":0,"completed":0,"stopped":0,"failed":0}}""");
    }

    private static object Instruction(ArrangedRun run, string text) => new { executionId = run.Id, regenerateContext = new { manualInstruction = text } };

    private static Task<HttpResponseMessage> ResumeAsync(ArrangedRun run, object body) =>
        run.Client.Http.PostAsJsonAsync($"/engines-api/{run.Client.EngineId}/resume", body);
}
