using System.Globalization;
using System.Text.RegularExpressions;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight.Programs;

/// <summary>Whether a PDF opens, has its pages in their size, its fonts and its tags: by qpdf and poppler.</summary>
internal sealed partial class PdfStructureCheck(CheckProgram programs) : IFileCheck
{
    /// <summary>Half a millimetre in points: nobody cuts paper more exactly.</summary>
    private const double Tolerance = 1.5;

    private const double PointsPerMillimetre = 72 / 25.4;

    public bool Fits(ExportFormat format) => format == ExportFormat.Pdf || format == ExportFormat.Cover;

    public async Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        if (!file.Content.AsSpan().StartsWith("%PDF-"u8))
        {
            findings.Error("pdf_unreadable", "The file is no PDF.");
            return;
        }

        using var folder = await CheckFolder.WithAsync(file, cancellationToken);
        // 0: clean; 3: warnings, with which it opens; 2: errors (qpdf's manual, "Exit Status").
        if (await programs.RunAsync("qpdf", ["--check", folder.File], "the PDF's structure", findings, cancellationToken) is { ExitCode: not 0 } structure)
        {
            if (structure.ExitCode == 3)
            {
                findings.Warning("pdf_structure", $"qpdf opens the file with warnings: {LastLine(structure.Output)}");
            }
            else
            {
                findings.Error("pdf_structure", $"qpdf finds the file damaged: {LastLine(structure.Output)}");
            }
        }

        var last = Math.Max(file.Pages?.PageCount ?? 0, 1).ToString(CultureInfo.InvariantCulture);
        if (await programs.RunAsync("pdfinfo", ["-box", "-f", "1", "-l", last, folder.File], "pages, their size, and tags", findings, cancellationToken) is { } info)
        {
            Pages(file, info, findings);
        }

        if (await programs.RunAsync("pdffonts", [folder.File], "the fonts", findings, cancellationToken) is { } fonts)
        {
            Fonts(fonts, findings);
        }
    }

    private static void Pages(CheckedFile file, ProgramAnswer info, Findings findings)
    {
        if (info.ExitCode != 0)
        {
            findings.Error("pdf_unreadable", "pdfinfo cannot open the file.");
            return;
        }

        if (Encrypted().IsMatch(info.Output))
        {
            findings.Error("pdf_encrypted", "The file is locked; stores and printers refuse it.");
        }

        if (file.Format == ExportFormat.Cover)
        {
            // One sheet around the book: no pages, and nothing that is read aloud.
            return;
        }

        if (PageCount().Match(info.Output) is { Success: true } count && file.Pages is { } pages && int.Parse(count.ValueSpan, CultureInfo.InvariantCulture) != pages.PageCount)
        {
            findings.Error("pdf_pages", $"The file has {count.Value} pages, and {pages.PageCount} were set.");
        }

        if (!Tagged().IsMatch(info.Output))
        {
            findings.Warning("pdf_untagged", "The file is not tagged, so screen readers cannot tell its headings from its text.");
        }

        Boxes(file, info.Output, findings);
    }

    /// <summary>The trimmed page has the size that was asked for, and the sheet has room for the bleed.</summary>
    private static void Boxes(CheckedFile file, string output, Findings findings)
    {
        var (design, sheets) = (file.Order.Design, new Dictionary<string, (double Width, double Height)>(StringComparer.Ordinal));
        var (width, height) = (design.PageSize.WidthMillimetres * PointsPerMillimetre, design.PageSize.HeightMillimetres * PointsPerMillimetre);
        var bleed = 2 * design.Print.Bleed * PointsPerMillimetre;
        List<string> wrong = [], short_ = [];
        foreach (Match box in Box().Matches(output))
        {
            var page = box.Groups["page"].Value;
            var size = (Width: Number(box, "right") - Number(box, "left"), Height: Number(box, "top") - Number(box, "bottom"));
            if (box.Groups["kind"].Value == "Media")
            {
                sheets[page] = size;
            }
            else if (!IsNear(size, width, height))
            {
                wrong.Add(page);
            }
            else if (sheets.TryGetValue(page, out var sheet) && (sheet.Width < width + bleed - Tolerance || sheet.Height < height + bleed - Tolerance))
            {
                short_.Add(page);
            }
        }

        if (wrong.Count > 0)
        {
            findings.Error("pdf_page_size", $"{Some(wrong)} not {design.PageSize.Name} when trimmed, as was asked for.", $"page {wrong[0]}");
        }

        if (short_.Count > 0)
        {
            findings.Error("pdf_bleed", $"{Some(short_)} without room for a bleed of {design.Print.Bleed.ToString(CultureInfo.InvariantCulture)} mm.", $"page {short_[0]}");
        }
    }

    private static void Fonts(ProgramAnswer fonts, Findings findings)
    {
        if (fonts.ExitCode != 0)
        {
            findings.NotChecked("pdffonts", "pdffonts could not read the file's fonts.");
            return;
        }

        foreach (Match font in LooseFont().Matches(fonts.Output))
        {
            findings.Error("pdf_font_missing", $"The font {font.Groups["name"].Value} is not in the file, so each printer would take another.");
        }
    }

    private static string Some(List<string> pages) => pages.Count == 1 ? $"Page {pages[0]} is" : $"{pages.Count} pages are";

    private static bool IsNear((double Width, double Height) size, double width, double height) => Math.Abs(size.Width - width) <= Tolerance && Math.Abs(size.Height - height) <= Tolerance;

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string LastLine(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() is { } line
        ? line[(line.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0)..]
        : "it does not say why.";

    [GeneratedRegex(@"(?<=^Pages:\s+)\d+", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PageCount();

    [GeneratedRegex(@"^Tagged:\s+yes", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tagged();

    [GeneratedRegex(@"^Encrypted:\s+yes", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Encrypted();

    [GeneratedRegex(@"^Page\s+(?<page>\d+) (?<kind>Media|Trim)Box:\s+(?<left>[-\d.]+)\s+(?<bottom>[-\d.]+)\s+(?<right>[-\d.]+)\s+(?<top>[-\d.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Box();

    [GeneratedRegex(@"^(?<name>\S+) .*\bno\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LooseFont();
}
