using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

public sealed class RegenerateTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("paused")]
    [InlineData("completed")]
    [InlineData("stopped")]
    [InlineData("failed")]
    public async Task A_chapter_of_a_run_that_rests_is_asked_for_anew_with_guidance(string status)
    {
        var run = await ArrangedRun.WrittenAsync(api, status);

        await run.WakesAsync(WakeUpTopic.Runs, async () =>
        {
            var answer = await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", chapter = 3, guidance = " Less rain. ", validationError = "Too short." });
            ((string)answer["status"]!).ShouldBe("queued");
            answer["completedAt"].ShouldBeNull();
        });

        (await run.AnewAsync()).ShouldBe(["writer-1 3 2 Less rain. Too short."]);
        (await run.JournalAsync()).ShouldBe(["""step.regenerated writer-1 3 2 {"reason": "request", "guidance": true}""", """run.resumed {"reason": "regenerate"}"""]);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("stopping")]
    [InlineData("exporting")]
    public async Task A_run_that_does_not_rest_must_be_stopped_first(string status)
    {
        var run = await ArrangedRun.WrittenAsync(api, status);
        var problem = await run.RefusedAsync("regenerate", new { nodeId = "writer-1", chapter = 3 }, 409, "not_allowed_in_state");
        ((string)problem["errors"]!["state"]!).ShouldBe(status);
        await run.RefusedAsync("rerun", new { nodes = new[] { "compiler-1" } }, 409, "not_allowed_in_state");
    }

    [Fact]
    public async Task Each_time_is_a_generation_and_a_whole_node_comes_after_all_of_its_items()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.WriteAsync(2, version: 4);

        foreach (var body in new object[] { new { nodeId = "writer-1", items = new[] { 1, 2, 2 } }, new { nodeId = "writer-1", items = new[] { 1 } }, new { nodeId = "writer-1" }, new { nodeId = "writer-1", chapter = 3 } })
        {
            await run.AcceptedAsync("regenerate", body);
            await run.BeAsync("stopped");
        }

        (await run.AnewAsync()).ShouldBe(["writer-1 1 2", "writer-1 2 5", "writer-1 1 3", "writer-1 -1 6", "writer-1 3 7"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_comes_after_it_is_done_anew_only_when_that_is_said()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", chapter = 1, guidance = "Shorter.", rerun = new[] { "compiler-1", "output-1", "compiler-1" } });
        (await run.AnewAsync()).ShouldBe(["compiler-1 -1 2", "output-1 -1 2", "writer-1 1 2 Shorter."], ignoreOrder: true);

        await run.BeAsync("paused");
        await run.AcceptedAsync("regenerate", new { nodeId = "outliner-1", rerun = "dependents" });
        (await run.AnewAsync()).Skip(3).ShouldBe(["compiler-1 -1 3", "outliner-1 -1 2", "output-1 -1 3", "writer-1 -1 3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Nodes_are_done_anew_without_guidance()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.AcceptedAsync("rerun", new { nodes = new[] { "compiler-1", "output-1" } });
        (await run.AnewAsync()).ShouldBe(["compiler-1 -1 2", "output-1 -1 2"]);
        (await run.JournalAsync()).ShouldBe(
        [
            """step.regenerated compiler-1 -1 2 {"reason": "request", "guidance": false}""",
            """step.regenerated output-1 -1 2 {"reason": "request", "guidance": false}""",
            """run.resumed {"reason": "regenerate"}""",
        ]);
    }

    [Fact]
    public async Task The_originals_names_are_understood_and_the_failed_node_need_not_be_named()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.FailAsync("outliner-1");
        await run.AcceptedAsync("regenerate", new { failedNode = "architect-1", regeneratePrompt = "Braver.", validationError = "No hero." });
        (await run.AnewAsync()).ShouldBe(["architect-1 -1 2 Braver. No hero."]);

        await run.FailAsync("outliner-1");
        await run.AcceptedAsync("regenerate", new { guidance = "Ten chapters." });
        (await run.AnewAsync()).ShouldContain("outliner-1 -1 2 Ten chapters.");
        (await run.AskAsync<long>("SELECT count(*) FROM dead_letters WHERE execution_id = $1 AND redriven_at IS NULL")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"nodeId": "writer-2"}""", "nodeId", "has no node 'writer-2'")]
    [InlineData("""{}""", "nodeId", "Say which node")]
    [InlineData("""{"nodeId": "writer-1", "chapter": 4}""", "items", "its chapters are 1 to 3")]
    [InlineData("""{"nodeId": "writer-1", "items": [1, 0]}""", "items", "has no chapter 0")]
    [InlineData("""{"nodeId": "compiler-1", "items": [1]}""", "items", "one thing only")]
    [InlineData("""{"nodeId": "writer-1", "rerun": ["nobody"]}""", "rerun", "has no node 'nobody'")]
    [InlineData("""{"nodeId": "writer-1", "failedNode": "compiler-1"}""", "nodeId", "two nodes")]
    [InlineData("""{"nodeId": "writer-1", "chapter": 1, "items": [1]}""", "items", "not both")]
    [InlineData("""{"nodeId": "writer-1", "items": []}""", "items", "1 to 1,000")]
    [InlineData("""{"nodeId": "writer-1", "guidance": "a\u0000b"}""", "guidance", "NUL")]
    [InlineData("""{"nodeId": "writer-1", "rerun": [""]}""", "rerun", "1 to 100 nodes")]
    public async Task What_the_run_does_not_have_is_told_by_its_field(string body, string field, string says)
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var problem = await run.RefusedAsync("regenerate", System.Text.Json.Nodes.JsonNode.Parse(body), 400, "validation_failed");
        ((string)problem["errors"]![field]![0]!).ShouldContain(says);
    }

    [Theory]
    [InlineData("""{"nodeId": "writer-1", "rerun": "everything"}""")]
    [InlineData("""{"nodeId": "writer-1", "chapters": [1]}""")]
    [InlineData("""{"nodeId": "writer-1", "rerun": [7]}""")]
    public async Task What_nobody_understands_is_refused(string body)
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.RefusedAsync("regenerate", System.Text.Json.Nodes.JsonNode.Parse(body), 400, "malformed_request");
    }

    [Fact]
    public async Task A_step_is_done_twenty_times_at_most()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.WriteAsync(1, version: 20);
        (await run.RefusedAsync("regenerate", new { nodeId = "writer-1", chapter = 1 }, 409, "generations_used_up"))["detail"]!.ToString().ShouldContain("20 times");
        await run.RefusedAsync("regenerate", new { nodeId = "writer-1" }, 409, "generations_used_up");
        await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", chapter = 2 });
    }

    [Fact]
    public async Task Without_an_outline_a_writer_has_no_chapters()
    {
        var run = await ArrangedRun.InAsync(api, "stopped");
        (await run.RefusedAsync("regenerate", new { nodeId = "writer-1", chapter = 1 }, 400, "validation_failed"))["detail"]!.ToString().ShouldContain("there is no outline");
        await run.AcceptedAsync("regenerate", new { nodeId = "writer-1", guidance = "Slowly." });
        (await run.AnewAsync()).ShouldBe(["writer-1 -1 2 Slowly."]);
    }
}
