using Lekhika.Core.Exports.Pictures;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Exports;

public sealed class PicturePlacesSpecs
{
    private static readonly Manuscript Book = new(
        new BookMetadata(Guid.NewGuid(), "The Map", null, "A", "en", null, "offline", DateTimeOffset.UnixEpoch),
        [Chapter(1, "One.", "Two.", "Three."), Chapter(2, "Only one.")],
        []);

    [Fact]
    public void An_illustration_stands_in_its_chapter_behind_the_first_two_paragraphs()
    {
        var second = Illustration(2);
        var placed = PicturePlaces.Place(Book, [Illustration(1), second]);

        Kinds(placed, 1).ShouldBe(["Paragraph", "Paragraph", "Figure", "Paragraph"]);
        Kinds(placed, 2).ShouldBe(["Paragraph", "Figure"]);
        placed.Manuscript.Chapters[1].Blocks.OfType<Figure>().Single().ShouldBe(new Figure(second.Key, "A lamp 2", []), FigureComparer);
        placed.Unplaced.ShouldBe(0);
    }

    [Fact]
    public void One_for_the_whole_book_stands_in_the_first_chapter_and_one_of_a_missing_chapter_nowhere()
    {
        var placed = PicturePlaces.Place(Book, [Illustration(0), Illustration(3)]);

        Kinds(placed, 1).Count(kind => kind == "Figure").ShouldBe(1);
        placed.Pictures.Count.ShouldBe(1);
        placed.Unplaced.ShouldBe(1);
    }

    [Fact]
    public void What_the_text_names_stands_only_there_even_when_it_is_not_the_newest()
    {
        var (named, older) = (Illustration(1), Illustration(2) with { IsNewest = false });
        var text = Book with
        {
            Chapters = [Book.Chapters[0], Book.Chapters[1] with { Blocks = [new BlockQuotation([new Figure(named.Key, "Mine", []), new Figure(older.Key, "Old", []), new Figure("nobody", "None", [])])] }],
        };

        var placed = PicturePlaces.Place(text, [named, older]);

        Kinds(placed, 1).ShouldNotContain("Figure");
        placed.Pictures.ShouldBe(new[] { named, older }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("A word[^1].")]
    [InlineData("*A [word[^1]]{.smallcaps}*.")]
    [InlineData("## A heading[^1]")]
    [InlineData("- One\n- Two[^1]")]
    [InlineData("| a | b[^1] |\n|---|---|\n| c | d |")]
    [InlineData("::: verse\nA line[^1]\n:::")]
    [InlineData("::: {.tip title=\"A tip[^1]\"}\nText.\n:::")]
    [InlineData("![Other](asset:other \"A caption[^1]\")")]
    public void What_a_note_names_stands_only_there_wherever_the_note_is_called(string call)
    {
        var (named, older) = (Illustration(1), Illustration(2) with { IsNewest = false });
        var text = Book with
        {
            Chapters = [Book.Chapters[0], Book.Chapters[1] with { Blocks = MarkdownReader.Read($"{call}\n\n[^1]: See\n\n    ![Mine](asset:{named.Key})\n\n    > ![Old](asset:{older.Key})\n") }],
        };

        var placed = PicturePlaces.Place(text, [named, older]);

        Kinds(placed, 1).ShouldNotContain("Figure");
        placed.Pictures.ShouldBe(new[] { named, older }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("asset:3f2504e0-4f89-41d3-9a0c-0305e82c3301")]
    [InlineData("Asset:3F2504E0-4F89-41D3-9A0C-0305E82C3301")]
    [InlineData("asset:3f2504e04f8941d39a0c0305e82c3301")]
    [InlineData("asset:{3F2504E0-4F89-41D3-9A0C-0305E82C3301}")]
    [InlineData("3F2504E0-4F89-41D3-9A0C-0305E82C3301")]
    public void What_Markdown_names_is_the_picture_however_its_id_is_spelt(string address)
    {
        var picture = Illustration(1) with { Id = new Guid("3f2504e0-4f89-41d3-9a0c-0305e82c3301") };
        var text = Book with { Chapters = [Book.Chapters[0], Book.Chapters[1] with { Blocks = MarkdownReader.Read($"![A lamp]({address})") }] };

        var placed = PicturePlaces.Place(text, [picture]);

        Kinds(placed, 1).ShouldNotContain("Figure");
        placed.Manuscript.Chapters[1].Blocks.OfType<Figure>().Single().Image.ShouldBe(placed.Pictures.ShouldHaveSingleItem().Key);
    }

    [Fact]
    public void The_newest_cover_counts()
    {
        var first = Illustration(0) with { Id = Guid.NewGuid(), IsCover = true, NodeId = "cover-1" };
        var later = first with { Id = Guid.NewGuid(), NodeId = "cover-2", CreatedAt = first.CreatedAt.AddSeconds(1) };
        var latest = later with { Id = Guid.NewGuid(), CreatedAt = later.CreatedAt.AddSeconds(1), IsNewest = false };

        var placed = PicturePlaces.Place(Book, [later, latest, first]);

        placed.Manuscript.CoverImage.ShouldBe(later.Key);
        placed.Pictures.ShouldHaveSingleItem();
        placed.Manuscript.Chapters.SelectMany(chapter => chapter.Blocks).OfType<Figure>().ShouldBeEmpty();
    }

    [Fact]
    public void A_book_without_chapters_has_no_place_for_illustrations()
    {
        var placed = PicturePlaces.Place(Book with { Chapters = [] }, [Illustration(0), Illustration(1)]);

        placed.Pictures.ShouldBeEmpty();
        placed.Unplaced.ShouldBe(2);
    }

    private static readonly IEqualityComparer<Figure> FigureComparer = EqualityComparer<Figure>.Create(
        (one, other) => one!.Image == other!.Image && one.Alternative == other.Alternative && one.Caption.Count == other.Caption.Count, figure => figure.Image.GetHashCode(StringComparison.Ordinal));

    private static Chapter Chapter(int number, params string[] paragraphs) =>
        new(number, $"Part {number}", [.. paragraphs.Select(text => new Paragraph([new Text(text)]))], 1);

    private static RunPicture Illustration(int item) =>
        new(Guid.NewGuid(), false, "image-1", item, true, new byte[32], "image/png", 10, 8, 8, $"A lamp {item}", "Made by the model easel:canvas-1.", DateTime.UnixEpoch);

    private static List<string> Kinds(PlacedPictures placed, int chapter) => [.. placed.Manuscript.Chapters[chapter - 1].Blocks.Select(block => block.GetType().Name)];
}
