using System.Text;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Docx;
using Lekhika.Exporter.Tests.Epub;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>A picture that a footnote names stands in the note, and in words where it cannot.</summary>
public sealed class NotedPictureTests(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task Html_shows_it_in_the_note()
    {
        var html = Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Html, Books.Order(Book()))).Content);

        html.ShouldContain("src=\"data:image/png;base64,");
        html.ShouldContain("alt=\"A sun\"");
        html.ShouldContain("As it rose.");
    }

    [Fact]
    public async Task Epub_shows_it_in_the_note_and_has_its_file()
    {
        using var epub = await EpubFile.Of(Book());

        var picture = epub.Page("chapter-1").QuerySelector("aside img")!;
        picture.GetAttribute("alt").ShouldBe("A sun");
        epub.Paths.ShouldContain($"EPUB/{picture.GetAttribute("src")}");
    }

    [Fact]
    public async Task Docx_shows_it_in_the_note()
    {
        using var file = await DocxFile.Of(Book());

        file.Errors.ShouldBeEmpty();
        file.Main.FootnotesPart!.Footnotes.Descendants<DocumentFormat.OpenXml.Drawing.Blip>().Select(blip => file.Main.FootnotesPart.GetPartById(blip.Embed!)).ShouldHaveSingleItem().ShouldBeOfType<ImagePart>();
        file.Notes.ShouldHaveSingleItem().ShouldContain("As it rose.");
    }

    [Fact]
    public async Task Pdf_shows_it_in_the_note_small_enough_for_the_foot_of_a_page()
    {
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(Book()));

        file.Warnings.ShouldBeEmpty();
        using var pdf = new PdfFile(file.Content);
        Tool.Run("poppler-utils", "pdfimages", "-list", pdf.FilePath).ShouldContain("120    80");
        string.Concat(pdf.Pages()).ShouldContain("As it rose.");
        pdf.Check().ShouldContain("No syntax or stream encoding errors found");
    }

    [Fact]
    public async Task Pdf_has_its_words_where_it_is_not_there_and_the_word_for_a_picture_where_it_has_none()
    {
        using var told = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(Book() with { Images = new Dictionary<string, BookImage>() }))).Content);
        using var silent = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(Of("![](asset:gone)")))).Content);

        string.Concat(told.Pages()).ShouldContain("A sun");
        string.Concat(silent.Pages()).ShouldContain("Picture");
    }

    [Fact]
    public async Task Text_tells_it_in_words_and_Markdown_names_it_again()
    {
        Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Txt, Books.Order(Book()))).Content).ShouldContain("[Picture: A sun]");

        var markdown = Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Markdown, Books.Order(Book()))).Content);
        Markdown.Dump.Difference(Markdown.Dump.Of(Book().Chapters[0].Blocks), Markdown.Dump.Of(BookReader.Read(markdown).Chapters[0].Blocks)).ShouldBe("");
    }

    private static Manuscript Book() => Of("![A sun](asset:sun \"As it rose.\")");

    private static Manuscript Of(string figure) =>
        Books.Of(("One", $"A word[^1] of it.\n\n[^1]: See:\n\n    {figure}\n")) with { Images = WholeBook.Of().Images };
}
