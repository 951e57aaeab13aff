using System.Globalization;
using Lekhika.Core.Exports;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>The document's styles, by Word's built-in names where there is one, so that an editor's tools find them.</summary>
internal static class DocxStyles
{
    private const string Serif = "Garamond";
    private const string Mono = "Courier New";

    /// <summary>All styles, sized from the body's type.</summary>
    public static W.Styles Of(BookDesign design, string language)
    {
        var size = design.BodyFontSize;
        var em = (int)(size * 20);
        return new W.Styles(
        [
            Defaults(size, language),
            new W.Style
            {
                Type = W.StyleValues.Paragraph, StyleId = "Normal", Default = true, StyleName = new() { Val = "Normal" }, PrimaryStyle = new(),
            },
            Paragraph("BodyText", "Body Text", new() { Justification = new() { Val = W.JustificationValues.Both } }),
            Paragraph("BodyTextFirstIndent", "Body Text First Indent", new() { Indentation = new() { FirstLine = Twips(1.3 * em) } }, basedOn: "BodyText"),
            Paragraph("Title", "Title", Centred(before: 9 * em, after: em), size * 2.6),
            Paragraph("Subtitle", "Subtitle", Centred(after: 2 * em), size * 1.3, italic: true),
            Paragraph("Author", "Author", Centred(before: 4 * em), size * 1.2),
            Paragraph("Imprint", "Imprint", new() { SpacingBetweenLines = new() { After = Twips(0.5 * em) } }, size * 0.82),
            Paragraph("TOCHeading", "TOC Heading", Opening(Centred(before: 2 * em, after: 2 * em)), size * 1.5),
            Paragraph("TOC1", "toc 1", Contents(design, em)),
            Heading(1, Opening(Centred(before: 5 * em, after: 2.6 * em)), size * 2),
            Heading(2, Kept(before: 1.6 * em, after: 0.6 * em), size * 1.25),
            .. Enumerable.Range(3, 4).Select(level => Heading(level, Kept(before: 1.3 * em, after: 0.4 * em), size * 1.08, italic: true)),
            Paragraph("SceneBreak", "Scene Break", Centred(before: em, after: em, keepNext: true)),
            Paragraph("Quote", "Quote", new()
            {
                SpacingBetweenLines = new() { Before = Twips(0.5 * em), After = Twips(0.5 * em) },
                Indentation = new() { Left = Twips(1.6 * em), Right = Twips(1.6 * em) },
                Justification = new() { Val = W.JustificationValues.Both },
            }, size * 0.95),
            Paragraph("ListBullet", "List Bullet", new()),
            Paragraph("ListNumber", "List Number", new()),
            Paragraph("ListContinue", "List Continue", new()),
            Paragraph("Code", "Code", new()
            {
                SuppressAutoHyphens = new(),
                SpacingBetweenLines = new() { Before = Twips(0.6 * em), After = Twips(0.6 * em), Line = "240", LineRule = W.LineSpacingRuleValues.Auto },
                Indentation = new() { Left = Twips(em) },
            }, size * 0.8, font: Mono),
            Paragraph("TableText", "Table Text", new(), size * 0.92),
            Paragraph("Footer", "footer", new() { Justification = new() { Val = W.JustificationValues.Center } }, size * 0.92),
            new W.Style
            {
                Type = W.StyleValues.Character, StyleId = "InlineCode", StyleName = new() { Val = "Inline Code" }, CustomStyle = true,
                StyleRunProperties = Run(size * 0.85, false, Mono),
            },
            new W.Style
            {
                Type = W.StyleValues.Character, StyleId = "Hyperlink", StyleName = new() { Val = "Hyperlink" },
                StyleRunProperties = new() { Underline = new() { Val = W.UnderlineValues.Single } },
            },
        ]);
    }

    /// <summary>A length of fractional twips as Word writes it.</summary>
    public static string Twips(double twips) => ((int)twips).ToString(CultureInfo.InvariantCulture);

    private static W.DocDefaults Defaults(double size, string language)
    {
        var run = new W.RunPropertiesBaseStyle
        {
            RunFonts = new() { Ascii = Serif, HighAnsi = Serif, EastAsia = Serif, ComplexScript = Serif },
            FontSize = new() { Val = HalfPoints(size) },
            FontSizeComplexScript = new() { Val = HalfPoints(size) },
            Languages = new() { Val = language },
        };
        return new W.DocDefaults(
            new W.RunPropertiesDefault(run),
            new W.ParagraphPropertiesDefault(new W.ParagraphPropertiesBaseStyle
            {
                WidowControl = new(),
                SpacingBetweenLines = new() { Before = "0", After = "0", Line = "288", LineRule = W.LineSpacingRuleValues.Auto },
            }));
    }

    private static W.Style Heading(int level, W.StyleParagraphProperties properties, double size, bool italic = false)
    {
        properties.OutlineLevel = new() { Val = level - 1 };
        return Paragraph($"Heading{level}", $"heading {level}", properties, size, italic, next: "BodyText");
    }

    private static W.Style Paragraph(
        string id, string name, W.StyleParagraphProperties properties, double? size = null, bool italic = false, string? font = null, string basedOn = "Normal", string? next = null) => new()
        {
            Type = W.StyleValues.Paragraph,
            StyleId = id,
            CustomStyle = id is "Author" or "Imprint" or "SceneBreak" or "Code" or "TableText" ? true : null,
            StyleName = new() { Val = name },
            BasedOn = new() { Val = basedOn },
            NextParagraphStyle = next is null ? null : new() { Val = next },
            PrimaryStyle = new(),
            StyleParagraphProperties = properties,
            StyleRunProperties = Run(size, italic, font),
        };

    private static W.StyleRunProperties Run(double? size, bool italic, string? font) => new()
    {
        RunFonts = font is null ? null : new() { Ascii = font, HighAnsi = font, ComplexScript = font },
        Italic = italic ? new() : null,
        ItalicComplexScript = italic ? new() : null,
        FontSize = size is null ? null : new() { Val = HalfPoints(size.Value) },
        FontSizeComplexScript = size is null ? null : new() { Val = HalfPoints(size.Value) },
    };

    private static W.StyleParagraphProperties Centred(double before = 0, double after = 0, bool keepNext = false) => new()
    {
        KeepNext = keepNext ? new() : null,
        SuppressAutoHyphens = new(),
        SpacingBetweenLines = new() { Before = Twips(before), After = Twips(after) },
        Justification = new() { Val = W.JustificationValues.Center },
    };

    private static W.StyleParagraphProperties Kept(double before, double after) => new()
    {
        KeepNext = new(),
        SuppressAutoHyphens = new(),
        SpacingBetweenLines = new() { Before = Twips(before), After = Twips(after) },
    };

    /// <summary>On a new page, never parted from its text.</summary>
    private static W.StyleParagraphProperties Opening(W.StyleParagraphProperties properties)
    {
        properties.KeepNext = new();
        properties.PageBreakBefore = new();
        return properties;
    }

    private static W.StyleParagraphProperties Contents(BookDesign design, int em) => new()
    {
        Tabs = new(new W.TabStop { Val = W.TabStopValues.Right, Leader = W.TabStopLeaderCharValues.Dot, Position = DocxPage.Measure(design) }),
        SpacingBetweenLines = new() { After = Twips(0.4 * em) },
        Indentation = new() { Left = Twips(em), Right = Twips(2 * em), Hanging = Twips(em) },
    };

    private static string HalfPoints(double points) => Math.Max(2, (int)Math.Round(points * 2)).ToString(CultureInfo.InvariantCulture);
}
