using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

public sealed class PreviewTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string Flow = """
        {"nodes": [{"id": "requirements-1", "type": "input", "data": {"role": "story_input"}},
                   {"id": "architect-1", "type": "process", "data": {"role": "plot_architect"}},
                   {"id": "outliner-1", "type": "process", "data": {"role": "story_outliner"}},
                   {"id": "preview-0", "type": "preview", "data": {"role": "content_previewer", "maxAttempts": 1}},
                   {"id": "writer-1", "type": "process", "data": {"role": "content_writer"}},
                   {"id": "preview-1", "type": "preview", "data": {"role": "chapter_previewer"}},
                   {"id": "compiler-1", "type": "process", "data": {"role": "end_to_end_polisher"}},
                   {"id": "output-1", "type": "output", "data": {"role": "output_processor"}}],
         "edges": [{"id": "1", "source": "requirements-1", "target": "architect-1"}, {"id": "2", "source": "architect-1", "target": "outliner-1"},
                   {"id": "3", "source": "outliner-1", "target": "preview-0"}, {"id": "4", "source": "outliner-1", "target": "writer-1"},
                   {"id": "5", "source": "writer-1", "target": "preview-1"}, {"id": "6", "source": "preview-1", "target": "compiler-1"},
                   {"id": "7", "source": "preview-0", "target": "compiler-1"}, {"id": "8", "source": "compiler-1", "target": "output-1"}]}
        """;

    [Fact]
    public async Task A_paused_run_goes_on_when_its_preview_is_approved()
    {
        var run = await WaitingAsync();
        await run.WakesAsync(WakeUpTopic.Runs, async () => ((string)(await run.AcceptedAsync("previews/preview-1/approve"))["status"]!).ShouldBe("queued"));
        await run.AcceptedAsync("previews/preview-1/approve");

        (await run.JournalAsync()).ShouldBe(["preview.approved preview-1 0 1", """run.resumed {"reason": "approval"}"""]);
        (await run.GetAsync("previews"))["previews"]![0]!["state"]!.ToString().ShouldBe("approved");
    }

    [Fact]
    public async Task A_running_run_is_told_of_the_approval()
    {
        var run = await WaitingAsync("running");
        await run.WakesAsync(WakeUpTopic.Requests, () => run.AcceptedAsync("previews/preview-1/approve"));
        (await run.StateAsync()).ShouldBe("running");
        (await run.ColumnAsync<int>("requests")).ShouldBe(1);
        (await run.JournalAsync()).ShouldBe(["preview.approved preview-1 0 1"]);
    }

    [Fact]
    public async Task Two_previews_are_decided_on_one_after_the_other()
    {
        var run = await WaitingAsync();
        await run.ShowAsync("preview-0");
        await run.AcceptedAsync("previews/preview-0/approve");
        await run.AcceptedAsync("previews/preview-1/revise", new { guidance = "Warmer." });

        (await run.StateAsync()).ShouldBe("queued");
        (await run.JournalAsync()).ShouldBe(
        [
            "preview.approved preview-0 0 1",
            """run.resumed {"reason": "approval"}""",
            "preview.revised preview-1 0 1",
            """step.regenerated writer-1 -1 2 {"reason": "revision", "guidance": true}""",
            """step.regenerated preview-1 0 2 {"reason": "revision", "guidance": false}""",
        ]);
    }

    [Fact]
    public async Task What_is_to_be_revised_is_asked_for_anew_with_the_guidance_and_the_preview_with_it()
    {
        var run = await WaitingAsync();
        var answer = await run.AcceptedAsync("previews/preview-1/revise", new { guidance = "Warmer.", steps = new object[] { new { nodeId = "writer-1", items = new[] { 3 } }, new { nodeId = "outliner-1" } } });

        ((string)answer["status"]!).ShouldBe("queued");
        (await run.AnewAsync()).ShouldBe(["outliner-1 -1 2 Warmer.", "preview-1 0 2", "writer-1 3 2 Warmer."], ignoreOrder: true);
        (await run.JournalAsync())[^1].ShouldBe("""run.resumed {"reason": "revision"}""");
        var shown = (await run.GetAsync("previews"))["previews"]![0]!;
        shown["state"]!.ToString().ShouldBe("revised");
        shown["guidance"]!.ToString().ShouldBe("Warmer.");
        shown["content"]!.ToJsonString().ShouldBe("""{"nodes":["writer-1"]}""");
        await run.RefusedAsync("previews/preview-1/revise", new { guidance = "Colder." }, 409, "preview_not_waiting");
        await run.RefusedAsync("previews/preview-1/approve", null, 409, "preview_not_waiting");
    }

    [Fact]
    public async Task A_preview_is_shown_as_often_as_its_node_allows()
    {
        var run = await WaitingAsync();
        await run.ShowAsync("preview-0");
        (await run.RefusedAsync("previews/preview-0/revise", new { guidance = "No." }, 409, "attempts_used_up"))["detail"]!.ToString().ShouldContain("approve it, or stop the run");
        await run.ShowAsync("preview-1", 3);
        await run.RefusedAsync("previews/preview-1/revise", new { guidance = "No." }, 409, "attempts_used_up");
        await run.AcceptedAsync("previews/preview-1/approve");
        (await run.JournalAsync())[0].ShouldBe("preview.approved preview-1 0 3");
    }

    [Theory]
    [InlineData("""{}""", "guidance", "what is to be different")]
    [InlineData("""{"guidance": " "}""", "guidance", "what is to be different")]
    [InlineData("""{"guidance": "x", "steps": []}""", "steps", "1 to 100 steps")]
    [InlineData("""{"guidance": "x", "steps": [{"nodeId": "writer-1", "items": []}]}""", "steps", "1 to 100 steps")]
    [InlineData("""{"guidance": "x", "steps": [{"nodeId": "nobody"}]}""", "steps", "has no node")]
    [InlineData("""{"guidance": "x", "steps": [{"nodeId": "writer-1", "items": [9]}]}""", "steps", "1 to 3")]
    [InlineData("""{"guidance": "x", "steps": [{"nodeId": "compiler-1"}]}""", "steps", "does not lead to")]
    public async Task What_cannot_be_revised_is_told_by_its_field(string body, string field, string says)
    {
        var run = await WaitingAsync();
        var problem = await run.RefusedAsync("previews/preview-1/revise", System.Text.Json.Nodes.JsonNode.Parse(body), 400, "validation_failed");
        ((string)problem["errors"]![field]![0]!).ShouldContain(says);
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("failed")]
    [InlineData("completed")]
    [InlineData("stopping")]
    public async Task Previews_of_a_run_that_does_not_wait_cannot_be_decided_on(string status)
    {
        var run = await WaitingAsync(status);
        await run.RefusedAsync("previews/preview-1/approve", null, 409, "not_allowed_in_state");
        await run.RefusedAsync("previews/preview-1/revise", new { guidance = "x" }, 409, "not_allowed_in_state");
    }

    [Fact]
    public async Task A_preview_that_is_made_anew_must_be_shown_first()
    {
        var run = await WaitingAsync();
        await run.RefusedAsync("previews/preview-0/approve", null, 404, "preview_not_found");
        await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", chapter = 1, rerun = "dependents" });
        await run.BeAsync("paused");
        (await run.AnewAsync()).ShouldBe(["preview-1 -1 2", "writer-1 1 2"], ignoreOrder: true);
        await run.RefusedAsync("previews/preview-1/approve", null, 409, "preview_not_waiting");
        (await run.GetAsync("previews"))["previews"]![0]!["state"]!.ToString().ShouldBe("superseded");
    }

    [Fact]
    public async Task Of_many_words_at_the_same_time_one_counts()
    {
        var run = await WaitingAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n =>
            n % 2 == 0 ? run.PostAsync("previews/preview-1/revise", new { guidance = $"No {n}." }) : run.PostAsync("previews/preview-1/approve")));
        var journal = await run.JournalAsync();
        journal.Count(line => line.StartsWith("preview.", StringComparison.Ordinal)).ShouldBe(1);
        answers.ShouldAllBe(answer => (int)answer.StatusCode == 202 || (int)answer.StatusCode == 409);
    }

    private async Task<ArrangedRun> WaitingAsync(string status = "paused")
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await run.FlowAsync(Flow);
        await run.ChaptersAsync(3);
        foreach (var number in new[] { 1, 2, 3 })
        {
            await run.WriteAsync(number);
        }

        await run.ShowAsync("preview-1");
        await run.BeAsync(status);
        return run;
    }
}
