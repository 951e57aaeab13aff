using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>What people ask of a run that rests for its batch.</summary>
public sealed class BatchRequestSpecs : IAsyncLifetime
{
    private EconomyWorker _economy = null!;
    private NpgsqlDataSource _api = null!;
    private RunRequestStore _runs = null!;
    private StepRequestStore _steps = null!;
    private PreviewRequestStore _previews = null!;

    public async Task InitializeAsync()
    {
        _economy = await EconomyWorker.StartAsync(request => request.Text.Contains("\"name\":\"side\"", StringComparison.Ordinal)
            ? new CompletionAnswer(Json.Write(new Report("Side.", [], 50)))
            : Anew(request, EconomyWorker.Book(2)(request)));
        _economy.Batches.AreHeld = true;
        _api = NpgsqlDataSource.Create(_economy.Database.Api);
        var tenants = new TenantDatabase(_api);
        _runs = new RunRequestStore(tenants);
        _steps = new StepRequestStore(tenants, _runs);
        _previews = new PreviewRequestStore(tenants);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _economy.DisposeAsync();
    }

    /// <summary>An outline that was sent back comes with other titles.</summary>
    private static CompletionAnswer Anew(CompletionRequest request, CompletionAnswer answer) => request.Text.Contains("Another ending.", StringComparison.Ordinal)
        ? answer with { Text = answer.Text.Replace("\"title\":\"", "\"title\":\"Again: ", StringComparison.Ordinal) }
        : answer;

    [Fact]
    public async Task A_stop_ends_the_run_at_once_cancels_its_batch_and_keeps_what_was_answered_by_then()
    {
        _economy.Batches.Partial = 1;
        var run = await RestingAsync();

        (await _runs.StopAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();

        (await run.AskAsync<string>("SELECT status || ' ' || waits_for_batch FROM engine_executions WHERE id = $1")).ShouldBe("stopped false");
        await BatchesEndAsync(run);
        _economy.Batches.All.ShouldHaveSingleItem().IsCancelled.ShouldBeTrue();
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 answered, 2 abandoned cancelled");
        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 succeeded, 2 failed cancelled");
        (await run.JournalAsync()).TakeLast(2).ShouldBe(["run.stop_requested", "run.stopped"]);
        (await run.AskAsync<string>("SELECT status FROM engine_executions WHERE id = $1")).ShouldBe("stopped", "an end of its batch wakes nobody");
    }

    [Fact]
    public async Task A_stopped_run_that_is_resumed_pays_for_no_answer_twice_and_parks_the_rest_again()
    {
        _economy.Batches.Partial = 1;
        var run = await RestingAsync();
        await _runs.StopAsync(run.UserId, run.Id, default);
        await BatchesEndAsync(run);

        _economy.Batches.AreHeld = false;
        (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");

        _economy.Batches.All.Select(batch => string.Join(' ', batch.Lines.Select(line => new CompletionRequest(line.Body, "").Chapter))).ShouldBe(["1 2", "2"]);
        _economy.ChapterCalls.ShouldBeEmpty();
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 taken, 2 abandoned cancelled, 2 taken");
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_its_batch_was_made_costs_nothing()
    {
        _economy.Batches.Making = _ => Testing.Models.Batches.BatchMaking.Busy;
        var run = await QueuedRun.InsertAsync(_economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("paused");
        await Eventually.TrueAsync(() => Task.FromResult(_economy.Batches.Tries > 1), "it is tried again");

        await _runs.StopAsync(run.UserId, run.Id, default);
        await BatchesEndAsync(run);

        _economy.Batches.All.ShouldBeEmpty();
        (await run.AskAsync<string>("SELECT string_agg(status || ' ' || error_class || ' ' || cost, ', ') FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBe("failed cancelled 0.00000000, failed cancelled 0.00000000");
    }

    [Fact]
    public async Task A_resume_before_the_answers_are_there_leads_back_to_the_rest_and_asks_nothing_twice()
    {
        var run = await RestingAsync();

        (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await _economy.Database.UntilAsync("SELECT status = 'paused' AND attempt = 2 FROM engine_executions WHERE id = $1", [run.Id]);
        _economy.Batches.AreHeld = false;
        await run.UntilAsync("exporting");

        _economy.Batches.Lines.Count.ShouldBe(2);
        _economy.Server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_pause_keeps_the_run_from_going_on_by_itself_and_its_answers_wait_for_it()
    {
        var run = await RestingAsync();

        (await _runs.PauseAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        (await _runs.PauseAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue("it is paused already");
        _economy.Batches.AreHeld = false;
        await BatchesEndAsync(run);

        (await run.AskAsync<string>("SELECT status || ' ' || waits_for_batch FROM engine_executions WHERE id = $1")).ShouldBe("paused false");
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 answered, 2 answered");
        (await run.JournalAsync()).Count(type => type == "run.paused").ShouldBe(2);
        (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");
        _economy.ChapterCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chapter_that_is_asked_for_anew_while_it_waits_is_parked_in_its_new_generation_and_the_old_answer_is_nobody_s()
    {
        var run = await RestingAsync();

        (await _steps.RegenerateAsync(run.UserId, run.Id, new Regenerate("writer-1", [2], "Less rain.", "Too wet.", [], WithDependents: false), default)).IsDone.ShouldBeTrue();
        await _economy.Database.UntilAsync("SELECT status = 'paused' AND attempt = 2 FROM engine_executions WHERE id = $1", [run.Id]);
        await _economy.RestsAsync(run);
        _economy.Batches.AreHeld = false;
        await run.UntilAsync("exporting");

        _economy.Batches.All.Count.ShouldBe(2);
        var anew = new CompletionRequest(_economy.Batches.All[1].Lines.ShouldHaveSingleItem().Body, "");
        anew.Chapter.ShouldBe(2);
        anew.Text.ShouldContain("<material name=\"feedback\">\n{\"validationError\":\"Too wet.\",\"guidance\":\"Less rain.\"}");
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 taken, 2 abandoned, 2 taken");
        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 succeeded, 2 succeeded, 2 succeeded", "the old one was paid for all the same");
        (await run.AskAsync<string>("SELECT string_agg(item || '/' || generation, ' ' ORDER BY item) FROM node_outputs WHERE execution_id = $1 AND kind = 'chapter'")).ShouldBe("1/1 2/2");
        _economy.ChapterCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_outline_that_is_made_anew_while_chapters_wait_leaves_none_of_them_to_the_old_one()
    {
        var run = await RestingAsync();

        (await _steps.RegenerateAsync(run.UserId, run.Id, new Regenerate("outliner-1", null, "Another ending.", null, [], WithDependents: true), default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");

        _economy.ChapterCalls.Count().ShouldBe(2, "the answers that still may come are for the old outline");
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 abandoned, 2 abandoned");
        _economy.Batches.AreHeld = false;
        await BatchesEndAsync(run);
    }

    [Fact]
    public async Task A_preview_is_shown_and_decided_on_while_chapters_wait_for_their_batch()
    {
        var run = await QueuedRun.InsertAsync(_economy.Database, chapters: 2, economyHours: 24, workflow: Previewed());
        await _economy.RestsAsync(run);

        (await run.AskAsync<string>("SELECT current_step FROM engine_executions WHERE id = $1")).ShouldBe("Waits for a batch of 2 chapters, and for your word: preview");
        (await run.AskAsync<string>("SELECT data->>'nodes' FROM execution_events WHERE execution_id = $1 AND type = 'run.paused'")).ShouldBe("""["preview"]""");
        (await _previews.ApproveAsync(run.UserId, run.Id, "preview", default)).IsDone.ShouldBeTrue();
        await _economy.Database.UntilAsync("SELECT status = 'paused' AND attempt = 2 FROM engine_executions WHERE id = $1", [run.Id]);
        (await run.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1 AND kind = 'approval'")).ShouldBe(1);

        _economy.Batches.AreHeld = false;
        await run.UntilAsync("exporting");
        _economy.Batches.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Chapters_are_written_while_a_preview_still_waits_and_then_only_the_person_is_waited_for()
    {
        var run = await QueuedRun.InsertAsync(_economy.Database, chapters: 2, economyHours: 24, workflow: Previewed());
        await _economy.RestsAsync(run);

        _economy.Batches.AreHeld = false;
        await _economy.Database.UntilAsync("SELECT status = 'paused' AND NOT waits_for_batch AND chapters_done = 2 FROM engine_executions WHERE id = $1", [run.Id]);

        (await run.AskAsync<string>("SELECT current_step FROM engine_executions WHERE id = $1")).ShouldBe("Waits for your word: preview");
        (await _previews.ApproveAsync(run.UserId, run.Id, "preview", default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");
    }

    private async Task<QueuedRun> RestingAsync()
    {
        var run = await QueuedRun.InsertAsync(_economy.Database, chapters: 2, economyHours: 24);
        await _economy.RestsAsync(run);
        return run;
    }

    private Task BatchesEndAsync(QueuedRun run) => _economy.Database.UntilAsync("SELECT bool_and(state = 'ended') FROM ai_batches WHERE execution_id = $1", [run.Id]);

    private static WorkflowDefinition Previewed()
    {
        static WorkflowNode Node(string id, NodeType type, string role) => new(id, type, new NodeData { Label = id, Role = role, SelectedModels = ["default"] });
        return new(
            [
                Node("in", NodeType.Input, "story_input"), Node("architect", NodeType.Process, "narrative_architect"), Node("outliner", NodeType.Process, "story_outliner"),
                Node("writer", NodeType.Process, "content_writer"), Node("side", NodeType.Process, "market_analyst"), Node("preview", NodeType.Preview, "content_previewer"),
                Node("compiler", NodeType.Process, "end_to_end_polisher"), Node("out", NodeType.Output, "output_processor"),
            ],
            [
                new("1", "in", "architect"), new("2", "architect", "outliner"), new("3", "outliner", "writer"), new("4", "in", "side"), new("5", "side", "preview"),
                new("6", "preview", "compiler"), new("7", "writer", "compiler"), new("8", "compiler", "out"),
            ]);
    }
}
