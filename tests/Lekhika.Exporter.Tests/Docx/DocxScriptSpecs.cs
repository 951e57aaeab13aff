using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Flow;
using Lekhika.Exporter.Tests.Renderers;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

/// <summary>Scripts other than Latin: what Word needs to be told of them.</summary>
public sealed class DocxScriptSpecs
{
    [Theory]
    [InlineData("plain, “quoted” — text", nameof(DocxScript.Simple), "Simple:plain, “quoted” — text")]
    [InlineData("see (שלום), please", nameof(DocxScript.Simple), "Simple:see (|RightToLeft:שלום|Simple:), please")]
    [InlineData("كلمة Orlo (1986) كلمة", nameof(DocxScript.RightToLeft), "RightToLeft:كلمة |Simple:Orlo|RightToLeft: (1986) كلمة")]
    [InlineData("Orlo كلمة", nameof(DocxScript.RightToLeft), "Simple:Orlo|RightToLeft: كلمة")]
    [InlineData("शब्द, १९८६ Orlo।", nameof(DocxScript.Complex), "Complex:शब्द, १९८६ |Simple:Orlo|Complex:।")]
    [InlineData("a हिन्दी b", nameof(DocxScript.Simple), "Simple:a |Complex:हिन्दी|Simple: b")]
    [InlineData("हि كل", nameof(DocxScript.Simple), "Complex:हि|Simple: |RightToLeft:كل")]
    [InlineData("日本語とkana。", nameof(DocxScript.Simple), "Simple:日本語とkana。")]
    [InlineData("", nameof(DocxScript.RightToLeft), "")]
    public void A_text_is_parted_where_its_script_changes(string text, string around, string runs) =>
        string.Join('|', DocxScripts.Runs(text, Enum.Parse<DocxScript>(around)).Where(run => run.Text.Length > 0).Select(run => $"{run.Script}:{run.Text}")).ShouldBe(runs);

    [Theory]
    [InlineData("ar")]
    [InlineData("he")]
    [InlineData("fa-Arab")]
    public async Task A_book_from_right_to_left_is_so_in_paragraphs_runs_sections_and_tables(string language)
    {
        using var file = await DocxFile.Of(In(language, "كلمة Orlo", new Table([ColumnAlignment.Start], [[new Core.Manuscripts.Text("كلمة")]], [])));

        file.Errors.ShouldBeEmpty();
        file.Style("Normal").StyleParagraphProperties!.BiDi.ShouldNotBeNull();
        file.Sections.ShouldAllBe(section => section.GetFirstChild<W.BiDi>() != null);
        file.Body.Descendants<W.Table>().ShouldAllBe(table => table.GetFirstChild<W.TableProperties>()!.BiDiVisual != null);
        file.Styled("BodyText").First().Elements<W.Run>().Select(run => run.RunProperties?.RightToLeftText is not null).ShouldBe([true, false]);
        var defaults = file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!;
        defaults.Descendants<W.Languages>().Single().Bidi!.Value.ShouldBe(language);
        defaults.Descendants<W.RunFonts>().Single().ComplexScript!.Value.ShouldBe("Times New Roman");
    }

    [Fact]
    public async Task Hindi_is_set_in_complex_runs_with_their_own_font_size_and_weight()
    {
        using var file = await DocxFile.Of(In("hi", "शब्द"));

        file.Errors.ShouldBeEmpty();
        file.Styled("BodyText").First().Elements<W.Run>().Single().RunProperties!.ComplexScript.ShouldNotBeNull();
        file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!.Descendants<W.RunFonts>().Single().ComplexScript!.Value.ShouldBe("Mangal");
        file.Style("Strong").Descendants<W.BoldComplexScript>().ShouldHaveSingleItem();
        file.Style("Heading1").Descendants<W.FontSizeComplexScript>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("ja", "MS Mincho", 100)]
    [InlineData("zh-Hant", "PMingLiU", 200)]
    [InlineData("zh", "SimSun", 200)]
    [InlineData("ko", "Batang", 100)]
    public async Task East_asian_prose_has_its_font_indents_every_paragraph_and_is_emphasised_by_dots(string language, string font, int indent)
    {
        using var file = await DocxFile.Of(In(language, "言葉"));

        file.Errors.ShouldBeEmpty();
        file.Main.StyleDefinitionsPart!.Styles!.DocDefaults!.Descendants<W.RunFonts>().Single().EastAsia!.Value.ShouldBe(font);
        file.Main.StyleDefinitionsPart.Styles.DocDefaults.Descendants<W.Languages>().Single().EastAsia!.Value.ShouldBe(language);
        file.Style("BodyText").Descendants<W.Indentation>().Single().FirstLineChars!.Value.ShouldBe(indent);
        file.Main.StyleDefinitionsPart.Styles.Descendants<W.Italic>().ShouldBeEmpty();
        file.Style("Emphasis").Descendants<W.Emphasis>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Words_of_another_language_say_which()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var runs = file.Body.Descendants<W.Run>().Where(run => run.RunProperties?.Languages is not null).ToList();
        runs.Select(run => $"{run.InnerText} {run.RunProperties!.Languages!.Val?.Value}{run.RunProperties.Languages.Bidi?.Value}").ShouldBe(["le mot juste fr", "שלום עולם he"]);
        runs[1].RunProperties!.RightToLeftText.ShouldNotBeNull();
    }

    private static Manuscript In(string language, string text, params Block[] more) => WholeBook.Of() with
    {
        Metadata = Books.Metadata with { Language = language },
        FrontMatter = [],
        Chapters = [new(1, text, [new Paragraph([new Core.Manuscripts.Text(text)]), .. more], 1)],
    };
}
