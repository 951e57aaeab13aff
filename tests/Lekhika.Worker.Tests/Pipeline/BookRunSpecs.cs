using Lekhika.Core.Workflows;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;

namespace Lekhika.Worker.Tests.Pipeline;

public sealed class BookRunSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_queued_run_becomes_a_book_and_export_jobs()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));

        var run = await QueuedRun.InsertAsync(_database, chapters: 3, formats: ["pdf", "epub", "txt"]);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldBe(string.Join("\n\n", Enumerable.Range(1, 3).Select(n => $"{n}. Part {n} of the Way\n\n{ScriptedBook.Chapter(n)}")));
        (await run.AskAsync<string[]>("SELECT array_agg(format || ':' || status ORDER BY format) FROM export_jobs WHERE execution_id = $1")).ShouldBe(["epub:queued", "pdf:queued", "txt:queued"]);
        (await run.AskAsync<string>("SELECT title || '|' || author || '|' || ai_service || '|' || words || '|' || colophon FROM books WHERE execution_id = $1"))
            .ShouldBe("""The Lamplighter's Map|A. Tester|scripted-1|36|["The text of this book was written by the language model scripted-1, through Lekhika."]""");
        (await run.AskAsync<string>("SELECT round(progress) || '|' || chapters_done || '/' || chapters_total || '|' || words || '|' || (lease_owner IS NULL) FROM engine_executions WHERE id = $1"))
            .ShouldBe("86|3/3|36|true");
        var journal = await run.JournalAsync();
        journal.Take(2).ShouldBe(["run.submitted", "run.claimed"]);
        journal.Count(type => type == "step.completed").ShouldBe(8);
        journal[^1].ShouldBe("manuscript.compiled");
    }

    [Fact]
    public async Task Chapters_are_written_at_the_same_time_up_to_the_limit()
    {
        var release = new TaskCompletionSource();
        _model.When(request => ScriptedBook.ChapterOf(request) is not null).Times(4).HoldUntil(release.Task).Say(request => ScriptedBook.Chapter(ScriptedBook.ChapterOf(request)!.Value));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(6), ("Worker:StepsPerRun", "4"));

        var run = await QueuedRun.InsertAsync(_database, chapters: 6);
        await _model.ArrivedAsync(3 + 4);

        _model.Requests.Count.ShouldBe(7, "the fifth chapter waits for a place");
        release.SetResult();
        await run.UntilAsync("exporting");
        _model.Requests.Count.ShouldBe(3 + 6);
    }

    [Fact]
    public async Task A_run_that_nobody_announced_is_found_by_the_poll()
    {
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        await run.UntilAsync("exporting");
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_asked_for_again_and_journalled()
    {
        _model.When(ScriptedBook.AsksFor("outline")).Times(2).Say("Here is your outline!");
        _model.When(ScriptedBook.AsksFor("outline")).Once().Say(Core.Json.Write(ScriptedBook.Outline(7)));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));

        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting");

        (await run.JournalAsync()).Count(type => type == "step.retried").ShouldBe(2);
        (await run.AskAsync<string>("SELECT string_agg(data->>'message', ' ' ORDER BY seq) FROM execution_events WHERE execution_id = $1 AND type = 'step.retried'"))
            .ShouldNotBeNull().ShouldContain("7 chapters; 2 were asked for");
    }

    [Fact]
    public async Task A_call_that_times_out_is_tried_again_and_its_neighbours_are_kept()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Once().Fail(_ => new TaskCanceledException("The request timed out."));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));

        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting");

        (await run.JournalAsync()).Count(type => type == "step.retried").ShouldBe(1);
        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 2).ShouldBe(1);
        (await run.AskAsync<int>("SELECT attempt FROM engine_executions WHERE id = $1")).ShouldBe(1, "a time-out is no lost lease");
    }

    [Theory]
    [InlineData('\u0000')]
    [InlineData('\ud83d')]
    [InlineData('*')]
    public async Task An_answer_that_is_no_text_is_asked_for_again(char only)
    {
        var answer = new string(only, 1);
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Once().Say(answer);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldEndWith(ScriptedBook.Chapter(1));
    }

    [Fact]
    public async Task A_second_writer_is_refused_before_any_model_is_asked()
    {
        var workflow = new WorkflowDefinition(
            [Node("in", NodeType.Input, "story_input"), Node("first", NodeType.Process, "content_writer"), Node("second", NodeType.Process, "copywriter"), Node("out", NodeType.Output, "output_processor")],
            [new("e1", "in", "first"), new("e2", "first", "second"), new("e3", "second", "out")]);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1, workflow: workflow);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("'first', 'second' all write chapters");
        _model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_that_fails_every_time_fails_the_run_with_a_sentence_and_keeps_what_is_finished()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 2).Fail(_ => new HttpRequestException("no route"));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2), ("Worker:Tries", "2"));

        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT (error->>'class') || ': ' || (error->>'message') || ' ' || (error->>'nodeId') FROM engine_executions WHERE id = $1"))
            .ShouldBe("unavailable: The model of the provider 'offline' could not be reached, or did not answer in time. writer-1");
        (await run.AskAsync<int[]>("SELECT array_agg(number) FROM chapter_versions WHERE execution_id = $1")).ShouldBe([1]);
        (await run.JournalAsync())[^1].ShouldBe("run.failed");
        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 2).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_provider_throws_is_not_shown_to_the_user()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Fail(_ => new InvalidOperationException("secret stack"));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("Worker:Tries", "1"));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error::text FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_role_that_cannot_run_yet_fails_the_run_before_any_model_is_asked()
    {
        var workflow = new WorkflowDefinition(
            [Node("in", NodeType.Input, "story_input"), Node("images", NodeType.Process, "editor")],
            [new("e1", "in", "images")]);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1, workflow: workflow);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("'images' has the role editor");
        _model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_whose_input_cannot_be_read_fails_instead_of_going_round_for_ever()
    {
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await _database.ExecuteAsync("UPDATE execution_inputs SET brief = '{}' WHERE execution_id = $1", run.Id);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'class' FROM engine_executions WHERE id = $1")).ShouldBe("internal");
    }

    [Fact]
    public async Task A_run_that_ends_its_workers_again_and_again_is_given_up()
    {
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        for (var crash = 0; crash < 5; crash++)
        {
            await _database.ExecuteAsync("SELECT claim_runs('crashing', 1, interval '-1 second')");
        }

        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("5 workers in a row");
        _model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_stops_hands_its_runs_back_and_the_next_one_goes_on()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 2).Once().HoldUntil(new TaskCompletionSource().Task).Say("never said");
        var first = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilChaptersAsync(1);

        await first.StopAsync();
        await first.DisposeAsync();
        (await run.AskAsync<string>("SELECT status FROM engine_executions WHERE id = $1")).ShouldBe("queued");

        await using var second = await WorkerHost.StartAsync(_database, _model);
        await run.UntilAsync("exporting");
        (await run.JournalAsync()).ShouldContain("run.handed_back");
        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 1).ShouldBe(1, "a finished chapter is never asked for again");
        (await run.TextAsync()).ShouldEndWith(ScriptedBook.Chapter(2));
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing_more()
    {
        var release = new TaskCompletionSource();
        _model.When(request => ScriptedBook.ChapterOf(request) is not null).Once().HoldUntil(release.Task).Say("Too late.");
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await _model.ArrivedAsync(4);
        // The chapter is asked for while the steps before it are still being written (ADR 9): they end first.
        await _database.UntilAsync("SELECT count(*) = 3 FROM node_outputs WHERE execution_id = $1", [run.Id]);

        // Somebody else holds the run from now on.
        await _database.ExecuteAsync("UPDATE engine_executions SET attempt = attempt + 1, lease_owner = 'other', lease_until = now() + interval '1 hour' WHERE id = $1", run.Id);
        release.SetResult();
        await worker.StopAsync();

        (await run.AskAsync<long>("SELECT count(*) FROM chapter_versions WHERE execution_id = $1")).ShouldBe(0);
        (await run.AskAsync<string>("SELECT status || ' ' || lease_owner FROM engine_executions WHERE id = $1")).ShouldBe("running other");
        (await run.JournalAsync())[^1].ShouldBe("step.completed");
    }

    private static WorkflowNode Node(string id, NodeType type, string role) => new(id, type, new NodeData { Label = id, Role = role, SelectedModels = ["offline:offline-author"] });
}
