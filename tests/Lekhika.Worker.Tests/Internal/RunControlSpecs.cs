using System.Net;
using System.Text.Json;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;

namespace Lekhika.Worker.Tests.Internal;

public sealed class RunControlSpecs : IAsyncLifetime
{
    private InternalWorker _worker = null!;

    public async Task InitializeAsync() => _worker = await InternalWorker.StartAsync();

    public async Task DisposeAsync() => await _worker.DisposeAsync();

    [Fact]
    public async Task The_status_of_a_run_is_its_small_row()
    {
        var run = await _worker.RunAsync("failed");
        await _worker.Database.ExecuteAsync("""
            UPDATE engine_executions SET progress = 41.25, current_step = 'Writing', words = 700, chapters_done = 1, chapters_total = 2,
                input_tokens = 10, output_tokens = 20, started_at = '2026-11-24 10:00Z', finished_at = '2026-11-24 11:00Z' WHERE id = $1
            """, run.Id);

        var (status, body) = await _worker.GetAsync($"/status/{run.Id}");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("executionId").GetGuid().ShouldBe(run.Id);
        body.GetProperty("status").GetRawText().ShouldBe("""
            {"status":"failed","state":"failed","progress":41.2,"currentStep":"Writing","words":700,"chaptersGenerated":1,"totalChapters":2,"tokens":{"input":10,"output":20},"error":{"class":"permanent","message":"It broke.","nodeId":"writer-1"},"startTime":"2026-11-24T10:00:00Z","endTime":"2026-11-24T11:00:00Z"}
            """.Trim());
    }

    [Theory]
    [InlineData("GET", "/status/$id")]
    [InlineData("GET", "/status/not-a-uuid")]
    [InlineData("POST", "/stop/$id")]
    [InlineData("POST", "/stop/not-a-uuid")]
    [InlineData("POST", "/queue/cancel/$id")]
    [InlineData("POST", "/queue/retry/$id")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/regenerate")]
    public async Task An_execution_that_is_not_there_is_404(string method, string path)
    {
        var id = Guid.NewGuid();
        path = path.Replace("$id", id.ToString());

        var (status, body) = method == "GET" ? await _worker.GetAsync(path) : await _worker.PostAsync(path, new { executionId = id });

        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.NotFound, "execution_not_found"));
    }

    [Theory]
    [InlineData("/resume", """{}""", "executionId")]
    [InlineData("/resume", """{"executionId": "x"}""", "executionId")]
    [InlineData("/regenerate", """{"failedNode": "writer-1"}""", "executionId")]
    [InlineData("/regenerate", """{"executionId": "$id", "failedNode": "a", "nodeId": "b"}""", "nodeId")]
    [InlineData("/regenerate", """{"executionId": "$id", "nodeId": "nowhere"}""", "nodeId")]
    [InlineData("/regenerate", """{"executionId": "$id", "nodeId": "writer-1", "chapter": 99}""", "items")]
    [InlineData("/regenerate", """{"executionId": "$id", "nodeId": "writer-1", "regeneratePrompt": "$long"}""", "regeneratePrompt")]
    [InlineData("/resume", """{"executionId": "$id", "regenerateContext": {"manualInstruction": "$long"}}""", "regenerateContext.manualInstruction")]
    public async Task A_wrong_request_is_told_by_its_field_and_changes_nothing(string path, string json, string field)
    {
        var run = await _worker.RunAsync("failed");
        var before = await _worker.AllAsync();

        var (status, body) = await _worker.PostAsync(path, JsonElement.Parse(json.Replace("$id", run.Id.ToString()).Replace("$long", new string('x', 4_001))));

        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "validation_failed"), body.ToString());
        body.GetProperty("details").TryGetProperty(field, out _).ShouldBeTrue(body.ToString());
        (await _worker.AllAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/regenerate", """{"executionId": "$id", "nodeId": "writer-1", "regeneratePrompt": "As an erotic story."}""", "regeneratePrompt")]
    [InlineData("/regenerate", """{"executionId": "$id", "nodeId": "writer-1", "validationError": "It is no erotic story."}""", "validationError")]
    [InlineData("/resume", """{"executionId": "$id", "regenerateContext": {"manualInstruction": "As an erotic story."}}""", "regenerateContext.manualInstruction")]
    public async Task Guidance_that_asks_for_what_is_not_written_is_refused_and_changes_nothing(string path, string json, string field)
    {
        var run = await _worker.RunAsync("failed");
        var before = await _worker.AllAsync();

        var (status, body) = await _worker.PostAsync(path, JsonElement.Parse(json.Replace("$id", run.Id.ToString())));

        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.UnprocessableEntity, "content_refused"), body.ToString());
        body.GetProperty("details").GetProperty("field").GetString().ShouldBe(field);
        (await _worker.AllAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/stop/$id", "completed")]
    [InlineData("/stop/$id", "failed")]
    [InlineData("/queue/cancel/$id", "completed")]
    [InlineData("/queue/retry/$id", "completed")]
    [InlineData("/resume", "completed")]
    [InlineData("/resume", "exporting")]
    [InlineData("/regenerate", "queued")]
    [InlineData("/regenerate", "exporting")]
    public async Task What_the_state_does_not_allow_is_409_with_the_state_and_changes_nothing(string path, string state)
    {
        var run = await _worker.RunAsync(state);
        var before = await _worker.AllAsync();

        var (status, body) = await _worker.PostAsync(path.Replace("$id", run.Id.ToString()), new { executionId = run.Id, nodeId = "writer-1" });

        (status, body.GetProperty("code").GetString(), body.GetProperty("state").GetString()).ShouldBe((HttpStatusCode.Conflict, "not_allowed_in_state", state), body.ToString());
        (await _worker.AllAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/stop/$id")]
    [InlineData("/queue/cancel/$id")]
    public async Task A_waiting_run_is_stopped_at_once_and_again_without_effect(string path)
    {
        var run = await _worker.RunAsync();

        var (first, body) = await _worker.PostAsync(path.Replace("$id", run.Id.ToString()));
        var (again, _) = await _worker.PostAsync(path.Replace("$id", run.Id.ToString()));

        (first, again).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        (body.GetProperty("success").GetBoolean(), body.GetProperty("executionId").GetGuid(), body.GetProperty("state").GetString()).ShouldBe((true, run.Id, "stopped"));
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.stop_requested", "run.stopped"]);
    }

    [Fact]
    public async Task A_resumed_run_waits_again_with_the_instruction_for_the_node_that_failed()
    {
        var node = await WriterAsync();
        var run = await _worker.RunAsync("failed");
        await _worker.Database.ExecuteAsync("UPDATE engine_executions SET chapters_total = 2, error = jsonb_set(error, '{nodeId}', to_jsonb($2)) WHERE id = $1", run.Id, node);

        var (status, body) = await _worker.PostAsync("/resume", new { executionId = run.Id, nodes = Array.Empty<object>(), regenerateContext = new { manualInstruction = " More rain. " } });

        (status, body.GetProperty("state").GetString()).ShouldBe((HttpStatusCode.Accepted, "queued"));
        body.GetProperty("ignored").GetRawText().ShouldBe("""["nodes"]""");
        (await run.AskAsync<string>("SELECT string_agg(node_id || item || guidance, ' ' ORDER BY item) FROM regenerations WHERE execution_id = $1")).ShouldNotBeNull().ShouldContain("More rain.");
    }

    [Fact]
    public async Task An_instruction_without_a_node_that_failed_is_told_to_have_no_effect()
    {
        var run = await _worker.RunAsync("stopped");

        var (status, body) = await _worker.PostAsync("/resume", new { executionId = run.Id, regenerateContext = new { manualInstruction = "More rain." } });

        status.ShouldBe(HttpStatusCode.Accepted);
        body.GetProperty("ignored").GetRawText().ShouldBe("""["regenerateContext.manualInstruction"]""");
    }

    [Fact]
    public async Task A_failed_run_is_retried_and_its_dead_letter_closed()
    {
        var run = await _worker.RunAsync("failed");
        await _worker.Database.ExecuteAsync("INSERT INTO dead_letters (execution_id, user_id, error_class, message) VALUES ($1, $2, 'permanent', 'It broke.')", run.Id, run.UserId);

        var (status, body) = await _worker.PostAsync($"/queue/retry/{run.Id}");

        (status, body.GetProperty("state").GetString()).ShouldBe((HttpStatusCode.Accepted, "queued"));
        (await run.AskAsync<bool>("SELECT bool_and(redriven_at IS NOT NULL) FROM dead_letters WHERE execution_id = $1")).ShouldBeTrue();
        (await run.JournalAsync()).ShouldBe(["run.submitted", "run.resumed"]);
    }

    [Fact]
    public async Task A_running_run_stops_and_goes_on_where_it_was()
    {
        var release = new TaskCompletionSource();
        var model = new ScriptedChatClient();
        model.When(request => ScriptedBook.ChapterOf(request) == 2).Once().HoldUntil(release.Task).Say(ScriptedBook.Chapter(2));
        await using var worker = await InternalWorker.StartAsync(isQueuePaused: false, model: model);
        var run = await QueuedRun.InsertAsync(worker.Database, chapters: 2);
        await run.UntilChaptersAsync(1);

        var (_, stopping) = await worker.PostAsync($"/stop/{run.Id}");
        release.SetResult();
        await run.UntilAsync("stopped");
        var asked = worker.Model.Requests.Count;
        var (status, _) = await worker.PostAsync("/resume", new { executionId = run.Id });
        await run.UntilAsync("exporting");

        stopping.GetProperty("state").GetString().ShouldBe("stopping");
        status.ShouldBe(HttpStatusCode.Accepted);
        worker.Model.Requests.Skip(asked).ShouldAllBe(request => ScriptedBook.ChapterOf(request) != 1, "the finished chapter is not asked for again");
    }

    [Fact]
    public async Task A_chapter_is_done_anew_with_what_was_wrong_and_what_is_to_be_different()
    {
        await using var worker = await InternalWorker.StartAsync(isQueuePaused: false);
        var run = await QueuedRun.InsertAsync(worker.Database, chapters: 2);
        await run.UntilAsync("exporting");
        await worker.Database.ExecuteAsync("UPDATE engine_executions SET status = 'completed' WHERE id = $1", run.Id);
        var node = await run.AskAsync<string>("SELECT node_id FROM chapter_versions WHERE execution_id = $1 LIMIT 1");
        var asked = worker.Model.Requests.Count;

        var (status, body) = await worker.PostAsync("/regenerate", new { executionId = run.Id, failedNode = node, chapter = 2, validationError = "Too dry.", regeneratePrompt = "More rain.", attempt = 1 });
        await worker.Database.UntilAsync("SELECT count(*) = 1 FROM chapter_versions WHERE execution_id = $1 AND version = 2", [run.Id]);

        (status, body.GetProperty("ignored").GetRawText()).ShouldBe((HttpStatusCode.Accepted, """["attempt"]"""));
        var request = worker.Model.Requests.Skip(asked).ShouldHaveSingleItem();
        ScriptedBook.ChapterOf(request).ShouldBe(2);
        request.Text.ShouldContain("Too dry.");
        request.Text.ShouldContain("More rain.");
    }

    private async Task<string> WriterAsync() => await _worker.Database.AskAsync<string>("""
        SELECT n ->> 'id' FROM ai_engines e JOIN workflow_versions w ON w.id = e.workflow_version_id, jsonb_array_elements(w.definition -> 'nodes') n
        WHERE e.key = 'book' AND n -> 'data' ->> 'role' = 'content_writer'
        """) ?? throw new InvalidOperationException("The default engine has no writer.");
}
