using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Preflight.Stores;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>PDFs that are right and PDFs that are not, as qpdf and poppler see them.</summary>
public sealed class PdfPreflightSpecs
{
    private static readonly RenderOrder SixByNine = Books.Order(Books.OfEveryKind(), new ExportSettings { PageSize = "6x9" });

    [Fact]
    public async Task A_book_of_our_own_passes_and_stores_would_say_that_it_is_thin()
    {
        var report = await Checker.OfRenderedAsync(ExportFormat.Pdf);

        report.Codes().ShouldBe(["Warning print_page_count"], string.Join('\n', report.Findings));
        report.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_file_is_an_error()
    {
        (await Checker.OfRenderedAsync(ExportFormat.Pdf, change: file => file[..(file.Length / 2)])).Count(PreflightSeverity.Error).ShouldBeGreaterThan(0);
        (await Checker.OfAsync(ExportFormat.Pdf, "Not a PDF."u8.ToArray())).ShouldHaveErrors("pdf_unreadable");
    }

    [Fact]
    public async Task A_page_of_another_size_fonts_that_are_not_there_and_missing_pages_are_errors()
    {
        var report = await Checker.OfAsync(ExportFormat.Pdf, PlainPdf.Of(500, 648, 100), SixByNine, new PageMap(2, [1]));

        report.ShouldHaveErrors("pdf_page_size", "pdf_font_missing", "pdf_pages");
        report.Findings.Single(finding => finding.Code == "pdf_font_missing").Message.ShouldContain("Helvetica");
        report.Codes().ShouldContain("Warning pdf_untagged");
    }

    [Fact]
    public async Task A_sheet_without_room_for_the_bleed_that_was_asked_for_is_an_error()
    {
        var order = Books.Order(Books.OfEveryKind(), new ExportSettings { PageSize = "6x9", Print = new PrintSettings(Bleed: 3) });

        (await Checker.OfAsync(ExportFormat.Pdf, PlainPdf.Of(432, 648, 100), order)).ShouldHaveErrors("pdf_bleed", "pdf_font_missing");
    }

    [Theory]
    [InlineData(-10, "Error text_off_page")]
    [InlineData(410, "Error text_off_page")]
    [InlineData(5, "Warning print_outside_margin")]
    public async Task Text_that_leaves_its_page_or_comes_near_the_edge_is_told(double at, string finding)
    {
        (await Checker.OfAsync(ExportFormat.Pdf, PlainPdf.Of(432, 648, at), SixByNine)).Codes().ShouldContain(finding);
    }

    [Theory]
    [InlineData(100, 30, false)]
    [InlineData(150, 25, true)]
    [InlineData(151, 30, true)]
    [InlineData(600, 50, true)]
    [InlineData(600, 54, false)]
    public void The_binding_takes_more_of_a_thicker_book(int pages, double inside, bool isTold)
    {
        var margins = new PageMargin(432, 648);
        margins.Page(432, 648);
        margins.Word(inside, 100, 410, 120);
        margins.Page(432, 648);
        margins.Word(22, 100, 432 - inside, 120);
        var findings = new Findings(ExportFormat.Pdf);

        PrintRules.Check(new CheckedFile(ExportFormat.Pdf, [], SixByNine, new PageMap(pages, [])), margins, findings);

        findings.All.Any(finding => finding.Code == "print_inside_margin").ShouldBe(isTold);
    }

    [Fact]
    public async Task Programs_that_are_not_there_are_told_and_nothing_is_silently_passed()
    {
        var report = await Checker.OfRenderedAsync(ExportFormat.Pdf, configure: options => options.PreflightPath = "/nowhere");

        report.Codes().Where(code => code.StartsWith("NotChecked", StringComparison.Ordinal)).ShouldBe(["NotChecked qpdf", "NotChecked pdfinfo", "NotChecked pdffonts", "NotChecked pdftotext"]);
        report.Findings.First(finding => finding.Code == "qpdf").Message.ShouldBe("qpdf is not on this server, so nobody has looked at the PDF's structure.");
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_and_told()
    {
        var folder = Directory.CreateTempSubdirectory("slow-programs-");
        var program = Path.Combine(folder.FullName, "qpdf");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho $$ > {folder.FullName}/id\nwhile :; do :; done\n");
        Tool.Run("coreutils", "chmod", "700", program);

        var report = await Checker.OfRenderedAsync(ExportFormat.Pdf, configure: options => (options.PreflightPath, options.PreflightTimeoutSeconds) = (folder.FullName, 0.5));

        report.Findings.Single(finding => finding.Code == "qpdf").Message.ShouldStartWith("qpdf did not end within 0.5 seconds");
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "id")), System.Globalization.CultureInfo.InvariantCulture);
        File.Exists($"/proc/{id}/stat").ShouldBeFalse("it was killed");
        folder.Delete(recursive: true);
    }
}
