using System.Globalization;
using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>
/// The style sheet: quiet rules that all books share (book.css), and behind them what the design asks for, as far as a page
/// without edges can have it. Sizes are relative: 10.5 points of a design are what the reader has chosen.
/// </summary>
internal static class EpubStyle
{
    private const double UsualSize = 10.5;
    private static readonly string Shared = EmbeddedText.Read("Epub.book.css");

    public static string Of(EpubBook book)
    {
        var (design, language) = (book.Design, new LanguageTag(book.Metadata.Language));
        var css = new StringBuilder(Shared);
        Fonts(css, book);
        Body(css, design, Stack(design.BodyFont, language, book.Typefaces.Body));
        Paragraphs(css, design, language);
        Titles(css, design, Stack(design.HeadingFont, language, book.Typefaces.Headings));
        return css.ToString();
    }

    private static void Fonts(StringBuilder css, EpubBook book)
    {
        foreach (var (file, font) in book.Fonts)
        {
            Rule(css, $"@font-face {{ font-family: {Quoted(font.Family)}; font-weight: {(font.IsBold ? "bold" : "normal")}; font-style: {(font.IsItalic ? "italic" : "normal")}; src: url({file.Path}) }}");
        }
    }

    private static void Body(StringBuilder css, BookDesign design, string stack)
    {
        var margin = design.PageMargins switch { PageMargins.Narrow => 2, PageMargins.Wide => 10, _ => 5 };
        Rule(css, $"html {{ font-size: {design.BodyFontSize / UsualSize * 100:0.#}% }}");
        Rule(css, $"body {{ margin: 0 {margin}%; line-height: {design.LineHeight:0.##}; font-family: {stack} }}");
        switch (design.Colours)
        {
            case ColourScheme.Sepia: Rule(css, $"html, body {{ color: #433422; background-color: #f6eeda }}"); break;
            case ColourScheme.Dark: Rule(css, $"html, body {{ color: #d8d4cc; background-color: #17181a }}"); break;
        }
    }

    private static void Paragraphs(StringBuilder css, BookDesign design, LanguageTag language)
    {
        var align = design.Alignment switch { TextAlignment.Justified => "justify", TextAlignment.Centred => "center", _ => language.IsRightToLeft ? "right" : "left" };
        var hyphens = design.Hyphenate ? "auto" : "manual";
        Rule(css, $"p {{ text-align: {align}; hyphens: {hyphens}; -webkit-hyphens: {hyphens} }}");
        if (design.ParagraphSpacing > 0)
        {
            Rule(css, $"p {{ text-indent: 0; margin-bottom: {design.ParagraphSpacing / design.BodyFontSize:0.##}em }}");
        }
        else if (language.Primary is "ja" or "ko" or "zh" or "yue")
        {
            // East Asian prose sets every paragraph in, the first too.
            Rule(css, $"section > p, section > p.flush, blockquote > p, .letter > p {{ text-indent: {(language.Primary is "zh" or "yue" ? 2 : 1)}em }}");
        }

        if (HasCapitals(language))
        {
            if (design.SmallCapsLeadIn)
            {
                Rule(css, $"p.opening::first-line, hr.scene + p::first-line {{ font-variant: small-caps; letter-spacing: 0.03em }}");
            }

            if (design.DropCaps)
            {
                Rule(css, $"p.drop::first-letter {{ float: left; font-size: 3.1em; line-height: 0.85; padding: 0.06em 0.07em 0 0; font-variant: normal }}");
            }
        }

        if (language.Primary is "ja" or "ko" or "zh" or "yue")
        {
            // Its letters have no italics: dots stand over (in Chinese under) what is emphasised.
            var dots = language.Primary is "zh" or "yue" ? "under right" : "over right";
            Rule(css, $"em, .subtitle, h3, h4, h5, h6, th, .dedication p {{ font-style: normal }}");
            Rule(css, $"em {{ text-emphasis: filled dot; -webkit-text-emphasis: filled dot; -epub-text-emphasis: filled dot; text-emphasis-position: {dots}; -webkit-text-emphasis-position: {dots} }}");
        }
    }

    private static void Titles(StringBuilder css, BookDesign design, string stack)
    {
        var scale = design.HeadingScale switch { HeadingScale.Small => 0.8, HeadingScale.Large => 1.25, _ => 1 };
        Rule(css, $"h1, h2, h3, h4, h5, h6, .cover-title {{ font-family: {stack} }}");
        Rule(css, $"h1 {{ font-size: {1.7 * scale:0.##}em }} h2 {{ font-size: {1.25 * scale:0.##}em }} h3, h4, h5, h6 {{ font-size: {1.05 * scale:0.##}em }} .cover-title {{ font-size: {2.4 * scale:0.##}em }}");
        if (design.AccentColour is { } accent)
        {
            Rule(css, $"h1, h2, h3, h4, h5, h6, hr.scene, .box-title, .cover-title, .noteref {{ color: {accent} }}");
            Rule(css, $".callout, .exercise, th, td {{ border-color: {accent} }}");
        }

        Rule(css, $"hr.scene::before {{ content: {Quoted(design.SceneOrnament.Trim() is { Length: > 0 } ornament ? ornament : "\u00A0")} }}");
        if (design.ChapterOpening == ChapterOpening.Continuous)
        {
            Rule(css, $"h1 {{ margin-top: 2em }}"); // A file begins a page in every reader; the title at least does not sink.
        }
    }

    /// <summary>A typeface's name, those that the book carries along, and what stands in for them; where the text is in letters that the design's lacks, those carried along and the reader's own.</summary>
    private static string Stack(string name, LanguageTag language, IReadOnlyList<string> carried)
    {
        var isSerif = BookFont.Find(name)?.IsSerif ?? true;
        string[] generic = HasCapitals(language) ? [isSerif ? "Georgia" : "Helvetica", isSerif ? "serif" : "sans-serif"] : [isSerif ? "serif" : "sans-serif"];
        IEnumerable<string> named = HasCapitals(language) ? carried.Where(family => family != name).Prepend(name) : carried;
        return string.Join(", ", [.. named.Select(Quoted), .. generic]);
    }

    /// <summary>Whether the language is written in Latin, Greek or Cyrillic letters, as far as is known.</summary>
    public static bool HasCapitals(LanguageTag language) => language switch
    {
        { Script: "Latn" or "Cyrl" or "Grek" } => true,
        { IsRightToLeft: true } => false,
        { Primary: "ja" or "ko" or "zh" or "yue" } => false,
        _ => Docx.Flow.DocxScripts.Of(language) == Docx.Flow.DocxScript.Simple,
    };

    /// <summary>A CSS string (CSS Syntax 3 §4.3.7): all but letters and figures as code points, so that nothing can end it.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value == ' ') ? quoted.Append((char)rune.Value) : quoted.Append(CultureInfo.InvariantCulture, $"\\{rune.Value:x} ");
        }

        return quoted.Append('"').ToString();
    }

    private static void Rule(StringBuilder css, FormattableString rule) => css.Append(rule.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
