using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Styles;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

/// <summary>Each setting beside another value of the same: what it changes.</summary>
public sealed class DocxSettingSpecs
{
    [Fact]
    public async Task Page_size_is_that_of_every_section()
    {
        using var file = await With(new() { PageSize = "A5" });

        file.Sections.Select(section => section.GetFirstChild<W.PageSize>()!).ShouldAllBe(size => size.Width! == 8390u && size.Height! == 11905u);
    }

    [Fact]
    public async Task Margins_are_mirrored_and_grow_from_narrow_to_wide()
    {
        var widths = new List<long>();
        foreach (var margins in new[] { PageMargins.Narrow, PageMargins.Normal, PageMargins.Wide })
        {
            using var file = await With(new() { PageMargins = margins });
            file.Settings.GetFirstChild<W.MirrorMargins>().ShouldNotBeNull();
            var page = file.Sections[^1].GetFirstChild<W.PageMargin>()!;
            page.Left!.Value.ShouldBeGreaterThan(page.Right!.Value);
            widths.Add(page.Left.Value + page.Right.Value);
        }

        widths.ShouldBe(widths.Order());
        widths.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Fonts_are_those_of_text_and_titles_and_have_a_second_name()
    {
        using var file = await With(new() { BodyFont = "Lora", HeadingFont = "Lato" });

        file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!.Descendants<W.RunFonts>().Single().Ascii!.Value.ShouldBe("Lora");
        file.Inherited<W.RunFonts>("Heading1")!.Ascii!.Value.ShouldBe("Lato");
        file.Main.FontTablePart!.Fonts.Elements<W.Font>().Select(font => $"{font.Name} {font.GetFirstChild<W.AltName>()!.Val}").ShouldBe(["Lora Garamond", "Lato Calibri"]);
    }

    [Fact]
    public async Task Size_of_the_type_is_that_of_all_scripts()
    {
        using var file = await With(new() { BodyFontSize = 13 });

        var defaults = file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!;
        defaults.Descendants<W.FontSize>().Single().Val!.Value.ShouldBe("26");
        defaults.Descendants<W.FontSizeComplexScript>().Single().Val!.Value.ShouldBe("26");
    }

    [Theory]
    [InlineData(HeadingScale.Small, "34")]
    [InlineData(HeadingScale.Normal, "42")]
    [InlineData(HeadingScale.Large, "52")]
    public async Task Headings_are_scaled(HeadingScale scale, string halfPoints)
    {
        using var file = await With(new() { HeadingScale = scale });

        file.Inherited<W.FontSize>("Heading1")!.Val!.Value.ShouldBe(halfPoints);
    }

    [Theory]
    [InlineData(1.5, "300")]
    [InlineData(2, "400")]
    public async Task Lines_are_as_far_apart_as_asked(double height, string twips)
    {
        using var file = await With(new() { LineHeight = height, BodyFontSize = 10 });

        file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!.Descendants<W.SpacingBetweenLines>().Single().Line!.Value.ShouldBe(twips);
    }

    [Theory]
    [InlineData(0, null, "273")]
    [InlineData(6, "120", "0")]
    public async Task Paragraphs_are_told_apart_by_space_or_by_indent(double space, string? after, string indent)
    {
        using var file = await With(new() { ParagraphSpacing = space });

        file.Inherited<W.SpacingBetweenLines>("BodyTextFirstIndent")?.After?.Value.ShouldBe(after);
        file.Inherited<W.Indentation>("BodyTextFirstIndent")!.FirstLine!.Value.ShouldBe(indent);
    }

    [Theory]
    [InlineData(TextAlignment.Justified, "both")]
    [InlineData(TextAlignment.Start, "left")]
    [InlineData(TextAlignment.Centred, "center")]
    public async Task Text_is_aligned(TextAlignment alignment, string value)
    {
        using var file = await With(new() { Alignment = alignment });

        file.Inherited<W.Justification>("BodyText")!.Val!.InnerText.ShouldBe(value);
    }

    [Fact]
    public async Task Titles_and_ornaments_have_the_accents_colour()
    {
        using var file = await With(new() { AccentColour = "#1a365d" });
        using var plain = await With(new());

        foreach (var style in new[] { "Title", "Heading1", "Heading3", "PartTitle", "SceneBreak", "TOCHeading" })
        {
            file.Inherited<W.Color>(style)!.Val!.Value.ShouldBe("1A365D");
            plain.Inherited<W.Color>(style).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("❦", "❦")]
    [InlineData("\" & <", "\" & <")]
    [InlineData("", "")]
    public async Task Ornament_stands_between_scenes(string ornament, string shown)
    {
        using var file = await With(new() { SceneOrnament = ornament });

        file.Styled("SceneBreak").Single().InnerText.ShouldBe(shown);
    }

    [Theory]
    [InlineData(ChapterOpening.Recto, "oddPage", "oddPage")]
    [InlineData(ChapterOpening.NextPage, "nextPage", "nextPage")]
    [InlineData(ChapterOpening.Continuous, "nextPage", "continuous")]
    public async Task Chapters_open_where_asked(ChapterOpening opening, string first, string second)
    {
        using var file = await DocxFile.Of(Books.OfEveryKind(), new() { ChapterOpening = opening });

        file.Sections.Select(section => section.GetFirstChild<W.SectionType>()!.Val!.InnerText).SkipLast(1).TakeLast(2).ShouldBe([first, second]);
        file.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ChapterLabel.Full, "Chapter 1", "Chapter 1 Every Kind")]
    [InlineData(ChapterLabel.Number, "1", "1 Every Kind")]
    [InlineData(ChapterLabel.None, null, "Every Kind")]
    public async Task Chapters_carry_the_label_that_is_asked(ChapterLabel label, string? shown, string inContents)
    {
        using var file = await DocxFile.Of(Books.OfEveryKind(), new() { ChapterLabel = label });

        var heading = file.Styled("Heading1").First();
        heading.Elements<W.Run>().Where(run => run.RunProperties?.RunStyle?.Val == "ChapterLabel").Select(run => run.InnerText).FirstOrDefault().ShouldBe(shown);
        DocxFile.Text(file.Styled("TOC1").First()).ShouldBe(inContents);
    }

    [Fact]
    public async Task Running_heads_are_set_or_not()
    {
        using var file = await With(new() { RunningHeads = true });
        using var without = await With(new() { RunningHeads = false });

        file.Settings.GetFirstChild<W.EvenAndOddHeaders>().ShouldNotBeNull();
        without.Settings.GetFirstChild<W.EvenAndOddHeaders>().ShouldBeNull();
        without.Main.HeaderParts.ShouldBeEmpty();
        without.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_are_numbered_or_not()
    {
        using var without = await With(new() { Folios = false });

        without.Main.FooterParts.ShouldBeEmpty();
        without.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Contents_are_there_or_not()
    {
        using var without = await With(new() { IncludeContents = false });

        without.Styled("TOC1").ShouldBeEmpty();
        without.Settings.GetFirstChild<W.UpdateFieldsOnOpen>().ShouldBeNull();
    }

    [Fact]
    public async Task Title_page_is_there_or_not()
    {
        using var file = await With(new() { IncludeTitlePage = true });
        using var without = await With(new() { IncludeTitlePage = false });

        file.Styled("HalfTitle").Concat(file.Styled("Title")).Select(paragraph => paragraph.InnerText).ShouldBe(["The Clockmaker’s Daughter", "The Clockmaker’s Daughter"]);
        without.Styled("HalfTitle").Concat(without.Styled("Title")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cover_is_there_or_not()
    {
        using var file = await With(new() { IncludeCover = true });
        using var without = await With(new() { IncludeCover = false });

        file.Styled("Cover").Single().Descendants<W.Drawing>().ShouldHaveSingleItem();
        without.Styled("Cover").ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_are_divided_or_not()
    {
        using var file = await With(new() { Hyphenate = true });
        using var without = await With(new() { Hyphenate = false });

        file.Settings.GetFirstChild<W.AutoHyphenation>().ShouldNotBeNull();
        without.Settings.GetFirstChild<W.AutoHyphenation>().ShouldBeNull();
    }

    [Fact]
    public async Task Every_theme_gives_a_valid_document()
    {
        foreach (var theme in Theme.All)
        {
            using var file = await With(new() { Theme = theme.Id });

            file.Errors.ShouldBeEmpty(theme.Id);
            file.Inherited<W.RunFonts>("Heading1")!.Ascii!.Value.ShouldBe(theme.Design.HeadingFont);
        }
    }

    private static Task<DocxFile> With(ExportSettings settings) => DocxFile.Of(WholeBook.Of(), settings);
}
