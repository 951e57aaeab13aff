using System.Globalization;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight.Stores;

/// <summary>
/// What the largest printer on demand takes: Amazon KDP, "Paperback Submission Guidelines" (help topic G201857950) and "Set Trim Size, Bleed, and Margins" (GVBQ3CMEQW3W2VL6), as of 2026.
/// Warnings, all of them: not every book goes there.
/// </summary>
internal static class PrintRules
{
    public const string Source = "Amazon KDP, Paperback Submission Guidelines";
    public const int DotsPerInch = 300;

    private const double PointsPerInch = 72;
    private const double MillimetresPerInch = 25.4;
    private const int LeastPages = 24;
    private const int MostPages = 828;
    private const double Outside = 0.25;
    private const double OutsideWithBleed = 0.375;

    /// <summary>Pages up to which a book needs so many inches at the binding.</summary>
    private static readonly (int Pages, double Inches)[] Insides = [(150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (MostPages, 0.875)];

    private static readonly (double Width, double Height) Least = (4, 6);
    private static readonly (double Width, double Height) Most = (8.5, 11.69);

    public static void Check(CheckedFile file, PageMargin margins, Findings findings)
    {
        var design = file.Order.Design;
        if (file.Pages?.PageCount is { } pages)
        {
            if (pages is < LeastPages or > MostPages)
            {
                findings.Warning("print_page_count", $"The book has {pages} pages; a paperback has {LeastPages} to {MostPages} ({Source}).");
            }

            var needed = Insides.FirstOrDefault(inside => pages <= inside.Pages, Insides[^1]).Inches;
            if (margins.Inside is { } inside && inside < (needed * PointsPerInch) - 1)
            {
                findings.Warning("print_inside_margin", $"Text comes within {Inches(inside)} in of the binding; a book of {pages} pages needs {Text(needed)} in ({Source}).");
            }
        }

        var outside = design.Print.Bleed > 0 ? OutsideWithBleed : Outside;
        if (margins.Outside is { } outer && outer < (outside * PointsPerInch) - 1)
        {
            findings.Warning("print_outside_margin", $"Text comes within {Inches(outer)} in of the outer edge; {Text(outside)} in are needed ({Source}).");
        }

        var (width, height) = (design.PageSize.WidthMillimetres / MillimetresPerInch, design.PageSize.HeightMillimetres / MillimetresPerInch);
        if (width < Least.Width - 0.01 || height < Least.Height - 0.01 || width > Most.Width + 0.01 || height > Most.Height + 0.01)
        {
            findings.Warning("print_trim_size", $"{design.PageSize.Name} is {Text(width)} by {Text(height)} in; a paperback is {Text(Least.Width)} by {Text(Least.Height)} to {Text(Most.Width)} by {Text(Most.Height)} in ({Source}).");
        }

        if (design.Print.CropMarks)
        {
            findings.Warning("print_crop_marks", $"The file has crop marks, with which stores refuse it; print shops want them ({Source}).");
        }
    }

    private static string Inches(double points) => Text(points / PointsPerInch);

    private static string Text(double inches) => Math.Round(inches, 3).ToString(CultureInfo.InvariantCulture);
}
