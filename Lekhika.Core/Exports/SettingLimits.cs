namespace Lekhika.Core.Exports;

/// <summary>From where to where a figure goes, both ends included.</summary>
public sealed record SettingRange(double Least, double Most)
{
    /// <summary>Whether a figure is within; null is: nothing is asked.</summary>
    public bool Has(double? figure) => figure is null || (figure >= Least && figure <= Most);
}

/// <summary>How much settings may ask for; units as in <see cref="ExportSettings"/>.</summary>
public static class SettingLimits
{
    public static SettingRange BodyFontSize { get; } = new(8, 16);

    public static SettingRange LineHeight { get; } = new(1, 2.5);

    public static SettingRange ParagraphSpacing { get; } = new(0, 24);

    public static SettingRange Bleed { get; } = new(0, 10);

    /// <summary>Characters a line; 0 besides leaves paragraphs in one line.</summary>
    public static SettingRange TextWidth { get; } = new(40, 120);

    /// <summary>Shortest and longest edge of a page, in millimetres.</summary>
    public static SettingRange PageEdge { get; } = new(PageSize.Edges.Least, PageSize.Edges.Most);

    /// <summary>Most characters of an ornament.</summary>
    public const int SceneOrnament = 12;

    /// <summary>Most characters of a title, a publisher and the like.</summary>
    public const int Line = 300;

    /// <summary>Most subjects.</summary>
    public const int Subjects = 20;

    /// <summary>Most sections before the chapters, and behind them.</summary>
    public const int Sections = 40;

    /// <summary>Most characters of a section.</summary>
    public const int SectionText = 100_000;

    /// <summary>Most parts.</summary>
    public const int Parts = 50;
}
