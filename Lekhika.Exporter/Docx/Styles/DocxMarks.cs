using Lekhika.Exporter.Docx.Flow;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Styles;

/// <summary>Character styles: what marks a word within its paragraph.</summary>
internal static class DocxMarks
{
    public static IEnumerable<W.Style> Of(DocxContext context)
    {
        var size = context.Design.BodyFontSize;
        var mono = new W.RunFonts { Ascii = DocxFonts.Mono, HighAnsi = DocxFonts.Mono, ComplexScript = DocxFonts.Mono };
        yield return Emphasis(context);
        yield return new DocxStyle("Strong", "Strong") { Bold = true }.Character();
        yield return new DocxStyle("SmallCaps", "Small Caps") { IsOurs = true, SmallCaps = true }.Character();
        yield return Raised(new DocxStyle("Superscript", "Superscript") { IsOurs = true });
        yield return Raised(new DocxStyle("FootnoteReference", "footnote reference"));
        yield return new DocxStyle("InlineCode", "Inline Code") { IsOurs = true, Size = size * 0.85, Fonts = mono }.Character();
        yield return new DocxStyle("ChapterLabel", "Chapter Label") { IsOurs = true, Size = size * 1.2, SmallCaps = true }.Character();
        yield return new DocxStyle("ChapterTitle", "Chapter Title") { IsOurs = true }.Character();
        var link = new DocxStyle("Hyperlink", "Hyperlink").Character();
        link.StyleRunProperties!.Underline = new() { Val = W.UnderlineValues.Single };
        yield return link;
    }

    /// <summary>East Asian letters have no italics: dots stand over (in Chinese under) what is emphasised.</summary>
    private static W.Style Emphasis(DocxContext context)
    {
        var dotted = context.Language.Primary is "zh" or "yue" or "ja" or "ko";
        var style = new DocxStyle("Emphasis", "Emphasis") { Italic = !dotted }.Character();
        style.StyleRunProperties!.Emphasis = dotted ? new() { Val = context.Language.Primary is "zh" or "yue" ? W.EmphasisMarkValues.UnderDot : W.EmphasisMarkValues.Dot } : null;
        return style;
    }

    private static W.Style Raised(DocxStyle style)
    {
        var raised = style.Character();
        raised.StyleRunProperties!.VerticalTextAlignment = new() { Val = W.VerticalPositionValues.Superscript };
        return raised;
    }
}
