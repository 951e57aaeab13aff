using System.Net;
using System.Net.Http.Headers;

namespace Lekhika.Api.Tests.Runs;

public sealed class RunViewTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_run_is_shown_in_full_and_without_text()
    {
        var run = await ArrangedRun.WrittenAsync(api, "running");
        await run.CompileAsync(2);
        await run.ExecuteAsync("""
            UPDATE engine_executions SET progress = 25, words = 6000, chapters_done = 3, ran_for = interval '60 seconds', running_since = now() - interval '60 seconds',
                pause_requested = true, attempt = 2, concurrency_key = 'k', priority = -1 WHERE id = $1
            """);

        var answer = await run.GetAsync();

        answer.AsObject().Select(member => member.Key).ShouldBe(
        [
            "executionId", "title", "status", "progress", "currentStep", "words", "chapters", "wordsPerSecond", "secondsLeft", "tokens", "pauseRequested", "attempt", "priority",
            "concurrencyKey", "forkedFrom", "workflowVersionId", "error", "speed", "economyHours", "waitsForBatch", "speedNote", "createdAt", "queuedAt", "startedAt", "completedAt", "metadata", "book", "formats",
        ], ignoreOrder: true);
        ((string)answer["status"]!).ShouldBe("running");
        answer["chapters"]!.ToJsonString().ShouldBe("""{"done":3,"total":3}""");
        ((double)answer["wordsPerSecond"]!).ShouldBe(50, 1);
        ((double)answer["secondsLeft"]!).ShouldBe(360, 10);
        ((bool)answer["pauseRequested"]!).ShouldBeTrue();
        ((int)answer["attempt"]!).ShouldBe(2);
        ((string)answer["concurrencyKey"]!).ShouldBe("k");
        ((string)answer["workflowVersionId"]!).ShouldBe((await run.ColumnAsync<Guid>("workflow_version_id")).ToString());
        answer["book"]!.ToJsonString().ShouldBe("""{"version":2,"title":"Book 2","words":606,"chapters":1,"aiService":"offline","partial":false}""");
        answer.ToJsonString().ShouldNotContain("Text 1");
        using var followed = await run.Client.Http.GetAsync($"/engines-api/executions/{run.Id}");
        ((string)(await followed.JsonAsync())["data"]!["result"]!["title"]!).ShouldBe("Book 2");
    }

    [Fact]
    public async Task What_cannot_be_told_is_null()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var answer = await run.GetAsync();
        foreach (var field in new[] { "wordsPerSecond", "secondsLeft", "forkedFrom", "concurrencyKey", "error", "startedAt", "completedAt", "book" })
        {
            answer.AsObject().ContainsKey(field).ShouldBeTrue(field);
            answer[field].ShouldBeNull(field);
        }

        answer["formats"]!.ToJsonString().ShouldBe("{}");
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("paused")]
    [InlineData("stopping")]
    [InlineData("exporting")]
    [InlineData("completed")]
    [InlineData("stopped")]
    [InlineData("failed")]
    public async Task Runs_are_listed_by_their_exact_state(string status)
    {
        var run = await ArrangedRun.InAsync(api, status);
        await run.Client.SubmitAsync();
        if (status != "queued")
        {
            (await ListAsync(run.Client, $"?status={status}")).ShouldBe([$"{run.Id} {status}"]);
        }

        (await ListAsync(run.Client, "")).Count.ShouldBe(2);
        (await ListAsync(await api.ClientAsync(), $"?status={status}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Runs_are_listed_page_by_page()
    {
        var client = await api.ClientAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await client.SubmitAsync());
        }

        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            using var answer = await client.Http.GetAsync($"/v1/executions?limit=2&status=queued{(cursor is null ? "" : "&cursor=" + cursor)}");
            var page = await answer.JsonAsync();
            listed.AddRange(page["executions"]!.AsArray().Select(run => Guid.Parse((string)run!["executionId"]!)));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        listed.ShouldBe(Enumerable.Reverse(ids));
    }

    [Theory]
    [InlineData("status=processing", "validation_failed")]
    [InlineData("status=", "validation_failed")]
    [InlineData("status=Queued", "validation_failed")]
    [InlineData("limit=0", "validation_failed")]
    [InlineData("limit=many", "malformed_request")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.GetAsync($"/v1/executions?{query}");
        await answer.ProblemAsync(400, code);
    }

    [Fact]
    public async Task The_clock_makes_no_new_version()
    {
        var run = await ArrangedRun.InAsync(api, "running");
        await run.ExecuteAsync("UPDATE engine_executions SET progress = 25, words = 6000, running_since = now() - interval '60 seconds' WHERE id = $1");
        using var first = await run.Client.Http.GetAsync(run.Path);
        using var same = await AgainAsync(run, first.Headers.ETag!);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await run.AcceptedAsync("pause");
        using var changed = await AgainAsync(run, first.Headers.ETag!);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Steps_are_listed_with_their_state()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.WriteAsync(2, version: 2);
        await run.ShowAsync("preview-1");
        await run.ExecuteAsync("""INSERT INTO execution_events (execution_id, seq, user_id, type, node_id, data) SELECT id, 2, user_id, 'nodes.skipped', 'gate-1', '{"nodes": ["image-1", "architect-1"]}' FROM engine_executions WHERE id = $1""");
        await run.ExecuteAsync("UPDATE execution_events SET created_at = '2020-01-01' WHERE execution_id = $1 AND type = 'nodes.skipped'");

        var steps = (await run.GetAsync("steps"))["steps"]!.AsArray();

        steps.Select(step => $"{step!["nodeId"]} {step["item"]} {step["generation"]} {step["kind"]} {step["state"]} {step["words"]}".Trim()).ShouldBe(
        [
            "image-1 0 1  skipped", "requirements-1 0 1 requirements completed", "architect-1 0 1 bible completed", "outliner-1 0 1 outline completed",
            "writer-1 1 1 chapter completed 101", "writer-1 2 1 chapter superseded 201", "writer-1 3 1 chapter completed 301",
            "compiler-1 0 1 manuscript completed", "output-1 0 1 handover completed", "writer-1 2 2 chapter completed 202", "preview-1 0 1  waiting",
        ]);
        steps[1]!.ToJsonString().ShouldStartWith("""{"nodeId":"requirements-1","item":0,"generation":1,"kind":"requirements","state":"completed","words":null,"model":"offline-author","tokens":{"input":7,"output":9},"createdAt":""");
        steps.ShouldAllBe(step => (bool)step!["stale"]! == false);
    }

    [Fact]
    public async Task Chapters_are_listed_and_read_in_each_version()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        await run.WriteAsync(2, version: 2);

        var chapters = (await run.GetAsync("chapters"))["chapters"]!.AsArray();
        chapters.Select(chapter => $"{chapter!["number"]} {chapter["title"]} {chapter["words"]} {chapter["version"]} {chapter["versions"]!.ToJsonString()}")
            .ShouldBe(["1 Part 1 101 1 [1]", "2 Part 2 202 2 [1,2]", "3 Part 3 301 1 [1]"]);
        chapters.ToJsonString().ShouldNotContain("Text");
        var newest = await run.GetAsync("chapters/2");
        ((string)newest["text"]!).ShouldBe("Text 2, version 2. *So.*");
        ((string)newest["nodeId"]!).ShouldBe("writer-1");
        var first = await run.GetAsync("chapters/2?version=1");
        ((string)first["text"]!).ShouldBe("Text 2, version 1. *So.*");
        ((int)first["words"]!).ShouldBe(201);
        first["versions"]!.ToJsonString().ShouldBe("[1,2]");
        foreach (var what in new[] { "chapters/4", "chapters/0", "chapters/2?version=3" })
        {
            using var answer = await run.Client.Http.GetAsync($"{run.Path}/{what}");
            await answer.ProblemAsync(404, "chapter_not_found");
        }
    }

    [Fact]
    public async Task A_run_without_steps_has_empty_lists()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        (await run.GetAsync("steps"))["steps"]!.AsArray().ShouldBeEmpty();
        (await run.GetAsync("chapters"))["chapters"]!.AsArray().ShouldBeEmpty();
        (await run.GetAsync("previews"))["previews"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_concurrency_key_is_kept_with_the_run()
    {
        var client = await api.ClientAsync();
        using var submitted = await client.ExecuteAsync(TestClient.Book, new { concurrencyKey = "series: salt" });
        var id = Guid.Parse((string)(await submitted.JsonAsync())["data"]!["executionId"]!);
        (await api.Database.AskAsync<string>("SELECT concurrency_key FROM engine_executions WHERE id = $1", id)).ShouldBe("series: salt");
        foreach (var key in new[] { "", "   ", "a\nb", new string('x', 101) })
        {
            using var answer = await client.ExecuteAsync(TestClient.Book, new { concurrencyKey = key });
            (await answer.EnvelopeErrorAsync(400, "validation_failed"))["details"]!.AsObject().Select(error => error.Key).ShouldBe(["options.concurrencyKey"]);
        }
    }

    private static async Task<List<string>> ListAsync(TestClient client, string query)
    {
        using var answer = await client.Http.GetAsync("/v1/executions" + query);
        ((int)answer.StatusCode).ShouldBe(200);
        return [.. (await answer.JsonAsync())["executions"]!.AsArray().Select(run => $"{run!["executionId"]} {run["status"]}")];
    }

    private static async Task<HttpResponseMessage> AgainAsync(ArrangedRun run, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, run.Path) { Headers = { IfNoneMatch = { tag } } };
        return await run.Client.Http.SendAsync(request);
    }
}
