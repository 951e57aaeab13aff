using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>The exporter's checks over files of a test, with the machine's programs.</summary>
internal static class Checker
{
    public static readonly RenderOrder Order = Books.Order(Books.OfEveryKind());

    /// <summary>What is found in a file of the exporter's own.</summary>
    public static async Task<PreflightReport> OfRenderedAsync(ExportFormat format, RenderOrder? order = null, Func<byte[], byte[]>? change = null, Action<PreflightOptions>? configure = null)
    {
        await using var workshop = new Workshop();
        var book = await workshop.Render(format, order ?? Order);
        return await OfAsync(new CheckedFile(format, change?.Invoke(book.Content) ?? book.Content, order ?? Order, book.Pages), configure);
    }

    public static Task<PreflightReport> OfAsync(ExportFormat format, byte[] content, RenderOrder? order = null, PageMap? pages = null) => OfAsync(new CheckedFile(format, content, order ?? Order, pages));

    public static async Task<PreflightReport> OfAsync(CheckedFile file, Action<PreflightOptions>? configure = null)
    {
        await using var services = Services(configure);
        return await services.GetRequiredService<PreflightChecks>().CheckAsync(file, [], CancellationToken.None);
    }

    public static ServiceProvider Services(Action<PreflightOptions>? configure = null) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .Configure<PreflightOptions>(options =>
        {
            options.Preflight = PreflightDepth.Quick;
            configure?.Invoke(options);
        })
        .AddFileChecks()
        .BuildServiceProvider();

    /// <summary>Severity and code of each finding.</summary>
    public static IReadOnlyList<string> Codes(this PreflightReport report) => [.. report.Findings.Select(finding => $"{finding.Severity} {finding.Code}")];

    /// <summary>The codes of all errors; the report's messages are shown when they are not as expected.</summary>
    public static void ShouldHaveErrors(this PreflightReport report, params string[] codes) =>
        report.Findings.Where(finding => finding.Severity == PreflightSeverity.Error).Select(finding => finding.Code).Distinct().ShouldBe(codes, ignoreOrder: true, customMessage: string.Join("\n", report.Findings));

    public static Manuscript Long(int paragraphs) => Books.Of(("One", string.Join("\n\n", Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("The lamp was lit again.", 30)), paragraphs))));
}
