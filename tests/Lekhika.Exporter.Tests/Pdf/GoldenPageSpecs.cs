using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>
/// Pages as they were when somebody looked at them and found them good (<c>Pdf/Golden</c>). After a change of the design that is
/// meant: run with LEKHIKA_GOLDEN=update, look at the pictures that changed, and commit them.
/// </summary>
public sealed class GoldenPageSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const int DotsPerInch = 20;
    private const int Square = 4;
    private const double Tolerance = 34;

    private static readonly bool IsUpdate = Environment.GetEnvironmentVariable("LEKHIKA_GOLDEN") == "update";

    public static TheoryData<string> Themes => [.. Theme.All.Select(theme => theme.Id)];

    public static TheoryData<string> Languages => [.. Scripts.All.Select(script => script.Language)];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task Theme_looks_as_it_did(string theme)
    {
        var order = Books.Order(Sampler.Whole(), new ExportSettings { Theme = theme });
        var file = await workshop.Render(ExportFormat.Pdf, order);
        using var pdf = new PdfFile(file.Content);
        var opener = pdf.Pages().ToList().FindIndex(page => page.Contains("In which the clock stops", StringComparison.Ordinal)) + 1;

        file.Warnings.ShouldBeEmpty();
        Compare(pdf, (1, $"{theme}-cover"), (5, $"{theme}-title"), (opener, $"{theme}-opener"), (opener + 1, $"{theme}-inside"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Script_looks_as_it_did_and_lacks_no_glyph(string language)
    {
        var script = Scripts.All.Single(script => script.Language == language);
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(Sampler.Of(script.Language, script.Title, script.Text)));
        using var pdf = new PdfFile(file.Content);

        file.Warnings.ShouldBeEmpty();
        pdf.Fonts().ShouldAllBe(font => font.Contains("yes yes yes", StringComparison.Ordinal));
        Compare(pdf, (9, $"script-{language}"));
    }

    private static void Compare(PdfFile pdf, params (int Page, string Name)[] pages)
    {
        var changed = new List<string>();
        foreach (var (page, name) in pages)
        {
            var now = Pixels.PngOf(pdf, page, DotsPerInch, "-gray");
            var path = Path.Combine(Folder(), $"{name}.png");
            if (IsUpdate)
            {
                File.WriteAllBytes(path, now);
            }
            else if (Pixels.Read(now).Difference(Pixels.Read(File.ReadAllBytes(path)), Square) is > Tolerance and var difference)
            {
                changed.Add($"{name} by {difference:F0}");
            }
        }

        changed.ShouldBeEmpty("Pages look otherwise than their golden pictures.");
    }

    private static string Folder() => Directory.CreateDirectory(Path.Combine(Workshop.ExporterFolder, "..", "tests", "Lekhika.Exporter.Tests", "Pdf", "Golden")).FullName;
}
