using Lekhika.Core.Exports;

namespace Lekhika.Core.Tests.Exports;

public sealed class SettingLayersSpecs
{
    [Theory]
    [InlineData("""{}""", """{"pageSize":"A5","folios":false}""", """{"pageSize":"A5","folios":false}""")]
    [InlineData("""{"pageSize":"A4"}""", """{"pageSize":"A5","folios":false}""", """{"pageSize":"A4","folios":false}""")]
    [InlineData("""{"folios":true}""", """{"folios":false}""", """{"folios":true}""")]
    [InlineData("""{"print":{"bleed":3}}""", """{"print":{"bleed":0,"paper":"cream"}}""", """{"print":{"bleed":3}}""")]
    public void What_is_asked_stands_over_what_is_below(string asked, string below, string all) => Write(Read(asked).Over(Read(below))).ShouldBe(Write(Read(all)));

    [Fact]
    public void Nothing_of_either_is_lost()
    {
        var every = Read(Every);

        Write(every.Over(new())).ShouldBe(Write(every));
        Write(new ExportSettings().Over(every)).ShouldBe(Write(every));
    }

    [Fact]
    public void Sections_below_stay_where_none_of_their_kind_is_asked_for()
    {
        var asked = Read("""{"frontMatter":[{"kind":"preface","text":"asked"}],"backMatter":[{"kind":"glossary","text":"asked"}]}""");
        var below = Read("""{"frontMatter":[{"kind":"dedication","text":"form"},{"kind":"preface","text":"form"}],"backMatter":[{"kind":"aboutTheAuthor","text":"form"}]}""");

        Write(asked.Over(below)).ShouldBe(Write(Read("""
            {"frontMatter":[{"kind":"dedication","text":"form"},{"kind":"preface","text":"asked"}],"backMatter":[{"kind":"aboutTheAuthor","text":"form"},{"kind":"glossary","text":"asked"}]}
            """)));
    }

    [Theory]
    [InlineData("""{"pageSize":"A4","folios":false}""", """{}""", """{"pageSize":"A5"}""", """{"pageSize":"A5","folios":false}""")]
    [InlineData("""{"pageSize":"A4","folios":false}""", """{"pageSize":"A4"}""", """{}""", """{"folios":false}""")]
    [InlineData("""{"pageSize":"A4"}""", """{"pageSize":"A5"}""", """{"pageSize":"A5"}""", """{"pageSize":"A4"}""")]
    [InlineData(
        """{"backMatter":[{"kind":"glossary","text":"options"},{"kind":"aboutTheAuthor","text":"old"}]}""", """{"backMatter":[{"kind":"aboutTheAuthor","text":"old"}]}""",
        """{"backMatter":[{"kind":"aboutTheAuthor","text":"new"}]}""", """{"backMatter":[{"kind":"aboutTheAuthor","text":"new"},{"kind":"glossary","text":"options"}]}""")]
    [InlineData("""{"backMatter":[{"kind":"aboutTheAuthor","text":"old"}]}""", """{"backMatter":[{"kind":"aboutTheAuthor","text":"old"}]}""", """{}""", """{}""")]
    public void A_form_that_changes_changes_what_it_says_otherwise(string run, string before, string after, string changed) =>
        Write(Read(run).Changed(Read(before), Read(after))).ShouldBe(Write(Read(changed)));

    [Fact]
    public void Every_setting_stands_before_the_theme_s_in_the_design()
    {
        var asked = Read(Every);
        var design = typeof(BookDesign).GetProperties().ToDictionary(property => property.Name);
        foreach (var setting in typeof(ExportSettings).GetProperties().Where(property => design.ContainsKey(property.Name)))
        {
            setting.GetValue(asked).ShouldNotBeNull($"the sample below lacks {setting.Name}");
            var of = design[setting.Name].GetValue(BookDesign.Of(asked));
            Theme.All.ShouldContain(theme => !Equals(of, design[setting.Name].GetValue(theme.Design)), $"{setting.Name} has no effect on the design");
        }

        Theme.All.Select(theme => BookDesign.Of(asked with { Theme = theme.Id })).Distinct().Count().ShouldBe(1, "no theme shines through");
        design.Keys.ShouldBeSubsetOf(typeof(ExportSettings).GetProperties().Select(property => property.Name));
    }

    [Fact]
    public void Themes_are_ten_and_each_is_a_design_of_its_own()
    {
        Theme.All.Count.ShouldBe(10);
        Theme.All.Select(theme => theme.Id).Distinct().Count().ShouldBe(10);
        Theme.All.Select(theme => theme.Design).Distinct().Count().ShouldBe(10);
        Theme.All.ShouldAllBe(theme => BookFont.Find(theme.Design.BodyFont) != null && BookFont.Find(theme.Design.HeadingFont) != null);
        Theme.All.ShouldAllBe(theme => BookDesign.Of(new ExportSettings { Theme = theme.Id }) == theme.Design);
    }

    private const string Every = """
        {"theme":"kite","pageSize":"150x220","pageMargins":"wide","bodyFont":"Lora","headingFont":"Inter","bodyFontSize":12.5,"headingScale":"large","lineHeight":1.7,
         "paragraphSpacing":8,"alignment":"centred","colours":"sepia","accentColour":"#123456","dropCaps":true,"smallCapsLeadIn":true,"sceneOrnament":"~","hyphenate":true,
         "chapterOpening":"continuous","chapterLabel":"number","runningHeads":true,"folios":false,"includeContents":false,"includeTitlePage":false,"includeCover":false,
         "aboutAuthorPosition":"front","provenanceNote":false,"print":{"bleed":3,"cropMarks":true,"archive":true,"paper":"cream"},"textWidth":60,
         "edition":{"publisher":"Salt Press"},"frontMatter":[{"kind":"preface","text":"x"}],"backMatter":[{"kind":"index","text":"y"}],"parts":[{"firstChapter":1,"title":"Sea"}]}
        """;

    private static ExportSettings Read(string json) => Json.Read<ExportSettings>(json);

    private static string Write(ExportSettings settings) => Json.Write(settings);
}
