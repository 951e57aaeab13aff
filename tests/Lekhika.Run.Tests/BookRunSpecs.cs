using Lekhika.Run.Api;
using Lekhika.Run.Books;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Run.Tests;

public sealed class BookRunSpecs : IDisposable
{
    private static readonly string[] Formats = ["pdf", "txt"];

    private readonly TestFolder _folder = TestFolder.Create("books");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_book_is_asked_for_followed_and_brought_home()
    {
        await using var api = await FakeApi.StartAsync(
            FakeApi.State("queued", 0),
            FakeApi.State("processing", 47.5, done: 6, total: 12),
            FakeApi.State("completed", 100, new { formats = new { pdf = FakeApi.File("pdf"), txt = FakeApi.File("txt") } }, done: 12, total: 12));
        var book = new BookRun(api.Client, "LEKH-test");
        var order = await BookOrder.ReadAsync(brief: null, title: "The Lantern Road", default);
        var seen = new List<string>();

        var run = await book.WriteAsync("book-copy", order, state => seen.Add(state.Status), default);
        var files = await book.DownloadAsync(run, Formats, _folder.Path, default);

        seen.ShouldBe(["queued", "processing", "completed"]);
        BookFailure.Of(run, Formats).ShouldBeNull();
        files.ShouldBe([_folder["The-Lantern-Road/The-Lantern-Road.pdf"], _folder["The-Lantern-Road/The-Lantern-Road.txt"]]);
        (await File.ReadAllTextAsync(files[1])).ShouldBe("content of txt");
        api.Submissions.ShouldHaveSingleItem().Body["userInput"]!["book_title"]!.ToString().ShouldBe("The Lantern Road");
    }

    [Fact]
    public async Task An_API_that_is_away_for_a_moment_does_not_end_the_book()
    {
        await using var api = await FakeApi.StartAsync(
            FakeApi.State("processing", 20),
            () => Results.Problem(statusCode: 503),
            FakeApi.State("completed", 100));
        var order = await BookOrder.ReadAsync(brief: null, title: null, default);

        var run = await new BookRun(api.Client, "LEKH-test").WriteAsync("book-copy", order, _ => { }, default);

        run.Status.ShouldBe("completed");
    }

    [Fact]
    public async Task A_refused_order_is_told_with_the_APIs_own_sentence()
    {
        await using var api = await FakeApi.StartAsync();
        var order = await BookOrder.ReadAsync(brief: null, title: null, default);

        var error = await Should.ThrowAsync<ApiException>(() => new BookRun(api.Client, "LEKH-wrong").WriteAsync("book-copy", order, _ => { }, default));

        error.Message.ShouldContain("401: Invalid or inactive API key");
    }

    [Fact]
    public async Task A_file_name_from_afar_cannot_leave_the_folder()
    {
        await using var api = await FakeApi.StartAsync(
            FakeApi.State("completed", 100, new { formats = new { txt = FakeApi.File("txt", name: "../../outside.txt") } }));
        var run = await api.Client.ExecutionAsync("LEKH-test", "run-1", default);

        var files = await new BookRun(api.Client, "LEKH-test").DownloadAsync(run, Formats, _folder["books"], default);

        files.ShouldBe([_folder["books/outside/outside.txt"]]);
    }

    [Fact]
    public async Task A_failed_format_is_a_failure_with_its_reason()
    {
        await using var api = await FakeApi.StartAsync(FakeApi.State("completed", 100, new
        {
            formats = new { pdf = FakeApi.File("pdf", "failed", error: new { message = "Node.js was not found." }), txt = FakeApi.File("txt") },
        }));

        var run = await api.Client.ExecutionAsync("LEKH-test", "run-1", default);

        BookFailure.Of(run, Formats).ShouldBe("The book is written, but PDF failed: Node.js was not found.");
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("stopped")]
    public async Task A_run_that_somebody_pauses_or_stops_is_an_end_and_no_success(string status)
    {
        await using var api = await FakeApi.StartAsync(FakeApi.State("processing", 30), FakeApi.State(status, 30));
        var order = await BookOrder.ReadAsync(brief: null, title: null, default);

        var run = await new BookRun(api.Client, "LEKH-test").WriteAsync("book-copy", order, _ => { }, default).WaitAsync(TimeSpan.FromSeconds(30));

        BookFailure.Of(run, Formats).ShouldBe($"The run was {status} before the book was finished (execution run-1).");
    }

    [Theory]
    [InlineData("a plain sentence")]
    [InlineData(null)]
    public async Task A_failed_run_is_a_failure_with_its_reason(string? sentence)
    {
        await using var api = await FakeApi.StartAsync(FakeApi.State("failed", 30, error: sentence));

        var run = await api.Client.ExecutionAsync("LEKH-test", "run-1", default);

        BookFailure.Of(run, Formats).ShouldBe($"The book was not finished (failed): {sentence ?? "no reason was given"}");
    }
}
