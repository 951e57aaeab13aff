using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Faults;

namespace Lekhika.Worker.Tests.OpenAi;

/// <summary>The shipped worker with a model behind OpenAI's protocol, over real sockets.</summary>
public sealed class OpenAiSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_book_is_written_by_a_server_that_the_environment_names_and_says_so()
    {
        await using var server = await ChatCompletionsServer.StartAsync(Answer);
        var run = await WriteAsync(server, "exporting");

        (await run.TextAsync()).ShouldContain(ScriptedBook.Chapter(2));
        (await run.AskAsync<string>("SELECT ai_service || ' ' || colophon FROM books WHERE execution_id = $1"))
            .ShouldBe("""quill-1 ["The text of this book was written by the language model quill-1, through Lekhika."]""");
        (await run.AskAsync<bool>("SELECT input_tokens > 100 AND output_tokens > 100 FROM engine_executions WHERE id = $1")).ShouldBeTrue();
        server.Requests.Select(request => request.SchemaName ?? "prose").Order().ShouldBe(["bible", "outline", "prose", "prose", "requirements"]);
        server.Requests.ShouldAllBe(request => request.Model == "quill-1" && request.Authorization == "Bearer sk-secret");
        server.Requests.ShouldAllBe(request => request.Text.StartsWith("system: You are", StringComparison.Ordinal) && request.Text.Contains("user: ", StringComparison.Ordinal));
        server.Requests.ShouldAllBe(request => request.Body.GetProperty("stream").GetBoolean());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_server_that_is_busy_is_asked_again(int status)
    {
        var refused = 0;
        await using var server = await ChatCompletionsServer.StartAsync(request =>
            request.Chapter == 1 && Interlocked.Increment(ref refused) == 1 ? new CompletionAnswer("", Status: status) : Answer(request));
        var run = await WriteAsync(server, "exporting");

        server.Requests.Count(request => request.Chapter == 1).ShouldBe(2);
        (await run.JournalAsync()).Count(type => type == "step.retried").ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_was_cut_off_is_continued_where_it_ends()
    {
        var cut = 0;
        await using var server = await ChatCompletionsServer.StartAsync(request => request.Chapter != 1 ? Answer(request) : Interlocked.Increment(ref cut) switch
        {
            1 => new CompletionAnswer("Once upon a ti", "length"),
            2 => new CompletionAnswer("me, in ", "length"),
            _ => new CompletionAnswer(" the east."),
        });
        var run = await WriteAsync(server, "exporting");

        (await run.TextAsync()).ShouldStartWith("1. Part 1 of the Way\n\nOnce upon a time, in the east.\n");
        var asked = server.Requests.Where(request => request.Chapter == 1).ToList();
        asked.Count.ShouldBe(3);
        asked[0].Text.ShouldNotContain("<material name=\"written\">");
        asked[2].Text.ShouldContain("<material name=\"written\">\n{\"text\":\"Once upon a time, in \"}");
        (await run.AskAsync<int>("SELECT words FROM chapter_versions WHERE execution_id = $1 AND number = 1")).ShouldBe(7);
        (await run.JournalAsync()).ShouldNotContain("step.retried");
    }

    [Fact]
    public async Task An_answer_that_is_cut_again_and_again_fails_the_step_with_a_sentence()
    {
        await using var server = await ChatCompletionsServer.StartAsync(request => request.Chapter == 1 ? new CompletionAnswer("more and ", "length") : Answer(request));
        var run = await WriteAsync(server, "failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("cut off at the model's limit 8 times");
    }

    [Fact]
    public async Task A_refused_key_fails_the_run_at_once_with_a_sentence_and_without_the_key()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 401));
        var run = await WriteAsync(server, "failed");

        server.Requests.Count.ShouldBe(1);
        var error = await run.AskAsync<string>("SELECT error::text FROM engine_executions WHERE id = $1");
        error.ShouldNotBeNull().ShouldContain("refused the request (401)");
        error.ShouldNotContain("sk-secret");
    }

    private static CompletionAnswer Answer(CompletionRequest request) =>
        new(request.Chapter is { } chapter ? ScriptedBook.Chapter(chapter) : ScriptedBook.Plan(request.SchemaName!, 2));

    private async Task<QueuedRun> WriteAsync(ChatCompletionsServer server, string until)
    {
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await using var worker = await WorkerProcess.StartAsync(_database, openAi: server.BaseUrl);
        await run.UntilAsync(until, TimeSpan.FromSeconds(30));
        return run;
    }
}
