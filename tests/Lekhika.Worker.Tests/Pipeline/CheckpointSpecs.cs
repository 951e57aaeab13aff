using Lekhika.Testing;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Worker.Tests.Pipeline;

/// <summary>What is durable when, and what is asked again after an end in the middle.</summary>
public sealed class CheckpointSpecs : IAsyncLifetime
{
    private const string First = "Mira woke.\n\n***\n\n";
    private const string Second = "Mira walked.\n\n***\n\n";
    private const string Third = "Mira slept.";

    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Scenes_of_a_chapter_under_way_are_durable_and_the_next_worker_asks_for_the_rest_only()
    {
        _model.When(IsChapter).Once().Stream(_ => [First, Second, "Mira sl"]).HoldUntil(new TaskCompletionSource().Task, afterPieces: 3);
        _model.When(IsChapter).Say(Third);
        var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await _database.UntilAsync("SELECT count(*) = 2 FROM chapter_scenes WHERE execution_id = $1", [run.Id]);

        await worker.StopAsync();
        await worker.DisposeAsync();
        await using var next = await WorkerHost.StartAsync(_database, _model);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldEndWith("\n\n" + First + Second + Third);
        var asked = _model.Requests.Where(IsChapter).ToList();
        asked.Count.ShouldBe(2);
        asked[0].Text.ShouldNotContain("<material name=\"written\">");
        asked[1].Text.ShouldContain("<material name=\"written\">\n{\"text\":\"Mira woke.\\n\\n***\\n\\nMira walked.\\n\\n***\\n\\n\"}\n</material>");
        (await run.JournalAsync()).Count(type => type == "scene.completed").ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_continued_behind_its_last_scene()
    {
        _model.When(IsChapter).Once().Stream(_ => [First, "Mira wa"]).Fail(_ => new IOException("The connection was reset."));
        _model.When(IsChapter).Say("Mira walked.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldEndWith("\n\n" + First + "Mira walked.");
    }

    [Fact]
    public async Task The_next_try_is_told_what_was_wrong_with_the_one_before()
    {
        _model.When(ScriptedBook.AsksFor("outline")).Once().Say(Core.Json.Write(ScriptedBook.Outline(7)));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));

        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting");

        var asked = _model.Requests.Where(ScriptedBook.AsksFor("outline")).ToList();
        asked.Count.ShouldBe(2);
        asked[0].Text.ShouldNotContain("<material name=\"feedback\">");
        asked[1].Text.ShouldContain("<material name=\"feedback\">\n{\"validationError\":\"The outline has 7 chapters; 2 were asked for.\"}");
    }

    [Fact]
    public async Task The_next_step_starts_while_the_one_before_is_being_written_and_is_not_written_before_it()
    {
        var release = new TaskCompletionSource();
        _model.When(ScriptedBook.AsksFor("requirements")).Once().HoldUntil(release.Task).Say(ScriptedBook.Plan("requirements", 2));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await _model.ArrivedAsync(1);

        await using (var locked = await LockAsync(run))
        {
            release.SetResult();
            await _model.ArrivedAsync(3 + 2);

            (await run.AskAsync<long>("SELECT count(*) FROM node_outputs WHERE execution_id = $1")).ShouldBe(0, "the row is locked");
            (await run.AskAsync<string>("SELECT status FROM engine_executions WHERE id = $1")).ShouldBe("running", "what leaves the worker waits for the disk");
        }

        await run.UntilAsync("exporting");
        (await run.JournalAsync()).Count(type => type == "step.completed").ShouldBe(7);
        _model.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_step_that_the_database_refuses_ends_the_run_and_nothing_that_was_built_on_it_is_kept()
    {
        // More than a chapter may have, less than an answer may have.
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Say("x" + new string(' ', 10) + "y");
        _model.When(ScriptedBook.AsksFor("outline")).Say(Core.Json.Write(ScriptedBook.Outline(1) with { Chapters = [ScriptedBook.Outline(1).Chapters[0] with { Title = "T" }] }));
        await _database.ExecuteAsync("ALTER TABLE chapter_versions ADD CHECK (content NOT LIKE 'x %')");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'class' FROM engine_executions WHERE id = $1")).ShouldBe("internal");
        (await run.AskAsync<string[]>("SELECT array_agg(node_id ORDER BY created_at) FROM node_outputs WHERE execution_id = $1")).ShouldBe(["requirements-1", "architect-1", "outliner-1"]);
        (await run.AskAsync<long>("SELECT count(*) FROM books WHERE execution_id = $1")).ShouldBe(0);
        await run.JournalAsync();
    }

    [Fact]
    public async Task A_failed_run_is_a_dead_letter_keeps_its_finished_chapters_as_part_of_a_book_and_does_not_hold_up_others()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 2 && request.Options!.Seed == 42).Fail(_ => new HttpRequestException("no route"));
        var bad = await QueuedRun.InsertAsync(_database, chapters: 2);
        var good = await QueuedRun.InsertAsync(_database, chapters: 2);
        await _database.ExecuteAsync("UPDATE execution_inputs SET brief = jsonb_set(brief, '{seed}', '7') WHERE execution_id = $1", good.Id);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2), ("Worker:Tries", "1"), ("Worker:Concurrency", "1"));
        await bad.UntilAsync("failed");
        await good.UntilAsync("exporting");

        (await bad.AskAsync<string>("SELECT node_id || ' ' || item || ' ' || error_class || ' ' || (redriven_at IS NULL) FROM dead_letters WHERE execution_id = $1")).ShouldBe("writer-1 2 unavailable true");
        (await bad.AskAsync<string>("SELECT partial || ' ' || chapters || ' ' || (colophon->>0) FROM books WHERE execution_id = $1"))
            .ShouldBe("""true [{"number": 1, "version": 1}] This is a part of a book: 1 of its 2 chapters are written.""");
        (await good.AskAsync<bool>("SELECT partial FROM books WHERE execution_id = $1")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_long_book_does_not_starve_a_short_one()
    {
        var queued = new TaskCompletionSource();
        _model.When(request => ScriptedBook.ChapterOf(request) is 6 or 7).HoldUntil(queued.Task).Say("Chapter.");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(60), ("Worker:Steps", "2"), ("Worker:StepsPerRun", "2"));

        var book = await QueuedRun.InsertAsync(_database, chapters: 60, words: 30_000);
        await _model.ArrivedAsync(3 + 7);
        var shortOne = await QueuedRun.InsertAsync(_database, workflow: new([new("in", Core.Workflows.NodeType.Input, new() { Role = "story_input", SelectedModels = ["default"] })], []));
        await shortOne.UntilAsync("running");
        queued.SetResult();
        await shortOne.UntilAsync("completed");
        await book.UntilAsync("exporting");

        var asked = _model.Requests.ToList();
        asked.FindLastIndex(request => ScriptedBook.AsksFor("requirements")(request)).ShouldBeLessThan(asked.FindIndex(request => ScriptedBook.ChapterOf(request) == 60), "first come, first served, and the book has two steps in the queue at most");
        (await book.JournalAsync()).Count.ShouldBeLessThan(300);
    }

    [Fact]
    public async Task Every_step_says_what_it_was_made_of()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting");

        (await run.AskAsync<string[]>("SELECT array_agg(DISTINCT k ORDER BY k) FROM node_outputs o, jsonb_object_keys(o.inputs) k WHERE execution_id = $1 AND node_id = 'writer-1'"))
            .ShouldBe(["bible", "brief", "code", "model", "outline", "prompt", "seed"]);
        (await run.AskAsync<bool>("SELECT bool_and(octet_length(hash) = 32) AND count(DISTINCT inputs) = 6 FROM node_outputs WHERE execution_id = $1")).ShouldBeTrue();
        (await run.AskAsync<bool>("SELECT o.hash = sha256(c.content::bytea) FROM node_outputs o JOIN chapter_versions c ON c.execution_id = o.execution_id AND c.number = o.item WHERE o.execution_id = $1 AND o.item = 2")).ShouldBeTrue();
    }

    private static bool IsChapter(ScriptedRequest request) => ScriptedBook.ChapterOf(request) is not null;

    /// <summary>Holds the run's row, so that no commit to it ends.</summary>
    private async Task<NpgsqlConnection> LockAsync(QueuedRun run)
    {
        var connection = new NpgsqlConnection(_database.Admin);
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand($"BEGIN; SELECT 1 FROM engine_executions WHERE id = '{run.Id}' FOR UPDATE", connection);
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
