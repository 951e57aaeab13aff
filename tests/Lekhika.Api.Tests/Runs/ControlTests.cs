using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

public sealed class ControlTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("queued")]
    [InlineData("paused")]
    public async Task A_run_that_no_worker_has_is_stopped_at_once(string status)
    {
        var run = await ArrangedRun.InAsync(api, status);

        var answer = await run.AcceptedAsync("stop");

        ((string)answer["status"]!).ShouldBe("stopped");
        answer["completedAt"].ShouldNotBeNull();
        (await run.ColumnAsync<int>("requests")).ShouldBe(0);
        (await run.JournalAsync()).ShouldBe(["run.stop_requested", "run.stopped"]);
    }

    [Theory]
    [InlineData("running")]
    [InlineData("exporting")]
    public async Task A_run_at_work_is_asked_to_stop(string status)
    {
        var run = await ArrangedRun.InAsync(api, status);

        await run.WakesAsync(WakeUpTopic.Requests, async () => ((string)(await run.AcceptedAsync("stop"))["status"]!).ShouldBe("stopping"));

        (await run.ColumnAsync<int>("requests")).ShouldBe(1);
        (await run.JournalAsync()).ShouldBe(["run.stop_requested"]);
    }

    [Theory]
    [InlineData("stop", "stopping")]
    [InlineData("stop", "stopped")]
    [InlineData("pause", "paused")]
    [InlineData("resume", "queued")]
    [InlineData("resume", "running")]
    public async Task To_ask_for_what_is_so_changes_nothing(string what, string status)
    {
        var run = await ArrangedRun.InAsync(api, status);
        var before = await run.ColumnAsync<string>("to_jsonb(engine_executions)::text");

        ((string)(await run.AcceptedAsync(what))["status"]!).ShouldBe(status);

        (await run.ColumnAsync<string>("to_jsonb(engine_executions)::text")).ShouldBe(before);
        (await run.JournalAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("stop", "completed")]
    [InlineData("stop", "failed")]
    [InlineData("pause", "stopping")]
    [InlineData("pause", "exporting")]
    [InlineData("pause", "completed")]
    [InlineData("pause", "stopped")]
    [InlineData("pause", "failed")]
    [InlineData("resume", "stopping")]
    [InlineData("resume", "exporting")]
    [InlineData("resume", "completed")]
    public async Task What_a_state_does_not_allow_is_refused_with_the_state(string what, string status)
    {
        var run = await ArrangedRun.InAsync(api, status);

        var problem = await run.RefusedAsync(what, null, 409, "not_allowed_in_state");

        ((string)problem["errors"]!["state"]!).ShouldBe(status);
        ((string)problem["detail"]!).ShouldStartWith($"The execution is {status}: ");
    }

    [Fact]
    public async Task A_waiting_run_is_paused_at_once_and_resumed()
    {
        var run = await ArrangedRun.SubmitAsync(api);

        ((string)(await run.AcceptedAsync("pause"))["status"]!).ShouldBe("paused");
        await run.WakesAsync(WakeUpTopic.Runs, async () => ((string)(await run.AcceptedAsync("resume"))["status"]!).ShouldBe("queued"));

        (await run.JournalAsync()).ShouldBe(["""run.paused {"reason": "request"}""", """run.resumed {"reason": "resume"}"""]);
    }

    [Fact]
    public async Task A_running_run_is_asked_to_pause_once_and_the_pause_can_be_withdrawn()
    {
        var run = await ArrangedRun.InAsync(api, "running");

        await run.WakesAsync(WakeUpTopic.Requests, async () => ((bool)(await run.AcceptedAsync("pause"))["pauseRequested"]!).ShouldBeTrue());
        await run.AcceptedAsync("pause");
        (await run.ColumnAsync<int>("requests")).ShouldBe(1);

        ((bool)(await run.AcceptedAsync("resume"))["pauseRequested"]!).ShouldBeFalse();
        (await run.ColumnAsync<int>("requests")).ShouldBe(2);
        (await run.StateAsync()).ShouldBe("running");
        (await run.JournalAsync()).ShouldBe(["run.pause_requested"]);
    }

    [Fact]
    public async Task A_stop_takes_the_place_of_a_pause()
    {
        var run = await ArrangedRun.InAsync(api, "running");
        await run.AcceptedAsync("pause");
        var answer = await run.AcceptedAsync("stop");
        ((string)answer["status"]!).ShouldBe("stopping");
        ((bool)answer["pauseRequested"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_of_which_a_part_was_made_into_files_goes_on_with_the_rest()
    {
        var run = await ArrangedRun.InAsync(api, "completed");
        await run.CompileAsync(1);

        ((string)(await run.AcceptedAsync("resume"))["status"]!).ShouldBe("queued");

        (await run.ColumnAsync<bool>("finished_at IS NULL")).ShouldBeTrue();
        (await run.JournalAsync()).ShouldBe(["""run.resumed {"reason": "resume"}"""]);
        await run.CompileAsync(2);
        await run.BeAsync("completed");
        await run.RefusedAsync("resume", null, 409, "not_allowed_in_state");
    }

    [Theory]
    [InlineData("failed", "failed", true)]
    [InlineData("stopped", "failed", true)]
    [InlineData("stopped", "succeeded", false)]
    public async Task A_run_of_which_no_file_could_be_made_has_them_made_again_when_it_goes_on(string status, string second, bool again)
    {
        var run = await ArrangedRun.WrittenAsync(api, status);
        await run.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status)
            SELECT gen_random_uuid(), id, user_id, 1, f.format, false, '{}', f.status FROM engine_executions, (VALUES ('md', 'failed'), ('txt', $2)) AS f (format, status) WHERE id = $1
            """, second);

        ((string)(await run.AcceptedAsync("resume"))["status"]!).ShouldBe("queued");

        (await run.AnewAsync()).ShouldBe(again ? ["output-1 0 2"] : []);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("redrive")]
    public async Task A_failed_run_that_goes_on_has_nothing_left_of_the_failure(string reason)
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var letter = await run.FailAsync("architect-1", 0);

        if (reason == "resume")
        {
            await run.AcceptedAsync("resume");
        }
        else
        {
            using var answer = await run.Client.Http.PostAsync($"/v1/dead-letters/{letter}/redrive", null);
            ((string)(await answer.JsonAsync())["executionId"]!).ShouldBe(run.Id.ToString());
        }

        (await run.ColumnAsync<bool>("status = 'queued' AND error IS NULL AND finished_at IS NULL AND fruitless_claims = 0 AND queued_at > created_at")).ShouldBeTrue();
        (await run.AskAsync<bool>("SELECT redriven_at IS NOT NULL FROM dead_letters WHERE execution_id = $1")).ShouldBeTrue();
        (await run.JournalAsync()).ShouldBe([$$"""run.resumed {"reason": "{{reason}}"}"""]);
    }

    [Fact]
    public async Task Dead_letters_are_listed_until_they_are_driven_again()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var first = await run.FailAsync("writer-1", 2);
        var second = await run.FailAsync("writer-1", 3);

        var page = await LettersAsync(run.Client, "?limit=1");
        page["deadLetters"]![0]!.ToJsonString().ShouldStartWith($$$"""{"id":"{{{second}}}","executionId":"{{{run.Id}}}","title":"The Salt Cartographer","nodeId":"writer-1","item":3,"error":{"class":"refused","message":"It will not.","nodeId":"writer-1"},""");
        page = await LettersAsync(run.Client, $"?cursor={page["nextCursor"]}");
        ((string)page["deadLetters"]!.AsArray().ShouldHaveSingleItem()!["id"]!).ShouldBe(first.ToString());
        page["nextCursor"].ShouldBeNull();

        await run.AcceptedAsync("resume");
        (await LettersAsync(run.Client, ""))["deadLetters"]!.AsArray().ShouldBeEmpty();
        (await LettersAsync(run.Client, "?all=true"))["deadLetters"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_dead_letter_that_was_driven_again_changes_nothing()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var letter = await run.FailAsync("writer-1");
        await run.AcceptedAsync("resume");
        await run.FailAsync("writer-1");

        using var answer = await run.Client.Http.PostAsync($"/v1/dead-letters/{letter}/redrive", null);

        ((string)(await answer.JsonAsync())["status"]!).ShouldBe("failed");
        (await run.StateAsync()).ShouldBe("failed");
    }

    [Fact]
    public async Task Of_many_requests_at_the_same_time_one_makes_the_change()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => run.PostAsync(n % 2 == 0 ? "pause" : "resume")));
        var journal = await run.JournalAsync();
        journal.Select(line => line.Split(' ')[0]).ShouldBe(journal.Select((_, n) => n % 2 == 0 ? "run.paused" : "run.resumed"));
    }

    [Fact]
    public async Task Somebody_elses_run_is_not_found_and_not_touched()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var letter = await run.FailAsync("writer-1");
        await run.ShowAsync("preview-1");
        var other = run with { Client = await api.ClientAsync() };
        foreach (var (what, body) in new (string, object?)[]
        {
            ("stop", null), ("pause", null), ("resume", null), ("regenerate", new { nodeId = "writer-1" }), ("rerun", new { nodes = new[] { "compiler-1" } }),
            ("previews/preview-1/approve", null), ("previews/preview-1/revise", new { guidance = "x" }), ("files", new { formats = new[] { "pdf" } }),
        })
        {
            await other.RefusedAsync(what, body, 404, "execution_not_found");
        }

        foreach (var what in new[] { "", "/steps", "/chapters", "/previews" })
        {
            using var answer = await other.Client.Http.GetAsync(run.Path + what);
            await answer.ProblemAsync(404, "execution_not_found");
        }

        using var chapter = await other.Client.Http.GetAsync(run.Path + "/chapters/1");
        await chapter.ProblemAsync(404, "chapter_not_found");
        using var redrive = await other.Client.Http.PostAsync($"/v1/dead-letters/{letter}/redrive", null);
        await redrive.ProblemAsync(404, "dead_letter_not_found");
        (await LettersAsync(other.Client, "?all=true"))["deadLetters"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_may_only_look_cannot_change_anything()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var letter = await run.FailAsync("writer-1");
        var reader = run with { Client = await run.Client.User.ClientAsync("executions:read") };
        foreach (var (what, body) in new (string, object?)[]
        {
            ("stop", null), ("pause", null), ("resume", null), ("regenerate", new { nodeId = "writer-1" }), ("rerun", new { nodes = new[] { "compiler-1" } }),
            ("previews/preview-1/approve", null), ("previews/preview-1/revise", new { guidance = "x" }), ("files", new { formats = new[] { "pdf" } }),
        })
        {
            (await reader.RefusedAsync(what, body, 403, "scope_missing"))["errors"]!["scope"]!.ToString().ShouldBe("executions:control");
        }

        using var redrive = await reader.Client.Http.PostAsync($"/v1/dead-letters/{letter}/redrive", null);
        await redrive.ProblemAsync(403, "scope_missing");
        await reader.GetAsync();
        var controller = run with { Client = await run.Client.User.ClientAsync("executions:control") };
        using var look = await controller.Client.Http.GetAsync(run.Path);
        await look.ProblemAsync(403, "scope_missing");
        await controller.AcceptedAsync("resume");
    }

    [Fact]
    public async Task Whoever_has_logged_in_needs_no_key()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        using var session = run.Client.User.Session;
        (await session.PostAsync(run.Path + "/stop", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        using var anonymous = await api.Anonymous.PostAsync(run.Path + "/stop", null);
        (await anonymous.ProblemAsync(401, "api_key_required"))["detail"].ShouldNotBeNull();
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> LettersAsync(TestClient client, string query)
    {
        using var answer = await client.Http.GetAsync("/v1/dead-letters" + query);
        ((int)answer.StatusCode).ShouldBe(200);
        return await answer.JsonAsync();
    }
}
