using System.Globalization;

namespace Lekhika.Core.Exports;

/// <summary>A trim size by its name, in millimetres.</summary>
public sealed record PageSize(string Name, double WidthMillimetres, double HeightMillimetres)
{
    /// <summary>Shortest and longest edge of a page of any size, in millimetres.</summary>
    public static (double Least, double Most) Edges { get; } = (90, 330);

    /// <summary>The sizes that have a name.</summary>
    public static IReadOnlyList<PageSize> Named { get; } =
    [
        new("5x8", 127, 203.2), new("5.25x8", 133.35, 203.2), new("5.5x8.5", 139.7, 215.9), new("6x9", 152.4, 228.6),
        new("A5", 148, 210), new("B5", 176, 250), new("A4", 210, 297), new("Letter", 215.9, 279.4),
        new("8x10", 203.2, 254), new("8.5x8.5", 215.9, 215.9),
    ];

    /// <summary>A named size (in any case; "square" is 8.5x8.5), or width and height in millimetres such as <c>150x220</c>; null when it is neither.</summary>
    public static PageSize? Find(string words)
    {
        var name = words.Trim();
        if (name.Equals("square", StringComparison.OrdinalIgnoreCase))
        {
            name = "8.5x8.5";
        }

        return Named.FirstOrDefault(size => size.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? OfMillimetres(name);
    }

    private static PageSize? OfMillimetres(string words) =>
        words.Split('x', 'X') is [var first, var second] && Edge(first) is { } width && Edge(second) is { } height ? new($"{first}x{second}", width, height) : null;

    private static double? Edge(string words) =>
        double.TryParse(words, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var edge) && edge >= Edges.Least && edge <= Edges.Most ? edge : null;
}
