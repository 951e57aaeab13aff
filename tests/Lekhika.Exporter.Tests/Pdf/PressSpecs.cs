using Lekhika.Core.Exports;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>Files for archives, presses and those who listen to a book.</summary>
public sealed class PressSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    [Theory]
    [InlineData(false, "pdfuaid:part>1<")]
    [InlineData(true, "pdfaid:part>2<")]
    public async Task File_says_of_which_standard_it_is(bool archive, string words)
    {
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(Sampler.Whole(), new() { Print = new(Archive: archive) }));
        using var pdf = new PdfFile(file.Content);
        var source = Tool.Run("qpdf", "qpdf", "--qdf", "--object-streams=disable", pdf.FilePath, "-");

        file.Warnings.ShouldBeEmpty();
        source.ShouldContain(words);
        source.Contains("/DisplayDocTitle true", StringComparison.Ordinal).ShouldBe(!archive);
        source.ShouldContain("/Lang (en)");
        pdf.Info().ShouldContain("Tagged:          yes");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    public async Task Sheet_has_bleed_and_marks_around_the_trimmed_page(string language)
    {
        var book = Sampler.Whole();
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(book with { Metadata = book.Metadata with { Language = language } }, new() { PageSize = "100x200", Print = new(Bleed: 3, CropMarks: true) }));
        using var pdf = new PdfFile(file.Content);
        var boxes = Tool.Run("poppler-utils", "pdfinfo", "-box", "-f", "9", "-l", "9", pdf.FilePath);

        // 12 mm around the trimmed page of 100 by 200 mm: 9 mm for marks, 3 mm of bleed.
        boxes.ShouldMatch(@"MediaBox:\s+0\.00\s+0\.00\s+351\.50\s+634\.96");
        boxes.ShouldMatch(@"BleedBox:\s+25\.51\s+25\.51\s+325\.98\s+609\.45");
        boxes.ShouldMatch(@"TrimBox:\s+34\.02\s+34\.02\s+317\.48\s+600\.94");
        pdf.Check().ShouldContain("No syntax or stream encoding errors found");
        pdf.Info().ShouldContain("Tagged:          yes");
        var corner = Pixels.Read(Pixels.PngOf(pdf, 2, 200));
        Enumerable.Range(0, 60).ShouldContain(y => corner.At((int)(34.02 / 72 * 200), y).R < 128);
    }

    [Theory]
    [InlineData(Paper.White, 300, 300 * 0.0572)]
    [InlineData(Paper.Cream, 301, 302 * 0.0635)]
    public void Spine_is_as_thick_as_the_pages_of_its_paper(Paper paper, int pages, double spine)
    {
        var design = BookDesign.Of(new ExportSettings { Print = new(Bleed: 3.2, Paper: paper) });

        Wrap.Of(design, paper, new PageMap(pages, [])).Spine.ShouldBe(spine, 0.001);
    }

    [Fact]
    public async Task Cover_wraps_back_spine_and_front_with_bleed()
    {
        var settings = new ExportSettings { PageSize = "6x9", Print = new(Bleed: 5, Paper: Paper.Cream) };
        var file = await workshop.Render(ExportFormat.Cover, Books.Order(Sampler.Whole(), settings, new PageMap(200, [1])));
        using var pdf = new PdfFile(file.Content);
        var boxes = Tool.Run("poppler-utils", "pdfinfo", "-box", pdf.FilePath);

        // Two pages of 152.4 mm and a spine of 200 × 0.0635 mm = 12.7 mm, 228.6 mm high, 5 mm around them.
        boxes.ShouldMatch(@"TrimBox:\s+14\.17\s+14\.17\s+914\.17\s+662\.17");
        boxes.ShouldMatch(@"MediaBox:\s+0\.00\s+0\.00\s+928\.35\s+676\.35");
        var text = string.Concat(pdf.Pages());
        text.ShouldContain("A girl, a tower and a clock that runs backwards.");
        text.ShouldContain("ISBN 978-3-16-148410-0");
        text.Split("Brandt").Length.ShouldBe(3);
    }

    [Fact]
    public async Task Cover_without_paper_or_pages_says_what_is_missing()
    {
        (await Should.ThrowAsync<RenderException>(() => workshop.Render(ExportFormat.Cover, Books.Order(Sampler.Whole(), null, new PageMap(9, []))))).Message.ShouldContain("paper");
        (await Should.ThrowAsync<RenderException>(() => workshop.Render(ExportFormat.Cover, Books.Order(Sampler.Whole(), new() { Print = new(Paper: Paper.White) })))).Message.ShouldContain("pages");
    }
}
