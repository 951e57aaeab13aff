using System.Globalization;
using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Html;

/// <summary>
/// The page's style: what the design says as variables and rules, then reader.css. It has none of the characters that XML escapes,
/// as HTML reads a style's text raw.
/// </summary>
internal static class HtmlStyle
{
    private const double UsualSize = 10.5;

    private static readonly string Reader = EmbeddedText.Read("Html.reader.css");

    private static readonly Palette Classic = new("#1d1b19", "#625b54", "#fdfcfa", "#d9d2c7", "#7a3b1d");
    private static readonly Palette Sepia = new("#3b2f24", "#6d5a47", "#f6eedd", "#d8c7a8", "#7d3f16");
    private static readonly Palette Night = new("#ddd6cb", "#a39a8e", "#191816", "#3a3732", "#e0a27c");
    private static readonly Palette Ember = new("#d9c8ad", "#a6937a", "#211b14", "#40362a", "#dba06f");

    public static string Of(BookMetadata metadata, BookDesign design, BookWording wording)
    {
        var (light, dark) = design.Colours switch { ColourScheme.Sepia => (Sepia, Ember), ColourScheme.Dark => (Night, Night), _ => (Classic, Night) };
        var style = new StringBuilder();
        style.Append(CultureInfo.InvariantCulture, $$"""
            :root {
              --body-font: {{Fonts(design.BodyFont)}}; --heading-font: {{Fonts(design.HeadingFont)}};
              --body-size: {{design.BodyFontSize}}pt; --scale: {{design.BodyFontSize / UsualSize:0.###}}; --leading: {{design.LineHeight}};
              --heading-scale: {{(design.HeadingScale switch { HeadingScale.Small => 0.8, HeadingScale.Large => 1.25, _ => 1 })}};
              --align: {{(design.Alignment switch { TextAlignment.Justified => "justify", TextAlignment.Centred => "center", _ => "start" })}};
              --align-narrow: {{(design.Alignment == TextAlignment.Centred ? "center" : "start")}};
              --hyphens: {{(design.Hyphenate ? "auto" : "manual")}};
              --indent: {{(design.ParagraphSpacing == 0 && design.Alignment != TextAlignment.Centred ? "1.4em" : "0")}}; --gap: {{design.ParagraphSpacing / design.BodyFontSize:0.###}}em;
              --open: {{(design.ChapterOpening switch { ChapterOpening.Recto => "recto", ChapterOpening.NextPage => "page", _ => "auto" })}};
              color-scheme: {{(design.Colours == ColourScheme.Dark ? "dark" : "light dark")}};
              --print-accent: {{design.AccentColour ?? Classic.Accent}}; --print-title: {{design.AccentColour ?? "#000"}};
              {{light.Variables}}
            }

            """);
        if (design.AccentColour is { } accent)
        {
            style.Append(design.Colours == ColourScheme.Dark ? "" : $":root {{ --accent: {accent}; --title: {accent} }}\n");
        }

        var softened = design.AccentColour is { } colour ? $"--accent: color-mix(in oklab, {colour} 50%, white); --title: var(--accent);" : "";
        style.Append(design.Colours == ColourScheme.Dark
            ? $":root {{ {softened} }}\n"
            : $"@media (prefers-color-scheme: dark) {{ :root {{ {dark.Variables} {softened} }} }}\n");
        style.Append(Reader);
        style.Append(design.DropCaps ? "p.drop::first-letter { float: left; font: 3.35em/.8 var(--heading-font); margin: .06em .08em 0 0; color: var(--title); }\n" : "");
        style.Append(design.SmallCapsLeadIn ? "p.lead::first-line { font-variant-caps: small-caps; letter-spacing: .03em; }\n" : "");
        style.Append(CultureInfo.InvariantCulture, $"hr.scene::before {{ content: {Text(design.SceneOrnament)}; }}\n");
        Page(style, metadata, design, wording);
        return style.ToString();
    }

    private static void Page(StringBuilder style, BookMetadata metadata, BookDesign design, BookWording wording)
    {
        var margin = design.PageMargins switch { PageMargins.Narrow => 12.7, PageMargins.Wide => 26, _ => 18 };
        var head = design.RunningHeads ? $"@top-center {{ content: {Text(metadata.Title)}; font: italic 8pt var(--body-font); }} " : "";
        var folio = design.Folios ? "@bottom-center { content: counter(page); font: 9pt var(--body-font); } " : "";
        var direction = wording.IsRightToLeft ? "body { direction: rtl; }\n" : "";
        style.Append(CultureInfo.InvariantCulture, $$"""
            @page { size: {{design.PageSize.WidthMillimetres}}mm {{design.PageSize.HeightMillimetres}}mm; margin: {{margin}}mm; {{head}}{{folio}}}
            @page :first { @top-center { content: none } @bottom-center { content: none } }
            {{direction}}
            """);
    }

    /// <summary>The reader's own copy of the typeface, else one like it; nothing is fetched.</summary>
    private static string Fonts(string name) => BookFont.Find(name) is { IsSerif: false }
        ? $"\"{name}\", system-ui, \"Segoe UI\", Roboto, \"Helvetica Neue\", \"Noto Sans\", sans-serif"
        : $"\"{name}\", \"Iowan Old Style\", \"Palatino Linotype\", Palatino, Georgia, \"Noto Serif\", serif";

    /// <summary>A text as a string of CSS: every character of ASCII but letters, digits and spaces as its number, so that no text ends the string or the style.</summary>
    private static string Text(string text) =>
        $"\"{string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii && !Rune.IsLetterOrDigit(rune) && rune.Value != ' ' ? $"\\{rune.Value:x} " : rune.ToString()))}\"";

    private sealed record Palette(string Ink, string Quiet, string Paper, string Rule, string Accent)
    {
        public string Variables => $"--ink: {Ink}; --quiet: {Quiet}; --paper: {Paper}; --rule: {Rule}; --accent: {Accent}; --title: {Ink};";
    }
}
