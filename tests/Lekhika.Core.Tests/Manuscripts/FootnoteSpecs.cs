using System.Diagnostics;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class FootnoteSpecs
{
    [Fact]
    public void A_called_note_is_where_it_is_called()
    {
        var blocks = MarkdownReader.Read("It was so.[^1] And *so[^long]*.\n[^1]: Truly.\n[^long]: First.\n\n    Second:\n\n    - a\n\n      b\n\n    ::: verse\n    line\n    :::\n\nAfter.");

        blocks.Count.ShouldBe(2);
        PlainBlocks.Of(blocks).ShouldBe("It was so. And so.\nAfter.");
        var notes = PlainBlocks.Inlines(blocks).OfType<Footnote>().ToList();
        notes.Select(note => note.Content.Count).ShouldBe([1, 4]);
        PlainBlocks.Of(notes[1].Content).ShouldBe("First.\nSecond:\na\nb\nline");
    }

    [Theory]
    [InlineData("Never called.\n\n[^1]: A note.")]
    [InlineData("Called[^2] without a text.")]
    [InlineData("Twice[^1].\n\n[^1]: one\n\n[^1]: two")]
    [InlineData("Notes[^a] hold no notes.\n\n[^a]: as[^b] here\n\n[^b]: text")]
    [InlineData("[^x]: “I am a name in a play.”\n\n[^y]: “So am I.”")]
    [InlineData("A ![picture [^1]](asset:x) is told.\n\n[^1]: text")]
    [InlineData("`[^1]` is code.\n\n[^1]: https://example.org/a")]
    public void Nothing_of_notes_is_lost(string markdown)
    {
        var blocks = MarkdownReader.Read(markdown);

        var words = AllWords(blocks).Order().ToList();
        foreach (var word in markdown.Split([' ', '\n', '`', '[', ']', '(', ')', '.', ':', '“', '”'], StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("^1" or "asset" or "x" or "!" or "^a")))
        {
            string.Join(' ', words).ShouldContain(word);
        }
    }

    [Fact]
    public void A_note_that_is_called_again_is_there_again() =>
        PlainBlocks.Inlines(MarkdownReader.Read("One[^1], two[^1].\n\n[^1]: text")).OfType<Footnote>().Count().ShouldBe(2);

    [Fact]
    public void A_long_note_called_a_thousand_times_is_not_copied_a_thousand_times()
    {
        var clock = Stopwatch.StartNew();
        var markdown = string.Concat(Enumerable.Repeat("word[^1] ", 20_000)) + "\n\n[^1]: " + string.Concat(Enumerable.Repeat("text ", 20_000));

        var blocks = MarkdownReader.Read(markdown);

        WordCount.Of(blocks).ShouldBeLessThan(100_000);
        PlainBlocks.Of(blocks).ShouldContain("[^1]");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Words_of_notes_are_counted_where_they_are() =>
        WordCount.OfMarkdown("One two[^1].\n\n[^1]: three four").ShouldBe(4);

    [Fact]
    public void A_chapter_begins_with_subtitle_byline_and_epigraph()
    {
        var chapter = MarkdownReader.ReadChapter(3, "Title", "::: subtitle\nIn *which* all is shown\n:::\n\n::: byline\nTomas Reyne\n:::\n\n::: epigraph\nTime is a river.\n:::\n\nText.\n\n::: subtitle\nAgain\n:::", 2);

        (chapter.Number, chapter.Title, chapter.Version, chapter.Subtitle, chapter.Byline).ShouldBe((3, "Title", 2, "In which all is shown", "Tomas Reyne"));
        PlainBlocks.Of(chapter.Epigraph).ShouldBe("Time is a river.");
        PlainBlocks.Of(chapter.Blocks).ShouldBe("Text.\nAgain");
    }

    [Fact]
    public void A_subtitle_that_is_more_than_a_line_is_text()
    {
        var chapter = MarkdownReader.ReadChapter(1, "", "::: subtitle\nOne[^1]\n:::\n\n::: byline\nA\n\nB\n:::\n\n[^1]: two", 1);

        (chapter.Subtitle, chapter.Byline).ShouldBe((null, null));
        chapter.Words.ShouldBe(4);
    }

    private static IEnumerable<string> AllWords(IEnumerable<Block> blocks)
    {
        var list = blocks.ToList();
        return PlainBlocks.Of(list).Split([' ', '\n']).Concat(PlainBlocks.Inlines(list).OfType<Footnote>().SelectMany(note => AllWords(note.Content)));
    }
}
