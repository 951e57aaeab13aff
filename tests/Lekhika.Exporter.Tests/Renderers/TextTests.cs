using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Renderers;

public sealed class TextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nasty_prose_comes_out_to_the_letter(int seed)
    {
        var prose = new NastyProse(seed);
        var blocks = Enumerable.Range(0, 50).Select(_ => new Paragraph([new Core.Manuscripts.Text(prose.Line(40))])).ToList();
        var book = Books.Of() with { Chapters = [new Chapter(1, "First", blocks, 1)] };

        var text = await Render(Books.Order(book, new ExportSettings { IncludeContents = false }));

        var start = text.IndexOf("=====\n", text.IndexOf("First\n", StringComparison.Ordinal), StringComparison.Ordinal) + 6;
        Characters.Of(text[start..text.LastIndexOf("Colophon", StringComparison.Ordinal)]).ShouldBe(Characters.Of(blocks));
    }

    [Fact]
    public async Task Book_of_every_kind_of_block_reads_well()
    {
        var text = await Render(Books.Order(Books.OfEveryKind()));

        text.ShouldContain("\n                                  ***\n");
        text.ShouldContain("  - one\n");
        text.ShouldContain("  7. seven\n");
        text.ShouldContain("    if a < b and b > c:\n        print(");
        text.ShouldContain("Name  Age   Note\n----  ---  -----\nAda   36   a | b\n");
        text.ShouldContain("\n\n\nChapter 2\nThe Other Chapter\n=================\n\nShort.\n");
        text.ShouldContain("   1  Every Kind\n   2  The Other Chapter\n");
        text.ShouldContain("Colophon\n========\n\nThis book was made by the offline author");
        text.Split('\n').ShouldAllBe(line => line.Length <= 72 && !line.EndsWith(' '));
    }

    [Fact]
    public async Task Contents_are_left_out_when_not_wanted() =>
        (await Render(Books.Order(Books.OfEveryKind(), new ExportSettings { IncludeContents = false }))).ShouldNotContain("Contents");

    [Fact]
    public async Task A_whole_book_keeps_its_notes_pictures_verse_and_parts()
    {
        var text = await Render(Books.Order(WholeBook.Of()));

        text.ShouldContain("a note[1], and\n");
        text.ShouldContain("\nThe second paragraph is indented.[2]\n");
        text.ShouldContain("The end.\n\nNotes\n\n[1] The first note.\n\n[2] The second note.\n\n      - with a list\n");
        text.ShouldContain("Short.[1]\n\nNotes\n\n[1] A note of the second chapter.\n");
        text.ShouldContain("[Picture: The sun over the sea]\nThe sun, drawn by hand\n\n[Picture: A map of the salt coast]\n");
        text.ShouldContain("    The tide goes out,\n        the tide comes in\n\n    and nobody counts the hours.\n");
        text.ShouldContain("    Dear Ines,\n");
        text.ShouldContain("    Tip: With a title\n\n    Wind the clock.\n\n      - every day\n");
        text.ShouldContain("    Exercise\n\n    Then draw it again.\n");
        text.ShouldContain("Chapter 1\nEvery Kind\nIn which all is shown\nTomas Reyne\n=====");
        text.ShouldContain("        Time is a river.\n");
        text.ShouldContain("\n                                Part One\n\n                                  Ebb\n");
        text.ShouldContain("Part One: Ebb\n   1  Every Kind\n   2  The Other Chapter\n\nPart Two\n   3  Chapter 3\n");
        text.ShouldContain("\n                             For the keeper\n");
        text.ShouldContain("\nBefore the Tide\n===============\n");
    }

    [Fact]
    public async Task Lines_are_as_long_as_wanted_and_a_paragraph_may_be_one()
    {
        var book = Books.Of(("One", string.Concat(Enumerable.Repeat("word ", 60)) + "\n\n***\n\nEnd.\n\n| a | b |\n|---|---|\n| " + string.Concat(Enumerable.Repeat("wide ", 20)) + "| c |"));

        var narrow = await Render(Books.Order(book, new() { TextWidth = 40 }));
        narrow.Split('\n').Max(line => line.Length).ShouldBeInRange(36, 40);
        narrow.ShouldContain("\nb: c\n");
        (await Render(Books.Order(book, new() { TextWidth = 0 }))).Split('\n').ShouldContain(string.Concat(Enumerable.Repeat("word ", 60)).TrimEnd());
        (await Render(Books.Order(book, new() { SceneOrnament = "" }))).ShouldContain("word\n\n\n\nEnd.\n");
    }

    private static async Task<string> Render(RenderOrder order) =>
        Encoding.UTF8.GetString((await new TextRenderer().RenderAsync(order, default)).Content);
}
