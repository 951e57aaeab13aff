using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Pdf;

/// <summary>The design as JSON: every setting with a value, lengths in millimetres or points as their names say.</summary>
internal static class DesignData
{
    /// <summary>Writes <c>settings</c>.</summary>
    public static void Write(Utf8JsonWriter json, BookDesign design, Theme theme, Manuscript book)
    {
        var isPress = design.Print.Bleed > 0 || design.Print.CropMarks;
        json.WriteStartObject("settings");
        json.WriteString("theme", theme.Id);
        json.WriteNumber("width", design.PageSize.WidthMillimetres);
        json.WriteNumber("height", design.PageSize.HeightMillimetres);
        json.WriteString("margins", Key(design.PageMargins));
        json.WriteNumber("gutter", Gutter(Pages(design, book)));
        json.WriteString("bodyFont", design.BodyFont);
        json.WriteString("headingFont", design.HeadingFont);
        json.WriteBoolean("serif", BookFont.Find(design.BodyFont)?.IsSerif ?? true);
        json.WriteBoolean("headingSerif", BookFont.Find(design.HeadingFont)?.IsSerif ?? true);
        json.WriteNumber("size", design.BodyFontSize);
        json.WriteNumber("headingScale", design.HeadingScale switch { HeadingScale.Small => 0.8, HeadingScale.Large => 1.25, _ => 1 });
        json.WriteNumber("lineHeight", design.LineHeight);
        json.WriteNumber("paragraphSpacing", design.ParagraphSpacing);
        json.WriteString("alignment", Key(design.Alignment));
        json.WriteString("colours", isPress ? Key(ColourScheme.Classic) : Key(design.Colours));
        json.WriteString("accent", isPress && design.Print.Paper != Paper.Colour ? null : design.AccentColour);
        json.WriteString("coverAccent", design.AccentColour);
        json.WriteString("coverColours", Key(design.Colours));
        json.WriteString("ornament", design.SceneOrnament);
        json.WriteBoolean("hyphenate", design.Hyphenate);
        json.WriteString("opening", Key(design.ChapterOpening));
        json.WriteBoolean("heads", design.RunningHeads);
        json.WriteBoolean("folios", design.Folios);
        json.WriteBoolean("contents", design.IncludeContents);
        json.WriteBoolean("titlePage", design.IncludeTitlePage);
        json.WriteBoolean("cover", design.IncludeCover && !isPress);
        json.WriteNumber("bleed", design.Print.Bleed);
        json.WriteBoolean("marks", design.Print.CropMarks);
        json.WriteBoolean("archive", design.Print.Archive);
        json.WriteEndObject();
    }

    /// <summary>Millimetres that the binding takes from the inner margin, after Amazon KDP's least inside margins by page count.</summary>
    public static double Gutter(int pages) => pages switch { <= 150 => 0, <= 300 => 3.2, <= 500 => 6.4, <= 700 => 9.5, _ => 12.7 };

    /// <summary>About how many pages a book will have: its margins must be known before it is set. Where a book becomes thicker than its gutter allows, it is set again (typeset.mjs).</summary>
    private static int Pages(BookDesign design, Manuscript book)
    {
        const double PointsPerMillimetre = 72 / 25.4;
        var words = book.Words + book.FrontMatter.Concat(book.BackMatter).Sum(section => WordCount.Of(section.Blocks));
        var lines = design.PageSize.HeightMillimetres * 0.8 * PointsPerMillimetre / (design.BodyFontSize * design.LineHeight);
        var wordsPerLine = Math.Min((design.PageSize.WidthMillimetres - 36) * PointsPerMillimetre, 31 * design.BodyFontSize) / (design.BodyFontSize * 2.6);
        return (int)((words / (lines * wordsPerLine)) + (book.Chapters.Count * 1.2)) + 10;
    }

    private static string Key<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();
}
