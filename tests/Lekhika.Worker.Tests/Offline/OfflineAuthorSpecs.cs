using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Worker.Ai.Offline;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Offline;

public sealed class OfflineAuthorSpecs
{
    private static readonly WrittenBook Book = WrittenBook.Of(WrittenBook.A(chapters: 3, words: 3000));

    [Fact]
    public void Names_itself_in_its_metadata()
    {
        using var author = new OfflineAuthor();
        var metadata = author.GetService(typeof(ChatClientMetadata)).ShouldBeOfType<ChatClientMetadata>();
        metadata.ProviderName.ShouldBe("offline");
        metadata.DefaultModelId.ShouldBe("offline-author");
        author.GetService(typeof(OfflineAuthor)).ShouldBeSameAs(author);
        author.GetService(typeof(ChatClientMetadata), "key").ShouldBeNull();
    }

    [Fact]
    public void Colophon_says_that_no_language_model_wrote_the_book() =>
        string.Join(' ', OfflineAuthor.Colophon).ShouldContain("without a language model");

    [Fact]
    public void Answer_carries_model_usage_finish_reason_and_id()
    {
        var response = WrittenBook.Prose(Book.Brief, Book.Bible, Book.Outline, Book.Outline.Chapters[0]);
        response.ModelId.ShouldBe("offline-author");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        response.ResponseId.ShouldNotBeNullOrEmpty();
        var words = Core.Manuscripts.WordCount.Of(response.Text);
        response.Usage!.OutputTokenCount.ShouldBe((long)Math.Ceiling(words * 1.3));
        response.Usage.InputTokenCount!.Value.ShouldBeGreaterThan(100);
        response.Usage.TotalTokenCount.ShouldBe(response.Usage.InputTokenCount + response.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Stream_concatenates_to_the_answer_given_at_once()
    {
        using var author = new OfflineAuthor();
        var prompt = ChapterPrompt(1);
        var whole = await author.GetResponseAsync(prompt);
        var updates = await author.GetStreamingResponseAsync(prompt).ToListAsync();
        string.Concat(updates.Select(u => u.Text)).ShouldBe(whole.Text);
        updates.Count.ShouldBeGreaterThan(50);
        updates.ShouldAllBe(u => u.Text.Length < 120 && u.ResponseId == whole.ResponseId && u.ModelId == "offline-author");
        updates[^1].FinishReason.ShouldBe(ChatFinishReason.Stop);
        updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount.ShouldBe(whole.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Stream_stops_where_it_is_cancelled()
    {
        using var author = new OfflineAuthor();
        using var cancel = new CancellationTokenSource();
        var seen = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in author.GetStreamingResponseAsync(ChapterPrompt(1), cancellationToken: cancel.Token))
            {
                if (++seen == 5)
                {
                    await cancel.CancelAsync();
                }
            }
        });
        seen.ShouldBe(5);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_another_seed_another_book()
    {
        var again = WrittenBook.Of(Book.Brief);
        Json.Write(again.Bible).ShouldBe(Json.Write(Book.Bible));
        Json.Write(again.Outline).ShouldBe(Json.Write(Book.Outline));
        again.Chapters.ShouldBe(Book.Chapters);
        var other = WrittenBook.Of(Book.Brief with { Seed = 8 });
        other.Chapters.Intersect(Book.Chapters).ShouldBeEmpty();
        Json.Write(other.Outline).ShouldNotBe(Json.Write(Book.Outline));
    }

    [Fact]
    public void Seed_of_the_options_overrules_that_of_the_brief() =>
        Json.Write(WrittenBook.Ask<StoryBible>("bible", 99, ("brief", Book.Brief)))
            .ShouldBe(Json.Write(WrittenBook.Ask<StoryBible>("bible", null, ("brief", Book.Brief with { Seed = 99 }))));

    [Fact]
    public void Chapters_written_in_another_order_and_in_parallel_are_the_same()
    {
        var chapters = new string[3];
        Parallel.ForEach([2, 0, 1], i => chapters[i] = WrittenBook.Prose(Book.Brief, Book.Bible, Book.Outline, Book.Outline.Chapters[i]).Text);
        chapters.ShouldBe(Book.Chapters);
    }

    [Fact]
    public void More_books_at_once_than_it_remembers_do_not_disturb_each_other()
    {
        var books = Enumerable.Range(0, 12).Select(seed => WrittenBook.A(chapters: 1, words: 300, seed: seed)).ToList();
        var together = new IReadOnlyList<string>[books.Count];
        Parallel.For(0, books.Count, i => together[i] = WrittenBook.Of(books[i]).Chapters);
        together.ShouldBe(books.Select(b => WrittenBook.Of(b).Chapters));
    }

    [Theory]
    [InlineData("brief")]
    [InlineData("bible")]
    [InlineData("outline")]
    [InlineData("chapter")]
    public async Task Says_which_material_is_missing(string missing)
    {
        using var author = new OfflineAuthor();
        var materials = ChapterMaterials(0).Where(m => m.Name != missing).ToArray();
        var error = await Should.ThrowAsync<InvalidOperationException>(() => author.GetResponseAsync(WrittenBook.Prompt(materials)));
        error.Message.ShouldContain($"'{missing}'");
    }

    [Fact]
    public async Task Says_which_material_it_cannot_read()
    {
        using var author = new OfflineAuthor();
        var error = await Should.ThrowAsync<InvalidOperationException>(() => author.GetResponseAsync(WrittenBook.Prompt(("brief", new { Title = 3 }))));
        error.Message.ShouldContain("cannot read the material 'brief'");
    }

    [Fact]
    public async Task Says_which_shapes_it_knows()
    {
        using var author = new OfflineAuthor();
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<StoryEvent>(Json.Options, "recipe") };
        var error = await Should.ThrowAsync<InvalidOperationException>(() => author.GetResponseAsync(ChapterPrompt(0), options));
        error.Message.ShouldContain("'recipe'");
    }

    private static ChatMessage[] ChapterPrompt(int index) => WrittenBook.Prompt(ChapterMaterials(index));

    private static (string Name, object Value)[] ChapterMaterials(int index) =>
        [("brief", Book.Brief), ("bible", Book.Bible), ("outline", Book.Outline), ("chapter", Book.Outline.Chapters[index])];
}
