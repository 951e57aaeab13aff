using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Exporter.Tests.Preflight;

public sealed class OtherPreflightSpecs
{
    [Theory]
    [InlineData("docx")]
    [InlineData("html")]
    [InlineData("md")]
    [InlineData("txt")]
    public async Task A_book_of_our_own_passes(string format)
    {
        (await Checker.OfRenderedAsync(ExportFormat.Find(format)!)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_that_Word_would_repair_is_an_error()
    {
        (await Checker.OfRenderedAsync(ExportFormat.Docx, change: file => Archive.Change(file, archive => archive.Replace("document.xml", "<w:p>", "<w:p><w:tbl/>")))).ShouldHaveErrors("docx_invalid");
        (await Checker.OfRenderedAsync(ExportFormat.Docx, change: file => Archive.Change(file, archive => archive.Replace("document.xml", "</w:p>", "")))).Count(PreflightSeverity.Error).ShouldBeGreaterThan(0);
        (await Checker.OfAsync(ExportFormat.Docx, [1, 2, 3])).ShouldHaveErrors("docx_unreadable");
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html lang='en'><title></title><p>x", "html_title")]
    [InlineData("<!DOCTYPE html><html lang='en'><title>x</title><p id='a'><p id='a'>", "html_id_twice")]
    [InlineData("<!DOCTYPE html><html lang='en'><title>x</title><a href='#b'>x</a>", "html_link")]
    [InlineData("<!DOCTYPE html><html lang='en'><title>x</title><img alt='' src='https://example.org/a.png'>", "html_not_whole")]
    public async Task A_page_that_is_not_whole_is_an_error(string page, string code)
    {
        (await Checker.OfAsync(ExportFormat.Html, Encoding.UTF8.GetBytes(page))).ShouldHaveErrors(code);
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0xFF, 0x42 }, "text_encoding")]
    [InlineData(new byte[] { 0x41, 0x1B, 0x5B, 0x32, 0x4A }, "text_control")]
    [InlineData(new byte[] { 0x41, 0x00 }, "text_control")]
    [InlineData(new byte[] { 0x0A, 0x20 }, "text_empty")]
    public async Task A_text_that_is_none_is_an_error(byte[] content, string code)
    {
        (await Checker.OfAsync(ExportFormat.Txt, content)).ShouldHaveErrors(code);
    }

    [Fact]
    public async Task A_check_that_breaks_is_told_as_not_checked()
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddOptions().AddFileChecks().AddSingleton<IFileCheck, Broken>().BuildServiceProvider();

        var report = await services.GetRequiredService<PreflightChecks>().CheckAsync(new CheckedFile(ExportFormat.Txt, "x"u8.ToArray(), Checker.Order, null), ["The font has no such letter."], CancellationToken.None);

        report.Codes().ShouldBe(["Warning made_otherwise", "NotChecked check_broke"]);
        report.Findings.ShouldAllBe(finding => !finding.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_lists_a_hundred_findings_the_gravest_first_and_nothing_that_a_database_refuses()
    {
        var findings = Enumerable.Range(0, 300).Select(at => new PreflightFinding("txt", at == 299 ? PreflightSeverity.Error : PreflightSeverity.Warning, "code", $"{at} \0 \ud800 {new string('x', 900)}"));

        var report = PreflightReport.Of(findings, isComplete: true);

        report.Findings.Count.ShouldBe(100);
        report.Findings[0].Severity.ShouldBe(PreflightSeverity.Error);
        report.Findings[^1].Message.ShouldBe("201 more findings are not listed.");
        report.Findings.ShouldAllBe(finding => finding.Message.Length <= 501 && !finding.Message.Contains('\0') && !finding.Message.Contains('\ud800'));
    }

    private sealed class Broken : IFileCheck
    {
        public bool Fits(ExportFormat format) => true;

        public Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken) => throw new InvalidOperationException("secret");
    }
}
