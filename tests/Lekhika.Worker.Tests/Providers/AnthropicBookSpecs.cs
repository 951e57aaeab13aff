using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Faults;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>The shipped worker with Anthropic's models from the environment, over real sockets.</summary>
public sealed class AnthropicBookSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_book_is_written_by_Anthropic_and_says_so_and_what_its_chapters_share_is_marked_for_the_cache()
    {
        await using var anthropic = await AnthropicServer.StartAsync(Answer);
        await using var worker = await WorkerProcess.StartAsync(_database, anthropic: anthropic.BaseUrl);
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        (await run.TextAsync()).ShouldContain(ScriptedBook.Chapter(2));
        (await run.AskAsync<string>("SELECT colophon->>0 FROM books WHERE execution_id = $1")).ShouldBe("The text of this book was written by the language model reed-1, through Lekhika.");
        anthropic.Requests.Count.ShouldBe(5);
        anthropic.Requests.ShouldAllBe(request => request.ApiKey == "sk-ant-secret" && request.Model == "reed-1");
        anthropic.Requests.Count(request => request.Body.GetRawText().Contains("cache_control", StringComparison.Ordinal)).ShouldBe(2, "the chapters, and nothing else");
        (await run.AskAsync<bool>("SELECT bool_and(provider = 'anthropic' AND status = 'succeeded' AND input_tokens > 0) FROM ai_calls WHERE execution_id = $1")).ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_first_provider_is_out_the_second_one_writes_the_book()
    {
        await using var openAi = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 500));
        await using var anthropic = await AnthropicServer.StartAsync(Answer);
        await using var worker = await WorkerProcess.StartAsync(_database, openAi: openAi.BaseUrl, anthropic: anthropic.BaseUrl);
        var run = await QueuedRun.InsertAsync(_database, chapters: 2);
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        openAi.Requests.ShouldNotBeEmpty();
        (await run.AskAsync<string[]>("SELECT array_agg(DISTINCT model) FROM node_outputs WHERE execution_id = $1 AND model IS NOT NULL")).ShouldBe(["reed-1"]);
        (await run.JournalAsync()).ShouldNotContain("step.retried");
    }

    private static CompletionAnswer Answer(MessageRequest request)
    {
        var text = string.Concat(request.Body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()));
        if (text.Split("<material name=\"chapter\">\n{\"number\":") is [_, var rest])
        {
            return new CompletionAnswer(ScriptedBook.Chapter(int.Parse(rest.Split(',')[0])));
        }

        // What is asked for is known by what has been made.
        var kind = text.Contains("<material name=\"bible\">", StringComparison.Ordinal) ? "outline" : text.Contains("<material name=\"requirements\">", StringComparison.Ordinal) ? "bible" : "requirements";
        return new CompletionAnswer(ScriptedBook.Plan(kind, 2));
    }
}
