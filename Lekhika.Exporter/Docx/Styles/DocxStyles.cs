using System.Globalization;
using DocumentFormat.OpenXml;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Flow;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Styles;

/// <summary>The document's styles, by Word's built-in names where there is one, so that an editor's tools find them.</summary>
internal static class DocxStyles
{
    private const double Aside = 1.6;

    public static W.Styles Of(DocxContext context, DocxFonts fonts) => new(
    [
        Defaults(context, fonts),
        Normal(context),
        .. Text(context).Concat(Apart(context.Design)).Concat(Titles(context, fonts)).Select(style => (style with { Italic = style.Italic && !IsEastAsian(context) }).Paragraph()),
        .. DocxMarks.Of(context),
        .. DocxTableStyles.Of(context.Design),
    ]);

    /// <summary>A length of fractional twips as Word writes it.</summary>
    public static string Twips(double twips) => ((int)twips).ToString(CultureInfo.InvariantCulture);

    /// <summary>How far a style itself sets its paragraphs in, in twips.</summary>
    public static double Left(string style, BookDesign design) => style switch
    {
        "Quote" or "Letter" or "Epigraph" => Aside * Em(design),
        "Verse" or "VerseEnd" => 2 * Aside * Em(design),
        "Code" => Em(design),
        _ => 0,
    };

    /// <summary>The size of the text, in twips.</summary>
    public static int Em(BookDesign design) => (int)(design.BodyFontSize * 20);

    /// <summary>By how much the design makes headings larger or smaller.</summary>
    public static double Scale(BookDesign design) => design.HeadingScale switch { HeadingScale.Small => 0.8, HeadingScale.Large => 1.25, _ => 1 };

    private static W.DocDefaults Defaults(DocxContext context, DocxFonts fonts)
    {
        var (language, size) = (context.Book.Metadata.Language, DocxStyle.HalfPoints(context.Design.BodyFontSize));
        var run = new W.RunPropertiesBaseStyle
        {
            RunFonts = fonts.Run(fonts.Body),
            FontSize = new() { Val = size },
            FontSizeComplexScript = new() { Val = size },
            Languages = new() { Val = language, EastAsia = IsEastAsian(context) ? language : null, Bidi = context.Script == DocxScript.Simple ? null : language },
        };
        return new W.DocDefaults(
            new W.RunPropertiesDefault(run),
            new W.ParagraphPropertiesDefault(new W.ParagraphPropertiesBaseStyle
            {
                WidowControl = new(),
                SpacingBetweenLines = new() { Before = "0", After = "0", Line = Twips(context.Design.LineHeight * Em(context.Design)), LineRule = W.LineSpacingRuleValues.AtLeast },
            }));
    }

    private static W.Style Normal(DocxContext context) => new()
    {
        Type = W.StyleValues.Paragraph,
        StyleId = "Normal",
        Default = true,
        StyleName = new() { Val = "Normal" },
        PrimaryStyle = new(),
        StyleParagraphProperties = context.Language.IsRightToLeft ? new() { BiDi = new() } : null,
    };

    private static bool IsEastAsian(DocxContext context) => context.Language.Primary is "zh" or "yue" or "ja" or "ko";

    /// <summary>Prose, lists, notes, code, tables.</summary>
    private static IEnumerable<DocxStyle> Text(DocxContext context)
    {
        var (design, em) = (context.Design, Em(context.Design));
        var (size, space) = (design.BodyFontSize, design.ParagraphSpacing * 20);

        // East Asian prose sets every paragraph in, the first too: by a letter, in Chinese by two.
        var letters = IsEastAsian(context) && space == 0 ? context.Language.Primary is "zh" or "yue" ? 200 : 100 : (int?)null;
        yield return new("BodyText", "Body Text") { Alignment = design.Alignment, After = space, FirstLine = letters * size / 5, FirstLineLetters = letters };
        yield return new("BodyTextFirstIndent", "Body Text First Indent")
        {
            BasedOn = "BodyText",
            FirstLine = letters is null ? space > 0 ? 0 : 1.3 * em : letters * size / 5,
            FirstLineLetters = letters,
        };
        yield return new("ListBullet", "List Bullet") { After = space / 2 };
        yield return new("ListNumber", "List Number") { After = space / 2 };
        yield return new("ListContinue", "List Continue") { After = space / 2 };
        yield return new("FootnoteText", "footnote text") { Size = size * 0.84, Solid = true, Alignment = design.Alignment };
        yield return new("Code", "Code")
        {
            IsOurs = true,
            Size = size * 0.8,
            Solid = true,
            Hyphenated = false,
            Before = 0.6 * em,
            After = 0.6 * em,
            Left = Left("Code", design),
            Fonts = new() { Ascii = DocxFonts.Mono, HighAnsi = DocxFonts.Mono, ComplexScript = DocxFonts.Mono },
        };
        yield return new("TableText", "Table Text") { IsOurs = true, Size = size * 0.92, Solid = true };
        yield return new("TableHeading", "Table Heading") { IsOurs = true, BasedOn = "TableText", Italic = true };
        yield return new("TableSpace", "Table Space") { IsOurs = true, Size = size * 0.5, Solid = true };
        yield return new("BoxText", "Box Text") { IsOurs = true, After = Math.Max(space, 0.3 * em), Alignment = design.Alignment };
        yield return new("BoxTitle", "Box Title") { IsOurs = true, Bold = true, After = 0.3 * em, Colour = design.AccentColour };
        yield return new("Header", "header") { Size = size * 0.86, Solid = true, Alignment = TextAlignment.Centred };
        yield return new("Footer", "footer") { Size = size * 0.92, Solid = true, Alignment = TextAlignment.Centred };
    }

    /// <summary>What is set apart from prose.</summary>
    private static IEnumerable<DocxStyle> Apart(BookDesign design)
    {
        var (em, size) = (Em(design), design.BodyFontSize);
        yield return new("SceneBreak", "Scene Break") { IsOurs = true, Alignment = TextAlignment.Centred, Before = em, After = em, KeptWithNext = true, Hyphenated = false, Colour = design.AccentColour };
        yield return new("Quote", "Quote") { Size = size * 0.95, Before = 0.5 * em, After = 0.5 * em, Left = Left("Quote", design), Right = Aside * em, Alignment = design.Alignment };
        yield return new("Letter", "Letter") { IsOurs = true, Before = 0.4 * em, After = 0.4 * em, Left = Left("Letter", design), Right = Aside * em, Alignment = TextAlignment.Start };
        yield return new("Verse", "Verse")
        {
            IsOurs = true,
            KeptTogether = true,
            Hyphenated = false,
            Left = Left("Verse", design),
            Hanging = Aside * em,
            Alignment = TextAlignment.Start,
            Tabs = new(Enumerable.Range(0, 9).Select(step => new W.TabStop { Val = W.TabStopValues.Left, Position = (int)((Aside + (1.3 * step)) * em) })),
        };
        yield return new("VerseEnd", "Verse End") { IsOurs = true, BasedOn = "Verse", Next = "Verse", After = 0.8 * em };
        yield return new("Cover", "Cover") { IsOurs = true, Alignment = TextAlignment.Centred, Solid = true };
        yield return new("Figure", "Figure") { IsOurs = true, Alignment = TextAlignment.Centred, Before = em, After = 0.4 * em, KeptWithNext = true, Solid = true };
        yield return new("FigureText", "Figure Text") { IsOurs = true, Alignment = TextAlignment.Centred, Before = em, After = 0.4 * em, Italic = true };
        yield return new("Caption", "caption") { Alignment = TextAlignment.Centred, After = em, Size = size * 0.88, Solid = true };
    }

    /// <summary>Titles and headings, and what stands with them.</summary>
    private static IEnumerable<DocxStyle> Titles(DocxContext context, DocxFonts fonts)
    {
        var design = context.Design;
        var (em, size) = (Em(design), design.BodyFontSize);
        var large = size * Scale(design);
        var sink = design.ChapterOpening == ChapterOpening.Continuous ? 2.5 * em : 5 * em;
        DocxStyle Title(string id, string name, double points) => new(id, name)
        {
            Size = points,
            Fonts = fonts.Run(fonts.Heading),
            Colour = design.AccentColour,
            Solid = true,
            KeptWithNext = true,
            KeptTogether = true,
            Hyphenated = false,
        };
        DocxStyle Centred(string id, string name, double points, double before = 0, double after = 0) => Title(id, name, points) with { Alignment = TextAlignment.Centred, Before = before, After = after };
        DocxStyle Quiet(string id, string name, double before = 0, double after = 0) => new(id, name)
        {
            IsOurs = true,
            Alignment = TextAlignment.Centred,
            Before = before,
            After = after,
            Hyphenated = false,
        };

        yield return Centred("Title", "Title", large * 2.6, 9 * em, em);
        yield return Centred("Subtitle", "Subtitle", large * 1.3, after: 2 * em) with { Italic = true };
        yield return Centred("HalfTitle", "Half Title", large * 1.5, 12 * em) with { IsOurs = true };
        yield return Quiet("Author", "Author", before: 4 * em) with { Size = size * 1.2 };
        yield return Quiet("Publisher", "Publisher", before: 6 * em) with { Size = size * 0.92 };
        yield return new("Imprint", "Imprint") { IsOurs = true, Size = size * 0.82, After = 0.5 * em, Solid = true };
        yield return Quiet("Dedication", "Dedication", before: 6 * em, after: em) with { Italic = true };
        yield return Centred("TOCHeading", "TOC Heading", large * 1.5, 2 * em, 2 * em);
        yield return Centred("ColophonTitle", "Colophon Title", large * 1.5, 2 * em, 2 * em) with { IsOurs = true, Next = "Colophon" };
        yield return new("Colophon", "Colophon") { IsOurs = true, After = 0.5 * em, Alignment = TextAlignment.Start, Hyphenated = false };
        yield return new("TOC1", "toc 1")
        {
            Tabs = new(new W.TabStop { Val = W.TabStopValues.Right, Leader = W.TabStopLeaderCharValues.Dot, Position = DocxPage.Measure(design) }),
            After = 0.4 * em,
            Left = em,
            Hanging = em,
            Hyphenated = false,
        };
        yield return Centred("PartTitle", "Part Title", large * 2.2, 10 * em, em) with { IsOurs = true, Outline = 1 };
        yield return Centred("Heading1", "heading 1", large * 2, sink, 2.6 * em) with { Outline = 1, Next = "BodyText" };
        yield return Quiet("ChapterSubtitle", "Chapter Subtitle", after: 1.6 * em) with { Size = size * 1.15, Italic = true, KeptWithNext = true };
        yield return Quiet("ChapterByline", "Chapter Byline", after: 1.6 * em) with { KeptWithNext = true };
        yield return new("Epigraph", "Epigraph") { IsOurs = true, Size = size * 0.95, Italic = true, Left = Left("Epigraph", design), Right = Aside * em, After = em, Alignment = TextAlignment.Start };
        yield return Title("Heading2", "heading 2", large * 1.25) with { Outline = 2, Next = "BodyText", Before = 1.6 * em, After = 0.6 * em };
        foreach (var level in Enumerable.Range(3, 4))
        {
            yield return Title($"Heading{level}", $"heading {level}", large * 1.08) with { Outline = level, Next = "BodyText", Before = 1.3 * em, After = 0.4 * em, Italic = true };
        }
    }
}
