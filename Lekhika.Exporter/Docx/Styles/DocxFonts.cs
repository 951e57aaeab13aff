using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Flow;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Styles;

/// <summary>
/// The document's typefaces: the design's own for Latin, Greek and Cyrillic letters, and for the others what Word brings along.
/// A typeface that is missing where the document is opened is replaced by its second name, or by one of its family.
/// </summary>
internal sealed record DocxFonts(BookFont Body, BookFont Heading, string EastAsia, string Complex, string ComplexSans)
{
    public const string Mono = "Courier New";

    public static DocxFonts Of(DocxContext context) => new(
        BookFont.Find(context.Design.BodyFont)!,
        BookFont.Find(context.Design.HeadingFont)!,
        OfEastAsia(context.Language),
        OfComplex(context.Language),
        context.Script == DocxScript.RightToLeft ? "Arial" : OfIndia(context.Language, "Nirmala UI"));

    /// <summary>A run's fonts for text in <paramref name="font"/>.</summary>
    public W.RunFonts Run(BookFont font) => new() { Ascii = font.Name, HighAnsi = font.Name, EastAsia = EastAsia, ComplexScript = font.IsSerif ? Complex : ComplexSans };

    /// <summary>The table of fonts, with a second name that most machines have.</summary>
    public W.Fonts Table()
    {
        string[] names = [Body.Name, Heading.Name];
        return new(names.Distinct(StringComparer.Ordinal).Select(name =>
        {
            var serif = BookFont.Find(name)!.IsSerif;
            return new W.Font(
                new W.AltName { Val = serif ? "Garamond" : "Calibri" },
                new W.FontFamily { Val = serif ? W.FontFamilyValues.Roman : W.FontFamilyValues.Swiss },
                new W.Pitch { Val = W.FontPitchValues.Variable })
            { Name = name };
        }));
    }

    private static string OfEastAsia(LanguageTag language) => language switch
    {
        { Primary: "ko" } => "Batang",
        { IsTraditionalChinese: true } => "PMingLiU",
        { Primary: "zh" } => "SimSun",
        _ => "MS Mincho",
    };

    private static string OfComplex(LanguageTag language) => OfIndia(language, language.Primary is "hi" or "mr" or "ne" or "sa" ? "Mangal" : "Nirmala UI");

    private static string OfIndia(LanguageTag language, string font) => DocxScripts.Of(language) != DocxScript.Complex
        ? "Times New Roman"
        : language.Primary switch
        {
            "th" or "lo" or "km" => "Leelawadee UI",
            "my" => "Myanmar Text",
            "bo" or "dz" => "Microsoft Himalaya",
            _ => font,
        };
}
