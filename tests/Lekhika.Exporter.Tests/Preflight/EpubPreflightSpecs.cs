using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Exporter.Preflight;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>EPUBs that are right and EPUBs that are not, by our own check and by epubcheck.</summary>
public sealed class EpubPreflightSpecs
{
    /// <summary>What no look at the structure sees: a block within a line.</summary>
    private static readonly Action<Archive> Invalid = archive => archive.Replace(".xhtml", "<em>", "<em><div>x</div></em><em>");

    private static readonly Action<Archive> WithoutPicture = archive => archive.Replace(".opf", " properties=\"cover-image\"", "");

    [Fact]
    public async Task A_book_of_our_own_passes_epubcheck_too()
    {
        var report = await Checker.OfRenderedAsync(ExportFormat.Epub, configure: options => options.Preflight = PreflightDepth.Full);

        report.Codes().ShouldBe(["Info epubcheck"], string.Join("\n", report.Findings));
    }

    [Fact]
    public async Task A_cover_that_was_painted_is_a_picture_and_one_of_letters_is_told_of()
    {
        (await ChangedAsync(_ => { })).Codes().ShouldNotContain("Info cover_of_letters");
        (await ChangedAsync(WithoutPicture)).Codes().ShouldContain("Info cover_of_letters");
    }

    [Fact]
    public async Task Each_fault_of_structure_is_an_error_of_its_own()
    {
        (await ChangedAsync(archive => archive.StoresFirst = false)).ShouldHaveErrors("epub_mimetype");
        (await ChangedAsync(archive => archive.Swap())).ShouldHaveErrors("epub_mimetype");
        (await ChangedAsync(archive => archive.Add("EPUB/stray.txt", "x"))).ShouldHaveErrors("epub_not_in_manifest");
        (await ChangedAsync(archive => archive.Remove(name => name.EndsWith(".css", StringComparison.Ordinal)))).ShouldHaveErrors("epub_file_missing");
        (await ChangedAsync(archive => archive.Remove(name => name == "META-INF/container.xml"))).ShouldHaveErrors("epub_file_missing", "epub_container");
        (await ChangedAsync(archive => archive.Replace(".opf", "properties=\"nav\"", ""))).ShouldHaveErrors("epub_nav");
        (await ChangedAsync(archive => archive.Replace(".opf", "<itemref idref=\"", "<itemref idref=\"no-"))).ShouldHaveErrors("epub_spine");
        (await ChangedAsync(archive => archive.Replace(".opf", "version=\"3.0\"", "version=\"2.0\""))).ShouldHaveErrors("epub_version");
        (await ChangedAsync(archive => archive.Replace(".xhtml", "</p>", ""))).ShouldHaveErrors("epub_xml");
        (await ChangedAsync(archive => archive.Replace(".xhtml", "<p>", "<p id=\"a\"/><p id=\"a\"/><p>"))).ShouldHaveErrors("epub_id_twice");
        (await ChangedAsync(archive => archive.Replace(".xhtml", "<p>", "<p><a href=\"#nowhere\">x</a></p><p>"))).ShouldHaveErrors("epub_link");
        (await ChangedAsync(archive => archive.Replace(".xhtml", "<p>", "<p><img src=\"../nothing.png\"/></p><p>"))).Codes().ShouldBe(["Error epub_link", "Warning picture_without_words", "NotChecked epubcheck"]);
        (await Checker.OfAsync(ExportFormat.Epub, [1, 2, 3])).ShouldHaveErrors("epub_unreadable");
    }

    [Fact]
    public async Task In_full_epubcheck_fails_what_our_own_check_does_not_see()
    {
        (await ChangedAsync(Invalid)).Count(PreflightSeverity.Error).ShouldBe(0);

        var report = await ChangedAsync(Invalid, options => options.Preflight = PreflightDepth.Full);

        report.ShouldHaveErrors("epubcheck");
        report.Findings[0].Message.ShouldStartWith("RSC-005: ");
        report.Findings[0].Where.ShouldNotBeNull().ShouldContain(".xhtml, line ");
    }

    [Fact]
    public async Task In_the_background_the_report_says_what_is_missing_until_it_is_completed()
    {
        CheckedFile? file = null;
        var first = await ChangedAsync(WithoutPicture + Invalid, options => options.Preflight = PreflightDepth.Background, checked_ => file = checked_);
        (first.IsComplete, first.Count(PreflightSeverity.NotChecked)).ShouldBe((false, 1));
        await using var services = Checker.Services();

        var whole = await services.GetRequiredService<PreflightChecks>().CompleteAsync(file!.Content, first, CancellationToken.None);

        whole.IsComplete.ShouldBeTrue();
        whole.ShouldHaveErrors("epubcheck");
        whole.Count(PreflightSeverity.NotChecked).ShouldBe(0);
        whole.Codes().ShouldContain("Info cover_of_letters");
    }

    [Fact]
    public async Task Without_epubcheck_it_is_told_that_nobody_has_looked()
    {
        var report = await ChangedAsync(_ => { }, options => (options.Preflight, options.EpubcheckJar) = (PreflightDepth.Full, "/nowhere.jar"));

        report.Codes().ShouldContain("NotChecked epubcheck");
        report.IsComplete.ShouldBeTrue();
    }

    private static async Task<PreflightReport> ChangedAsync(Action<Archive> change, Action<PreflightOptions>? configure = null, Action<CheckedFile>? seen = null)
    {
        await using var workshop = new Renderers.Workshop();
        var book = await workshop.Render(ExportFormat.Epub, Checker.Order);
        var file = new CheckedFile(ExportFormat.Epub, Archive.Change(book.Content, change), Checker.Order, null);
        seen?.Invoke(file);
        return await Checker.OfAsync(file, configure);
    }
}
