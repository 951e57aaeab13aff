using AngleSharp.Dom;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

/// <summary>Each setting that a page without edges can have, beside another value of the same.</summary>
public sealed class EpubSettingSpecs
{
    public static TheoryData<ExportSettings, string> Rules => new()
    {
        { new() { BodyFont = "Lora" }, "font-family: \"Lora\", Georgia, serif" },
        { new() { BodyFont = "Inter" }, "font-family: \"Inter\", Helvetica, sans-serif" },
        { new() { HeadingFont = "Lato" }, "h1, h2, h3, h4, h5, h6, .cover-title { font-family: \"Lato\", Helvetica, sans-serif }" },
        { new() { BodyFontSize = 10.5 }, "html { font-size: 100% }" },
        { new() { BodyFontSize = 14 }, "html { font-size: 133.3% }" },
        { new() { LineHeight = 1.8 }, "line-height: 1.8;" },
        { new() { PageMargins = PageMargins.Narrow }, "body { margin: 0 2%;" },
        { new() { PageMargins = PageMargins.Wide }, "body { margin: 0 10%;" },
        { new() { ParagraphSpacing = 5, BodyFontSize = 10 }, "p { text-indent: 0; margin-bottom: 0.5em }" },
        { new() { Alignment = TextAlignment.Justified }, "p { text-align: justify;" },
        { new() { Alignment = TextAlignment.Start }, "p { text-align: left;" },
        { new() { Alignment = TextAlignment.Centred }, "p { text-align: center;" },
        { new() { Colours = ColourScheme.Sepia }, "background-color: #f6eeda" },
        { new() { Colours = ColourScheme.Dark }, "background-color: #17181a" },
        { new() { AccentColour = "#1a365d" }, "h1, h2, h3, h4, h5, h6, hr.scene, .box-title, .cover-title, .noteref { color: #1a365d }" },
        { new() { DropCaps = true }, "p.drop::first-letter {" },
        { new() { SmallCapsLeadIn = true }, "p.opening::first-line, hr.scene + p::first-line {" },
        { new() { SceneOrnament = "❦" }, "hr.scene::before { content: \"\\2766 \" }" },
        { new() { SceneOrnament = "" }, "hr.scene::before { content: \"\\a0 \" }" },
        { new() { SceneOrnament = "\"}x" }, "hr.scene::before { content: \"\\22 \\7d x\" }" },
        { new() { Hyphenate = true }, "hyphens: auto; -webkit-hyphens: auto }" },
        { new() { Hyphenate = false }, "hyphens: manual; -webkit-hyphens: manual }" },
        { new() { HeadingScale = HeadingScale.Small }, "h1 { font-size: 1.36em }" },
        { new() { HeadingScale = HeadingScale.Large }, "h1 { font-size: 2.13em }" },
        { new() { ChapterOpening = ChapterOpening.Continuous }, "h1 { margin-top: 2em }" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Style_sheet_has_what_is_asked_and_only_then(ExportSettings settings, string rule)
    {
        using var epub = await EpubFile.Of(Books.OfEveryKind(), settings);
        using var other = await EpubFile.Of(Books.OfEveryKind(), new ExportSettings
        {
            BodyFont = "Merriweather",
            HeadingFont = "Merriweather",
            BodyFontSize = 12,
            LineHeight = 1.1,
            PageMargins = settings.PageMargins == PageMargins.Narrow ? PageMargins.Normal : PageMargins.Narrow,
            ParagraphSpacing = 0,
            Alignment = settings.Alignment == TextAlignment.Start ? TextAlignment.Centred : TextAlignment.Start,
            Colours = ColourScheme.Classic,
            DropCaps = false,
            SmallCapsLeadIn = false,
            SceneOrnament = "#",
            Hyphenate = settings.Hyphenate == false,
            HeadingScale = HeadingScale.Normal,
            ChapterOpening = ChapterOpening.Recto,
        });

        epub.Style.ShouldContain(rule);
        other.Style.ShouldNotContain(rule);
    }

    [Theory]
    [InlineData(ChapterLabel.Full, "Chapter 1", "Chapter 1: Every Kind")]
    [InlineData(ChapterLabel.Number, "1", "1 Every Kind")]
    [InlineData(ChapterLabel.None, null, "Every Kind")]
    public async Task Chapters_carry_the_label_that_is_asked(ChapterLabel label, string? shown, string inContents)
    {
        using var epub = await EpubFile.Of(Books.OfEveryKind(), new() { ChapterLabel = label });

        epub.Page("chapter-1").QuerySelector("h1 .label")?.TextContent.ShouldBe(shown);
        epub.Page("chapter-1").QuerySelectorAll("h1 .label").Length.ShouldBe(shown is null ? 0 : 1);
        epub.Navigation.QuerySelector("#toc a")!.TextContent.ShouldBe(inContents);
    }

    [Fact]
    public async Task Contents_title_page_and_cover_are_there_or_not()
    {
        using var with = await EpubFile.Of(Books.OfEveryKind());
        using var without = await EpubFile.Of(Books.OfEveryKind(), new() { IncludeContents = false, IncludeTitlePage = false, IncludeCover = false });

        with.Spine.ShouldBe(["cover", "title-page", "imprint", "nav", "chapter-1", "chapter-2", "colophon"]);
        without.Spine.ShouldBe(["imprint", "chapter-1", "chapter-2", "colophon"]);
        without.Navigation.QuerySelectorAll("#landmarks a").Select(a => a.GetAttribute("epub:type")).ShouldBe(["bodymatter"]);
    }

    [Theory]
    [InlineData("He had been walking since before the light came, and the road behind him was longer by now than any that he could remember having walked in all the years that he had.", "flush opening drop")]
    [InlineData("“You can’t mean to go up there alone,” said the boy from the ferry, who had not spoken since the lamps were lit, and who had a way of being right about such things when it was late.", "flush opening")]
    [InlineData("Short.", "flush opening")]
    public async Task First_letters_are_dropped_where_the_sentence_allows(string text, string shown)
    {
        using var epub = await EpubFile.Of(Books.Of(("One", text)));

        epub.Page("chapter-1").QuerySelector("p")!.ClassName.ShouldBe(shown);
    }

    [Theory]
    [InlineData("hi", "font-family: serif }")]
    [InlineData("ja", "text-emphasis: filled dot")]
    [InlineData("zh", "text-indent: 2em")]
    public async Task Other_scripts_have_no_capitals_and_rules_of_their_own(string language, string rule)
    {
        using var epub = await EpubFile.Of(WholeBook.Of() with { Metadata = Books.Metadata with { Language = language } });

        epub.Style.ShouldContain(rule);
        epub.Style.ShouldNotContain("::first-letter");
        epub.Style.ShouldNotContain("p.opening");
        epub.Style.ShouldNotContain("Garamond");
    }
}
