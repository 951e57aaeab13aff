using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Preflight.Stores;

namespace Lekhika.Exporter.Preflight.Programs;

/// <summary>What printers look at: whether text runs off the page or into the binding, and how fine the pictures are, as they stand on the finished pages. By poppler.</summary>
internal sealed partial class PdfPrintCheck(CheckProgram programs) : IFileCheck
{
    public bool Fits(ExportFormat format) => format == ExportFormat.Pdf;

    public async Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        using var folder = await CheckFolder.WithAsync(file, cancellationToken);
        var words = folder.Beside("words.xml");
        if (await programs.RunAsync("pdftotext", ["-bbox", folder.File, words], "whether text stays on its page", findings, cancellationToken) is { } answer)
        {
            if (answer.ExitCode == 0)
            {
                Margins(file, words, findings);
            }
            else
            {
                findings.NotChecked("pdftotext", "pdftotext could not read where words stand.");
            }
        }

        if (file.Order.Manuscript.Images.Count > 0 && await programs.RunAsync("pdfimages", ["-list", folder.File], "how fine pictures are", findings, cancellationToken) is { ExitCode: 0 } pictures)
        {
            Pictures(pictures.Output, findings);
        }
    }

    private static void Margins(CheckedFile file, string words, Findings findings)
    {
        const double pointsPerMillimetre = 72 / 25.4;
        var size = file.Order.Design.PageSize;
        var margins = new PageMargin(size.WidthMillimetres * pointsPerMillimetre, size.HeightMillimetres * pointsPerMillimetre);
        try
        {
            using var reader = XmlReader.Create(words, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "page")
                {
                    margins.Page(Number(reader, "width"), Number(reader, "height"));
                }
                else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "word")
                {
                    margins.Word(Number(reader, "xMin"), Number(reader, "yMin"), Number(reader, "xMax"), Number(reader, "yMax"));
                }
            }
        }
        catch (XmlException)
        {
            findings.NotChecked("pdftotext", "Where words stand could not be read to the end.");
            return;
        }

        if (margins.OffPage is [var first, ..])
        {
            findings.Error("text_off_page", $"Text runs off {(margins.OffPage.Count == 1 ? "the page" : $"{margins.OffPage.Count} pages")}.", $"page {first}");
        }

        PrintRules.Check(file, margins, findings);
    }

    private static void Pictures(string list, Findings findings)
    {
        // page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio
        var coarse = Picture().Matches(list)
            .Select(match => (Page: match.Groups["page"].Value, Dots: Math.Min(int.Parse(match.Groups["x"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["y"].ValueSpan, CultureInfo.InvariantCulture))))
            .Where(picture => picture.Dots < PrintRules.DotsPerInch - 1)
            .ToList();
        if (coarse.Count > 0)
        {
            var worst = coarse.MinBy(picture => picture.Dots);
            findings.Warning(
                "picture_coarse", $"{coarse.Count} pictures have fewer than {PrintRules.DotsPerInch} dots an inch on their page, the coarsest {worst.Dots}; printers ask for {PrintRules.DotsPerInch} ({PrintRules.Source}).", $"page {worst.Page}");
        }
    }

    private static double Number(XmlReader reader, string attribute) =>
        double.TryParse(reader.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^\s*(?<page>\d+)\s+\d+\s+image\s.*\s(?<x>\d+)\s+(?<y>\d+)\s+\S+\s+\S+\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Picture();
}
