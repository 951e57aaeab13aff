using Lekhika.Core.Assets;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

/// <summary>Covers in letters, painted as pictures for stores by the real typesetter.</summary>
public sealed class EpubCoverSpecs
{
    [Theory]
    [InlineData("en", "The Clockmaker’s Daughter", "nightwood")]
    [InlineData("hi", "घड़ीसाज़ की बेटी", "trade-paperback")]
    [InlineData("ja", "時計職人の娘", "kite")]
    public async Task A_cover_in_letters_is_painted_as_large_as_stores_want_it(string language, string title, string theme)
    {
        await using var workshop = new Workshop();
        var book = Books.OfEveryKind();
        using var epub = await RenderAsync(workshop, book with { Metadata = book.Metadata with { Language = language, Title = title } }, new() { Theme = theme });

        var item = epub.Package.Descendants().Single(element => element.Attribute("properties")?.Value == "cover-image");
        item.Attribute("media-type")!.Value.ShouldBe("image/png");
        var picture = ImageFacts.Read(epub.Bytes($"EPUB/{item.Attribute("href")!.Value}"))!;
        picture.Width.ShouldBeInRange(1_600, 4_000);
        picture.Height.ShouldBeInRange(2_560, 4_000);
        epub.Page("cover").QuerySelector("img")!.GetAttribute("alt")!.ShouldEndWith(title);
        epub.Warnings.ShouldBeEmpty();
        epub.Check();
    }

    [Fact]
    public async Task Same_cover_gives_the_same_bytes_when_it_is_painted_again()
    {
        await using var workshop = new Workshop();
        await using var other = new Workshop();
        using var one = await RenderAsync(workshop, Books.OfEveryKind(), new());
        using var another = await RenderAsync(other, Books.OfEveryKind(), new());

        another.Bytes("EPUB/images/cover.png").ShouldBe(one.Bytes("EPUB/images/cover.png"));
    }

    [Fact]
    public async Task A_book_with_a_picture_for_its_cover_keeps_it()
    {
        await using var workshop = new Workshop();
        var own = new BookImage("image/jpeg", 1, 1, new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 });
        using var epub = await RenderAsync(workshop, Books.OfEveryKind() with { CoverImage = "own", Images = new Dictionary<string, BookImage> { ["own"] = own } }, new());

        epub.Bytes("EPUB/images/picture-1.jpg").ShouldBe(own.Content.ToArray());
    }

    [Fact]
    public async Task Without_the_painter_the_cover_is_a_page_of_letters_and_a_warning_says_so()
    {
        await using var workshop = new Workshop([("PictureDecoderDirectory", "nowhere")]);
        using var epub = await RenderAsync(workshop, Books.OfEveryKind(), new());

        epub.Page("cover").QuerySelector(".cover-title")!.TextContent.ShouldBe(Books.Metadata.Title);
        epub.Warnings.ShouldContain("The EPUB has no picture of its cover: this server could not paint it. The cover is a page of letters.");
    }

    private static Task<EpubFile> RenderAsync(Workshop workshop, Manuscript book, ExportSettings settings) =>
        EpubFile.Of(workshop.Renderers.Single(renderer => renderer.Format == ExportFormat.Epub), Books.Order(book, settings));
}
