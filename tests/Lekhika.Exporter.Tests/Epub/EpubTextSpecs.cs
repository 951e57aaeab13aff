using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Dom;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

public sealed class EpubTextSpecs
{
    [Fact]
    public async Task Epubcheck_finds_nothing_in_a_book_of_every_kind_with_pages()
    {
        using var epub = await EpubFile.Of(WholeBook.Of(), pages: new PageMap(20, [1, 7, 11]));

        epub.Check();
    }

    [Theory]
    [InlineData("hi", "शब्द, १९८६", "trade-paperback")]
    [InlineData("ar", "كلمة (Orlo)", "nightwood")]
    [InlineData("ja", "言葉「と」言葉", "kite")]
    public async Task Epubcheck_finds_nothing_in_books_of_other_scripts_and_themes(string language, string words, string theme)
    {
        var book = WholeBook.Of();
        book = book with
        {
            Metadata = book.Metadata with { Language = language, Title = words },
            Chapters = [.. book.Chapters, new(4, words, [new Paragraph([new Core.Manuscripts.Text(words), new LanguageSpan([new Core.Manuscripts.Text("a phrase")], "en")])], 1)],
            BackMatter = [.. Enum.GetValues<MatterKind>().Select(kind => new Matter(kind, "", [new Paragraph([new Core.Manuscripts.Text(words)])]))],
        };
        using var epub = await EpubFile.Of(book, new() { Theme = theme });

        epub.Check();
    }

    [Fact]
    public async Task Epubcheck_finds_nothing_in_a_nasty_book_of_odd_metadata()
    {
        var book = NastyBook.Of(5);
        book = book with { Metadata = book.Metadata with { Title = "\u0001<&>\"'", Subtitle = " ", Author = "", Description = null, Language = "no such language", AiService = "" } };
        using var epub = await EpubFile.Of(book, new() { IncludeContents = false, IncludeCover = false, SceneOrnament = "\"}</style>" });

        epub.Check();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_nasty_book_comes_out_to_the_letter(int seed)
    {
        var book = NastyBook.Of(seed);
        using var epub = await EpubFile.Of(book);

        foreach (var chapter in book.Chapters)
        {
            var section = epub.Page($"chapter-{chapter.Number}").QuerySelector("section")!;
            Blocks[] written = [new(chapter.Epigraph), new(chapter.Blocks)];
            var notes = section.QuerySelectorAll("aside[role=doc-footnote]").ToList();
            notes.Select(note => Characters.Of(Without(note, ".note-number"))).ShouldBe([.. written.SelectMany(blocks => NastyBook.Notes(blocks.Content)).Select(note => Characters.Of(note.Content))]);
            Characters.Of(Without(section, "h1, .notes, .noteref")).ShouldBe(Characters.Of(chapter.Subtitle + chapter.Byline) + string.Concat(written.Select(blocks => Characters.Of(blocks.Content))));
            section.QuerySelectorAll("a a, p p, p div, p aside").ShouldBeEmpty();
            section.GetElementsByTagName("*").Length.ShouldBe(XDocument.Parse(epub.Read($"EPUB/chapter-{chapter.Number}.xhtml")).Descendants().First(element => element.Name.LocalName == "section").Descendants().Count());
        }
    }

    [Fact]
    public async Task A_dedications_own_title_is_its_heading_and_in_the_contents()
    {
        using var titled = await EpubFile.Of(WholeBook.Dedicated("For Ada"));
        using var quiet = await EpubFile.Of(WholeBook.Dedicated(""));

        titled.Page("front-1").QuerySelector("section.dedication h1")!.TextContent.ShouldBe("For Ada");
        titled.Navigation.QuerySelectorAll("a").Select(entry => entry.TextContent).ShouldContain("For Ada");
        quiet.Page("front-1").QuerySelector("h1").ShouldBeNull();
    }

    [Fact]
    public async Task Type_of_the_file_can_be_read_from_its_first_bytes()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        Encoding.ASCII.GetString(epub.Content, 30, 28).ShouldBe("mimetypeapplication/epub+zip");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Same_book_gives_the_same_bytes(bool nasty)
    {
        using var one = await EpubFile.Of(nasty ? NastyBook.Of(9) : WholeBook.Of());
        using var other = await EpubFile.Of(nasty ? NastyBook.Of(9) : WholeBook.Of());

        Convert.ToHexString(SHA256.HashData(one.Content)).ShouldBe(Convert.ToHexString(SHA256.HashData(other.Content)));
    }

    private static string Without(IElement element, string selector)
    {
        var copy = (IElement)element.Clone();
        copy.QuerySelectorAll(selector).ToList().ForEach(part => part.Remove());
        return EpubFile.Text(copy);
    }

    private sealed record Blocks(IReadOnlyList<Block> Content);
}
