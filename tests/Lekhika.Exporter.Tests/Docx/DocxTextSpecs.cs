using System.Security.Cryptography;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

public sealed class DocxTextSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_nasty_book_comes_out_to_the_letter_and_is_valid(int seed)
    {
        var book = NastyBook.Of(seed);
        using var file = await DocxFile.Of(book);

        file.Errors.ShouldBeEmpty();
        var opening = book.FrontMatter.Count(section => section.Title.Length > 0 || section.Kind is not (MatterKind.Dedication or MatterKind.Epigraph));
        foreach (var (chapter, elements) in book.Chapters.Zip(file.Chapters.Skip(opening)))
        {
            var written = Characters.Of(chapter.Subtitle + chapter.Byline) + Characters.Of(chapter.Epigraph) + Characters.Of(chapter.Blocks);
            Characters.Of(DocxFile.Text(elements)).ShouldBe(written);
        }

        file.Notes.Select(Characters.Of).ShouldBe([.. Places(book).SelectMany(NastyBook.Notes).Select(note => Characters.Of(note.Content))]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_that_is_written_becomes_an_instruction_or_leads_elsewhere(int seed)
    {
        var book = NastyBook.Of(seed) with { Colophon = [" TOC \\o ", "{ INCLUDETEXT \"/etc/passwd\" }"] };
        book = book with
        {
            Metadata = book.Metadata with { Title = "\" INCLUDEPICTURE \"file:///x" },
            Chapters = [.. book.Chapters, new(4, "\" DDEAUTO c:\\x", [new Paragraph([new Link([new Core.Manuscripts.Text("x")], "file:///etc/passwd"), new Link([new Core.Manuscripts.Text("y")], "javascript:alert(1)")])], 1)],
        };
        using var file = await DocxFile.Of(book);

        string[] known = ["TOC \\o \"1-1\" \\h \\z \\u", "PAGE", "STYLEREF \"Chapter Title\""];
        var roots = file.Main.HeaderParts.Select(part => part.RootElement!).Concat(file.Main.FooterParts.Select(part => part.RootElement!)).Append(file.Main.Document).Append(file.Main.FootnotesPart!.Footnotes).ToList();
        roots.SelectMany(root => root.Descendants<W.FieldCode>()).Select(code => code.Text.Trim())
            .Concat(roots.SelectMany(root => root.Descendants<W.SimpleField>()).Select(field => field.Instruction!.Value!.Trim()))
            .Where(code => !code.StartsWith("PAGEREF _Toc0", StringComparison.Ordinal)).ShouldBeSubsetOf(known);
        OpenXmlPart[] parts = [file.Main, file.Main.FootnotesPart!, .. file.Main.HeaderParts, .. file.Main.FooterParts];
        parts.SelectMany(part => part.ExternalRelationships).ShouldBeEmpty();
        parts.SelectMany(part => part.HyperlinkRelationships).Select(link => link.Uri.Scheme).Distinct().ShouldBeSubsetOf(["http", "https", "mailto"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Same_book_gives_the_same_bytes(bool nasty)
    {
        var (first, second) = nasty ? (NastyBook.Of(9), NastyBook.Of(9)) : (WholeBook.Of(), WholeBook.Of());
        using var one = await DocxFile.Of(first);
        using var other = await DocxFile.Of(second);

        Convert.ToHexString(SHA256.HashData(one.Content)).ShouldBe(Convert.ToHexString(SHA256.HashData(other.Content)));
    }

    [Fact]
    public async Task A_book_of_nearly_nothing_is_valid()
    {
        var bare = new Manuscript(Books.Metadata with { Title = "\u0001", Subtitle = " ", Author = "", Description = null, Language = "no such language", AiService = "" }, [new(1, "", [], 1)], []);
        using var file = await DocxFile.Of(bare);
        using var without = await DocxFile.Of(bare with { Chapters = [] });

        file.Errors.ShouldBeEmpty();
        without.Errors.ShouldBeEmpty();
        (file.Properties.Creator, file.Properties.Description, file.Properties.Keywords).ShouldBe((null, null, null));
    }

    /// <summary>Everything that holds blocks, in reading order.</summary>
    private static IEnumerable<IReadOnlyList<Block>> Places(Manuscript book) =>
    [
        .. book.FrontMatter.Select(section => section.Blocks),
        .. book.Chapters.Select(IReadOnlyList<Block> (chapter) => [.. chapter.Epigraph, .. chapter.Blocks]),
        .. book.BackMatter.Select(section => section.Blocks),
    ];
}
