using System.Globalization;

namespace Lekhika.Core.Exports.Forms;

/// <summary>Measures of forms: figures with or without a unit.</summary>
internal static class FormMeasures
{
    private const double MillimetresPerInch = 25.4;
    private const double PointsPerInch = 72;

    /// <summary>No page is smaller than this in millimetres or larger in inches: without a unit the figures tell.</summary>
    private const double MostInches = 14;

    /// <summary>The unit's length in inches; a pixel is CSS's.</summary>
    private static readonly (string Unit, double Inches)[] Units =
        [("inches", 1), ("inch", 1), ("in", 1), ("\"", 1), ("mm", 1 / MillimetresPerInch), ("cm", 10 / MillimetresPerInch), ("pt", 1 / PointsPerInch), ("px", 1 / 96.0)];

    /// <summary>A page size as <see cref="PageSize.Find"/> knows it; null when it is none.</summary>
    public static string? PageSize(string text)
    {
        var words = text.Trim().ToLowerInvariant().Replace('×', 'x').Replace('_', ' ');
        words = words.StartsWith("us ", StringComparison.Ordinal) ? words[3..] : words;
        words = words.Replace(" ", "", StringComparison.Ordinal);
        if (Exports.PageSize.Find(words) is { } known)
        {
            return known.Name;
        }

        if (words.Split('x') is not [var first, var second])
        {
            return null;
        }

        var (width, unit) = Split(first);
        var (height, other) = Split(second);
        if (width is null || height is null)
        {
            return null;
        }

        var inches = (other ?? unit) is { } named ? named : width < MostInches && height < MostInches ? 1 : 1 / MillimetresPerInch;
        var size = string.Create(CultureInfo.InvariantCulture, $"{Millimetres(width.Value, inches):0.##}x{Millimetres(height.Value, inches):0.##}");
        return Exports.PageSize.Named.FirstOrDefault(named => Near(named.WidthMillimetres, width.Value, inches) && Near(named.HeightMillimetres, height.Value, inches))?.Name
            ?? Exports.PageSize.Find(size)?.Name;
    }

    /// <summary>Margins by their word, or by how wide they are: below 0.7 in narrow, above 1.1 in wide.</summary>
    public static PageMargins? Margins(string text) =>
        FormWords.Choice(text, ("standard", PageMargins.Normal), ("medium", PageMargins.Normal)) is { } word ? word
        : Split(text.Trim().ToLowerInvariant()) is ({ } figure, { } inches) && figure * inches is > 0 and <= 3 and var wide
            ? wide < 0.7 ? PageMargins.Narrow : wide > 1.1 ? PageMargins.Wide : PageMargins.Normal
            : null;

    /// <summary>A size in points; without a unit it is in points.</summary>
    public static double? Points(string text) => Split(text.Trim().ToLowerInvariant()) is ({ } figure, var inches) ? Math.Round(figure * (inches ?? (1 / PointsPerInch)) * PointsPerInch, 3) : null;

    /// <summary>From one line to the next, in sizes of the type.</summary>
    public static double? LineHeight(string text)
    {
        var words = text.Trim().ToLowerInvariant();
        return words.EndsWith('%') ? Figure(words[..^1]) / 100 : Figure(words.EndsWith("em", StringComparison.Ordinal) ? words[..^2] : words);
    }

    private static bool Near(double millimetres, double figure, double inches) => Math.Abs(millimetres - Millimetres(figure, inches)) < 0.3;

    private static double Millimetres(double figure, double inches) => figure * inches * MillimetresPerInch;

    private static (double? Figure, double? Inches) Split(string text)
    {
        foreach (var (unit, inches) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return (Figure(text[..^unit.Length]), inches);
            }
        }

        return (Figure(text), null);
    }

    private static double? Figure(string text) => double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var figure) ? figure : null;
}
