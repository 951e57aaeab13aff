using System.Globalization;
using DocumentFormat.OpenXml;
using Lekhika.Core.Exports;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Styles;

/// <summary>One paragraph style in the making: what is not said is as in the style that it is based on. Lengths in twips, sizes in points.</summary>
/// <param name="Id">As paragraphs name it.</param>
/// <param name="Name">As an editor sees it; Word's own name where Word has such a style.</param>
internal sealed record DocxStyle(string Id, string Name)
{
    public string BasedOn { get; init; } = "Normal";
    public string? Next { get; init; }

    /// <summary>Whether Word has no style of that name.</summary>
    public bool IsOurs { get; init; }

    public double? Size { get; init; }
    public W.RunFonts? Fonts { get; init; }
    public bool Italic { get; init; }
    public bool Bold { get; init; }
    public bool SmallCaps { get; init; }

    /// <summary>As #rrggbb.</summary>
    public string? Colour { get; init; }

    public double Before { get; init; }
    public double After { get; init; }

    /// <summary>Lines as close as the typeface itself has them.</summary>
    public bool Solid { get; init; }

    public double Left { get; init; }
    public double Right { get; init; }
    public double? FirstLine { get; init; }

    /// <summary>The same in hundredths of a letter, where letters are square.</summary>
    public int? FirstLineLetters { get; init; }

    public double Hanging { get; init; }
    public TextAlignment? Alignment { get; init; }
    public bool KeptWithNext { get; init; }
    public bool KeptTogether { get; init; }
    public bool Hyphenated { get; init; } = true;

    /// <summary>The level in the navigation pane, from 1; null: text.</summary>
    public int? Outline { get; init; }

    public W.Tabs? Tabs { get; init; }

    public W.Style Paragraph() => new()
    {
        Type = W.StyleValues.Paragraph,
        StyleId = Id,
        CustomStyle = IsOurs ? true : null,
        StyleName = new() { Val = Name },
        BasedOn = new() { Val = BasedOn },
        NextParagraphStyle = Next is null ? null : new() { Val = Next },
        PrimaryStyle = new(),
        StyleParagraphProperties = ParagraphProperties(),
        StyleRunProperties = Run(),
    };

    public W.Style Character() => new()
    {
        Type = W.StyleValues.Character,
        StyleId = Id,
        CustomStyle = IsOurs ? true : null,
        StyleName = new() { Val = Name },
        PrimaryStyle = new(),
        StyleRunProperties = Run(),
    };

    public static W.JustificationValues Justification(TextAlignment alignment) => alignment switch
    {
        TextAlignment.Justified => W.JustificationValues.Both,
        TextAlignment.Centred => W.JustificationValues.Center,
        _ => W.JustificationValues.Left,
    };

    public static string HalfPoints(double points) => Math.Max(2, (int)Math.Round(points * 2)).ToString(CultureInfo.InvariantCulture);

    private W.StyleParagraphProperties ParagraphProperties() => new()
    {
        KeepNext = KeptWithNext ? new() : null,
        KeepLines = KeptTogether ? new() : null,
        Tabs = Tabs,
        SuppressAutoHyphens = Hyphenated ? null : new(),
        SpacingBetweenLines = Before > 0 || After > 0 || Solid ? Spacing() : null,
        Indentation = Left > 0 || Right > 0 || Hanging > 0 || FirstLine is not null ? Indentation() : null,
        Justification = Alignment is { } alignment ? new() { Val = Justification(alignment) } : null,
        OutlineLevel = Outline is { } level ? new() { Val = level - 1 } : null,
    };

    private W.SpacingBetweenLines Spacing() => new()
    {
        Before = DocxStyles.Twips(Before),
        After = DocxStyles.Twips(After),
        Line = Solid ? new("240") : null,
        LineRule = Solid ? new(W.LineSpacingRuleValues.Auto) : null,
    };

    private W.Indentation Indentation() => new()
    {
        Left = Length(Left),
        Right = Length(Right),
        Hanging = Length(Hanging),
        FirstLine = FirstLine is { } first ? new(DocxStyles.Twips(first)) : null,
        FirstLineChars = FirstLineLetters is { } letters ? new(letters) : null,
    };

    private static StringValue? Length(double twips) => twips > 0 ? new(DocxStyles.Twips(twips)) : null;

    private W.StyleRunProperties Run() => new()
    {
        RunFonts = Fonts,
        Bold = Bold ? new() : null,
        BoldComplexScript = Bold ? new() : null,
        Italic = Italic ? new() : null,
        ItalicComplexScript = Italic ? new() : null,
        SmallCaps = SmallCaps ? new() : null,
        Color = Colour is null ? null : new() { Val = Colour.TrimStart('#').ToUpperInvariant() },
        FontSize = Size is { } size ? new() { Val = HalfPoints(size) } : null,
        FontSizeComplexScript = Size is { } complex ? new() { Val = HalfPoints(complex) } : null,
    };
}
