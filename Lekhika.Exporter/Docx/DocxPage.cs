using DocumentFormat.OpenXml;
using Lekhika.Core.Exports;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>The page: size, mirrored margins and folio. Lengths in Word are twips, a twentieth of a point.</summary>
internal static class DocxPage
{
    public const string FooterId = "footer";
    private const double TwipsPerMillimetre = 1440 / 25.4;

    /// <summary>Width between the margins, in twips: 31 em at most, as in the PDF.</summary>
    public static int Measure(BookDesign design) =>
        (int)Math.Min((Size(design).WidthMillimetres - 36) * TwipsPerMillimetre, 31 * design.BodyFontSize * 20);

    /// <summary>A section: the front matter with roman folios and none on the title page, the text from page 1 on a right-hand page.</summary>
    public static W.SectionProperties Section(BookDesign design, bool front)
    {
        var size = Size(design);
        var (width, height) = ((int)(size.WidthMillimetres * TwipsPerMillimetre), (int)(size.HeightMillimetres * TwipsPerMillimetre));
        var rest = width - Measure(design);
        var section = new W.SectionProperties(
            new W.FooterReference { Type = W.HeaderFooterValues.Default, Id = FooterId },
            new W.SectionType { Val = front ? W.SectionMarkValues.NextPage : W.SectionMarkValues.OddPage },
            new W.PageSize { Width = (uint)width, Height = (uint)height },
            new W.PageMargin
            {
                Left = (uint)(rest * 0.53),
                Right = (uint)(rest * 0.47),
                Top = (int)(height * 0.1),
                Bottom = (int)(height * 0.115),
                Header = 0,
                Footer = (uint)(height * 0.05),
                Gutter = 0,
            },
            front ? new W.PageNumberType { Format = W.NumberFormatValues.LowerRoman } : new W.PageNumberType { Start = 1 });
        if (front)
        {
            section.Append(new W.TitlePage());
        }

        return section;
    }

    /// <summary>The page number in the middle of the foot.</summary>
    public static W.Footer Footer() => new(new W.Paragraph(
        new W.ParagraphProperties { ParagraphStyleId = new() { Val = "Footer" } },
        new W.SimpleField(new W.Run(new W.Text("1"))) { Instruction = " PAGE " }));

    private static PageSize Size(BookDesign design) =>
        design.PageSize;
}
