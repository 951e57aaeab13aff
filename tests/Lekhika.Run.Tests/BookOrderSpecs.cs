using Lekhika.Run.Books;
using Lekhika.Testing.Servers;

namespace Lekhika.Run.Tests;

public sealed class BookOrderSpecs : IDisposable
{
    private readonly TestFolder _folder = TestFolder.Create("briefs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_brief_a_fantasy_of_twelve_chapters_is_asked_for_in_six_formats()
    {
        var order = await BookOrder.ReadAsync(brief: null, title: null, default);

        order.Genre.ShouldBe("fantasy");
        order.Input["chapter_count"].GetInt32().ShouldBe(12);
        order.Input["word_count"].GetInt32().ShouldBe(20_000);
        order.Formats.ShouldBe(["pdf", "docx", "epub", "html", "md", "txt"]);
    }

    [Fact]
    public async Task Plain_text_is_the_premise_and_the_file_name_the_title()
    {
        var order = await ReadAsync("the-glass-orchard.txt", "An orchard where the fruit is glass.\n");

        order.Title.ShouldBe("The Glass Orchard");
        order.Input["premise"].GetString().ShouldBe("An orchard where the fruit is glass.");
    }

    [Fact]
    public async Task The_title_on_the_command_line_wins()
    {
        var order = await ReadAsync("brief.json", """{"book_title": "One", "genre": "mystery"}""", "Two");

        order.Title.ShouldBe("Two");
        order.Genre.ShouldBe("mystery");
    }

    [Fact]
    public async Task The_body_of_a_request_is_a_brief_too() =>
        (await ReadAsync("brief.json", """{"userInput": {"book_title": "One", "formats": ["PDF", "markdown", "text", "md"]}}""")).Formats.ShouldBe(["pdf", "md", "txt"]);

    [Fact]
    public async Task Broken_JSON_is_told_in_a_sentence() =>
        (await Should.ThrowAsync<RunFailedException>(() => ReadAsync("brief.json", """{"book_title": """))).Message.ShouldContain("begins like JSON but is none");

    private async Task<BookOrder> ReadAsync(string name, string content, string? title = null)
    {
        await File.WriteAllTextAsync(_folder[name], content);
        return await BookOrder.ReadAsync(new FileInfo(_folder[name]), title, default);
    }
}
