namespace Lekhika.Core.Exports;

/// <summary>A typeface that books can be set in (all under the SIL Open Font License).</summary>
/// <param name="Name">As clients name it.</param>
/// <param name="IsSerif">Whether it has serifs: what stands in for it where it lacks letters is of its kind.</param>
public sealed record BookFont(string Name, bool IsSerif)
{
    /// <summary>Every typeface, in the order in which they are shown.</summary>
    public static IReadOnlyList<BookFont> All { get; } =
    [
        new("EB Garamond", true), new("Crimson Pro", true), new("Source Serif 4", true), new("Lora", true), new("Merriweather", true),
        new("Cormorant Garamond", true), new("Playfair Display", true),
        new("Inter", false), new("Source Sans 3", false), new("Open Sans", false), new("Lato", false), new("Nunito", false), new("Montserrat", false),
    ];

    /// <summary>The typeface of that name, in any case; null when there is none.</summary>
    public static BookFont? Find(string name) => All.FirstOrDefault(font => font.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
}
