namespace Lekhika.Core.Exports;

/// <summary>The typographic settings of a book: one model for form, engine and renderers. Defaults give a trade paperback.</summary>
public sealed record ExportSettings
{
    /// <summary>The page sizes that can be asked for.</summary>
    public static IReadOnlyList<PageSize> PageSizes { get; } =
    [
        new("5.5x8.5", 139.7, 215.9), new("6x9", 152.4, 228.6), new("5x8", 127, 203.2),
        new("A5", 148, 210), new("A4", 210, 297), new("Letter", 215.9, 279.4),
    ];

    /// <summary>The trim size of the printed page: the name of one of <see cref="PageSizes"/>.</summary>
    public string PageSize { get; init; } = "5.5x8.5";

    /// <summary>Body type in points, 8 to 16.</summary>
    public double BodyFontSize { get; init; } = 10.5;

    /// <summary>Whether a contents page is set after the title page.</summary>
    public bool IncludeContents { get; init; } = true;
}

/// <summary>A trim size by its name, in millimetres.</summary>
public sealed record PageSize(string Name, double WidthMillimetres, double HeightMillimetres);
