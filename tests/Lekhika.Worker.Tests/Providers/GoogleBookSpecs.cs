using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Faults;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>The shipped worker with Google's models from the environment, over real sockets at Gemini's OpenAI-compatible endpoint.</summary>
public sealed class GoogleBookSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_book_is_written_by_Google_in_its_dialect_and_says_so()
    {
        await using var google = await ChatCompletionsServer.StartAsync(Answer);
        await using var worker = await WorkerProcess.StartAsync(_database, google: google.GoogleBaseUrl);
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        (await run.TextAsync()).ShouldContain(ScriptedBook.Chapter(2));
        (await run.AskAsync<string>("SELECT colophon->>0 FROM books WHERE execution_id = $1")).ShouldBe("The text of this book was written by the language model brush-1, through Lekhika.");
        google.Requests.Select(request => request.SchemaName ?? "prose").Order().ShouldBe(["bible", "outline", "prose", "prose", "requirements"]);
        google.Requests.ShouldAllBe(request => request.Path == "/v1beta/openai/chat/completions" && request.Authorization == "Bearer g-secret" && request.Model == "brush-1");
        google.Requests.ShouldAllBe(request => request.Body.GetProperty("stream").GetBoolean());
        google.Requests.Select(request => request.Body.EnumerateObject().Select(member => member.Name)).ShouldAllBe(names => !names.Contains("seed"), "Gemini's endpoint knows none");
        (await run.AskAsync<bool>("SELECT bool_and(provider = 'google' AND status = 'succeeded' AND input_tokens > 0) FROM ai_calls WHERE execution_id = $1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_key_fails_the_run_at_once_with_a_sentence_and_without_the_key()
    {
        // As Gemini does: 400 where others say 401.
        await using var google = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 400) { ErrorCode = "API_KEY_INVALID" });
        await using var worker = await WorkerProcess.StartAsync(_database, google: google.GoogleBaseUrl);
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("failed", TimeSpan.FromSeconds(30));

        google.Requests.Count.ShouldBe(1);
        var error = await run.AskAsync<string>("SELECT error::text FROM engine_executions WHERE id = $1");
        error.ShouldNotBeNull().ShouldContain("refused the request (400)");
        error.ShouldNotContain("g-secret");
    }

    private static CompletionAnswer Answer(CompletionRequest request) =>
        new(request.Chapter is { } chapter ? ScriptedBook.Chapter(chapter) : ScriptedBook.Plan(request.SchemaName!, 2));
}
