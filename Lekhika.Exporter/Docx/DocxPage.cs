using Lekhika.Core.Exports;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>The page: size and mirrored margins. Lengths in Word are twips, a twentieth of a point.</summary>
internal static class DocxPage
{
    private const double TwipsPerMillimetre = 1440 / 25.4;

    public static int Width(BookDesign design) => (int)(design.PageSize.WidthMillimetres * TwipsPerMillimetre);

    public static int Height(BookDesign design) => (int)(design.PageSize.HeightMillimetres * TwipsPerMillimetre);

    /// <summary>Width between the margins: in normal margins 31 em at most, as in the PDF; in wide ones 27, in narrow ones what a printer takes.</summary>
    public static int Measure(BookDesign design)
    {
        var (margins, letters) = design.PageMargins switch { PageMargins.Narrow => (25.4, double.MaxValue), PageMargins.Wide => (50.8, 27), _ => (36, 31.0) };
        return (int)Math.Min((design.PageSize.WidthMillimetres - margins) * TwipsPerMillimetre, letters * design.BodyFontSize * 20);
    }

    /// <summary>Height between the margins.</summary>
    public static int TextHeight(BookDesign design) => Height(design) - Top(design) - Bottom(design);

    public static W.PageSize Size(BookDesign design) => new() { Width = (uint)Width(design), Height = (uint)Height(design) };

    /// <summary>The gutter a little wider than it looks once bound.</summary>
    public static W.PageMargin Margins(BookDesign design)
    {
        var rest = Width(design) - Measure(design);
        return new()
        {
            Left = (uint)(rest * 0.53),
            Right = (uint)(rest * 0.47),
            Top = Top(design),
            Bottom = Bottom(design),
            Header = (uint)(Height(design) * 0.05),
            Footer = (uint)(Height(design) * 0.05),
            Gutter = 0,
        };
    }

    /// <summary>None: for a picture of the whole page.</summary>
    public static W.PageMargin NoMargins() => new() { Left = 0, Right = 0, Top = 0, Bottom = 0, Header = 0, Footer = 0, Gutter = 0 };

    private static int Top(BookDesign design) => (int)(Height(design) * (design.PageMargins == PageMargins.Narrow ? 0.08 : 0.1));

    private static int Bottom(BookDesign design) => (int)(Height(design) * (design.PageMargins == PageMargins.Narrow ? 0.09 : 0.115));
}
