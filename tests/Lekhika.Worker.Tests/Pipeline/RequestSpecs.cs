using Lekhika.Core;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Worker.Tests.Pipeline;

/// <summary>What people ask of runs, and what the worker makes of it.</summary>
public sealed class RequestSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;
    private NpgsqlDataSource _api = null!;
    private RunRequestStore _runs = null!;
    private StepRequestStore _steps = null!;
    private PreviewRequestStore _previews = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _api = NpgsqlDataSource.Create(_database.Api);
        var tenants = new TenantDatabase(_api);
        _runs = new RunRequestStore(tenants);
        _steps = new StepRequestStore(tenants, _runs);
        _previews = new PreviewRequestStore(tenants);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_reaches_calls_that_would_never_end_and_what_is_finished_stays_as_part_of_a_book()
    {
        var never = new TaskCompletionSource().Task;
        _model.When(request => ScriptedBook.ChapterOf(request) is > 2).HoldUntil(never).Say("Never said.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(4));
        var run = await QueuedRun.InsertAsync(_database, chapters: 4);
        await run.UntilChaptersAsync(2);
        await _model.ArrivedAsync(3 + 4);

        (await _runs.StopAsync(run.UserId, run.Id, default)).Wake.ShouldBe(WakeUpTopic.Requests);
        worker.Wake(WakeUpTopic.Requests);
        await run.UntilAsync("stopped");

        (await run.AskAsync<string>("SELECT partial || ' ' || jsonb_array_length(chapters) || ' ' || words FROM books WHERE execution_id = $1")).ShouldBe("true 2 24");
        (await run.AskAsync<bool>("SELECT lease_owner IS NULL AND finished_at IS NOT NULL FROM engine_executions WHERE id = $1")).ShouldBeTrue();
        (await run.JournalAsync()).TakeLast(2).ShouldBe(["run.stop_requested", "run.stopped"]);
    }

    [Fact]
    public async Task What_a_run_is_at_is_told_while_it_is_at_it()
    {
        var (planned, written) = (new TaskCompletionSource(), new TaskCompletionSource());
        _model.When(ScriptedBook.AsksFor("bible")).HoldUntil(planned.Task).Say(ScriptedBook.Plan("bible", 2));
        _model.When(request => ScriptedBook.ChapterOf(request) is not null).HoldUntil(written.Task).Say("The text.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);

        await AtAsync("Story architect");
        planned.SetResult();
        await AtAsync("Chapter writer");
        written.SetResult();
        await run.UntilAsync("exporting");

        Task AtAsync(string step) => _database.UntilAsync("SELECT current_step = $2 FROM engine_executions WHERE id = $1", [run.Id, step]);
    }

    [Fact]
    public async Task A_stopped_run_goes_on_where_it_was()
    {
        var never = new TaskCompletionSource().Task;
        _model.When(request => ScriptedBook.ChapterOf(request) == 2).Once().HoldUntil(never).Say("Never said.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilChaptersAsync(1);
        await _runs.StopAsync(run.UserId, run.Id, default);
        await run.UntilAsync("stopped");

        (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");

        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 1).ShouldBe(1);
        _model.Requests.Count.ShouldBe(3 + 3);
        (await run.AskAsync<string>("SELECT string_agg(version || ' ' || partial, ', ' ORDER BY version) FROM books WHERE execution_id = $1")).ShouldBe("1 true, 2 false");
        (await run.AskAsync<bool>("SELECT bool_and(NOT b.partial) FROM export_jobs j JOIN books b ON b.id = j.book_id WHERE j.execution_id = $1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_pause_lets_what_is_in_flight_end_and_gives_nothing_more_out_until_it_is_withdrawn()
    {
        var release = new TaskCompletionSource();
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).HoldUntil(release.Task).Say("The first.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(4), ("Worker:StepsPerRun", "1"));
        var run = await QueuedRun.InsertAsync(_database, chapters: 4);
        await _model.ArrivedAsync(4);

        (await _runs.PauseAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await _database.UntilAsync("SELECT requests = requests_seen FROM engine_executions WHERE id = $1", [run.Id]);
        release.SetResult();
        await run.UntilAsync("paused");

        (await run.AskAsync<long>("SELECT count(*) FROM chapter_versions WHERE execution_id = $1")).ShouldBe(1);
        _model.Requests.Count.ShouldBe(4);
        (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");
        _model.Requests.Count.ShouldBe(3 + 4);
        (await run.AskAsync<bool>("SELECT pause_requested FROM engine_executions WHERE id = $1")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_preview_waits_for_a_person_while_other_branches_go_on_and_is_approved()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await PreviewedAsync();
        await run.UntilAsync("paused");

        (await run.JournalAsync()).ShouldContain("preview.waiting");
        (await run.AskAsync<string[]>("SELECT array_agg(DISTINCT node_id ORDER BY node_id) FROM node_outputs WHERE execution_id = $1")).ShouldBe(["architect", "in", "outliner", "side", "writer"]);
        (await run.AskAsync<string>("SELECT current_step FROM engine_executions WHERE id = $1")).ShouldBe("Waits for your word: preview");
        (await run.AskAsync<string>("SELECT content->>'nodes' || ' ' || (content->>'maxAttempts') FROM previews WHERE execution_id = $1")).ShouldBe("""["writer"] 2""");

        (await _previews.ApproveAsync(run.UserId, run.Id, "preview", default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");

        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) is not null).ShouldBe(2);
        (await run.AskAsync<string>("SELECT content->>'approved' FROM node_outputs WHERE execution_id = $1 AND kind = 'approval'")).ShouldBe("true");
    }

    [Fact]
    public async Task A_revision_is_written_anew_with_the_guidance_and_shown_again()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await PreviewedAsync();
        await run.UntilAsync("paused");

        (await _previews.ReviseAsync(run.UserId, run.Id, "preview", "Less rain, please.", [new StepChoice("writer", [2])], default)).IsDone.ShouldBeTrue();
        await _database.UntilAsync("SELECT count(*) = 2 FROM previews WHERE execution_id = $1", [run.Id]);
        await run.UntilAsync("paused");

        var anew = _model.Requests.Where(request => ScriptedBook.ChapterOf(request) == 2).ToList();
        anew.Count.ShouldBe(2);
        anew[1].Text.ShouldContain("<material name=\"feedback\">\n{\"guidance\":\"Less rain, please.\"}");
        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 1).ShouldBe(1);
        (await _previews.ReviseAsync(run.UserId, run.Id, "preview", "More.", null, default)).Result.ShouldBe(RequestResult.AttemptsUsedUp);
        (await _previews.ApproveAsync(run.UserId, run.Id, "preview", default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");
        (await run.AskAsync<string>("SELECT chapters::text FROM books WHERE execution_id = $1 AND NOT partial")).ShouldBe("""[{"number": 1, "version": 1}, {"number": 2, "version": 2}]""");
    }

    [Fact]
    public async Task A_preview_that_is_approved_while_other_branches_work_does_not_pause_the_run()
    {
        var release = new TaskCompletionSource();
        _model.When(request => request.Text.Contains("\"name\":\"side\"", StringComparison.Ordinal)).HoldUntil(release.Task).Say(Json.Write(new Core.Planning.Report("Side.", [], 50)));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await PreviewedAsync();
        await _database.UntilAsync("SELECT count(*) = 1 FROM previews WHERE execution_id = $1", [run.Id]);

        (await _previews.ApproveAsync(run.UserId, run.Id, "preview", default)).IsDone.ShouldBeTrue();
        await _database.UntilAsync("SELECT count(*) = 1 FROM node_outputs WHERE execution_id = $1 AND node_id = 'compiler'", [run.Id]);
        release.SetResult();
        await run.UntilAsync("exporting");

        (await run.JournalAsync()).ShouldNotContain("run.paused");
    }

    [Fact]
    public async Task A_chapter_is_regenerated_with_the_fault_and_the_guidance_and_the_rest_is_kept()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 2 && request.Text.Contains("<material name=\"feedback\">", StringComparison.Ordinal)).Say("The second, anew.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));
        var run = await QueuedRun.InsertAsync(_database, chapters: 3);
        await run.UntilAsync("exporting");
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'completed' WHERE id = $1", run.Id);
        var before = _model.Requests.Count;

        (await _steps.RegenerateAsync(run.UserId, run.Id, new Regenerate("writer-1", [2], "Let her win.", "She loses.", [], WithDependents: false), default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("completed");

        var asked = _model.Requests.Skip(before).ShouldHaveSingleItem();
        asked.Text.ShouldContain("<material name=\"feedback\">\n{\"validationError\":\"She loses.\",\"guidance\":\"Let her win.\"}");
        (await run.AskAsync<string[]>("SELECT array_agg(number || ' ' || version ORDER BY number, version) FROM chapter_versions WHERE execution_id = $1")).ShouldBe(["1 1", "2 1", "2 2", "3 1"]);
        (await run.AskAsync<long>("SELECT count(*) FROM books WHERE execution_id = $1")).ShouldBe(1, "nobody asked for another book");
        (await run.TextAsync()).ShouldContain("The second, anew.");

        (await _steps.RerunAsync(run.UserId, run.Id, ["compiler-1", "output-1"], default)).IsDone.ShouldBeTrue();
        await run.UntilAsync("exporting");

        _model.Requests.Count.ShouldBe(before + 1, "the compiler asks no model");
        (await run.AskAsync<string>("SELECT b.chapters::text FROM export_jobs j JOIN books b ON b.id = j.book_id WHERE j.execution_id = $1 AND j.order_no = 2 LIMIT 1"))
            .ShouldBe("""[{"number": 1, "version": 1}, {"number": 2, "version": 2}, {"number": 3, "version": 1}]""");
        (await run.AskAsync<long>("SELECT count(DISTINCT order_no) FROM export_jobs WHERE execution_id = $1")).ShouldBe(2);
        await run.JournalAsync();
    }

    private Task<QueuedRun> PreviewedAsync()
    {
        static WorkflowNode Node(string id, NodeType type, string role) => new(id, type, new NodeData { Label = id, Role = role, SelectedModels = ["default"], MaxAttempts = type == NodeType.Preview ? 2 : null });
        if (_model.Requests.Count == 0)
        {
            _model.When(request => request.Text.Contains("\"name\":\"side\"", StringComparison.Ordinal)).Say(Json.Write(new Core.Planning.Report("Side.", [], 50)));
        }

        return QueuedRun.InsertAsync(_database, chapters: 2, workflow: new WorkflowDefinition(
            [
                Node("in", NodeType.Input, "story_input"), Node("architect", NodeType.Process, "narrative_architect"), Node("outliner", NodeType.Process, "story_outliner"),
                Node("writer", NodeType.Process, "content_writer"), Node("side", NodeType.Process, "market_analyst"), Node("preview", NodeType.Preview, "chapter_previewer"),
                Node("compiler", NodeType.Process, "end_to_end_polisher"), Node("out", NodeType.Output, "output_processor"),
            ],
            [
                new("1", "in", "architect"), new("2", "architect", "outliner"), new("3", "outliner", "writer"), new("4", "writer", "preview"),
                new("5", "preview", "compiler"), new("6", "compiler", "out"), new("7", "in", "side"), new("8", "writer", "compiler"),
            ]));
    }
}
