using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Tests.Exports;

public sealed class FormSettingsSpecs
{
    public static TheoryData<string, string, string> Good => FormSamples.Good;

    public static TheoryData<string, string> Bad => FormSamples.Bad;

    [Theory]
    [MemberData(nameof(Good))]
    public void A_value_asks_for_its_setting_and_nothing_else(string variable, string value, string settings)
    {
        var reading = Read((variable, value));

        reading.Errors.ShouldBeEmpty();
        Json.Write(reading.Settings).ShouldBe(Json.Write(Json.Read<ExportSettings>(settings)));
        SettingRules.Faults(reading.Settings).ShouldBeEmpty();
    }

    [Fact]
    public void Every_variable_has_a_sample() => FormSettings.Variables.ShouldBeSubsetOf(FormSamples.Good.Select(sample => (string)sample[0]));

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_value_that_cannot_be_read_is_told_by_its_variable(string variable, string value)
    {
        var reading = Read((variable, value));

        reading.Errors.Keys.ShouldBe([variable]);
        reading.Errors[variable][0].ShouldStartWith($"'{value}' cannot be used here. ");
        Json.Write(reading.Settings).ShouldBe("{}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("default")]
    [InlineData("Auto")]
    public void A_value_that_says_nothing_asks_for_nothing(string value)
    {
        foreach (var variable in FormSettings.Variables.Except(["dedication", "epigraph", "foreword", "preface", "acknowledgements", "acknowledgments", "author_bio"]))
        {
            Json.Write(Read((variable, value)).Settings).ShouldBe("{}", variable);
        }
    }

    [Fact]
    public void Typefaces_stand_before_the_pair_and_the_page_size_before_a_custom_one()
    {
        Json.Write(Read(("body_font_family", "Lora"), ("typography_combo", "all_sans")).Settings).ShouldBe("""{"bodyFont":"Lora","headingFont":"Inter"}""");
        Read(("page_size", "A5"), ("custom_size", "7x10")).Settings.PageSize.ShouldBe("A5");
        Read(("book_size", "custom"), ("custom_size", "7x10")).Settings.PageSize.ShouldBe("177.8x254");
        Read(("page_size", "A5"), ("book_size", "A4")).Settings.PageSize.ShouldBe("A5");
        Read(("page_size", ""), ("book_size", "A4")).Settings.PageSize.ShouldBe("A4");
    }

    [Fact]
    public void A_box_that_is_not_ticked_asks_for_no_section() => Json.Write(Read(("foreword", "false"), ("include_about_author", "true")).Settings).ShouldBe("{}");

    [Fact]
    public void Whoever_reads_the_form_is_told_every_fault_at_once()
    {
        var reading = BriefReader.Read(Json.Read<Dictionary<string, System.Text.Json.JsonElement>>("""{"page_size": "A99", "body_font_size": 40, "chapter_count": "many"}"""));

        reading.Brief.ShouldBeNull();
        reading.Errors.Keys.ShouldBe(["book_title", "page_size", "body_font_size", "chapter_count"], ignoreOrder: true);
    }

    [Fact]
    public void What_the_files_look_like_is_no_matter_of_those_who_write()
    {
        var brief = BriefReader.Read(Json.Read<Dictionary<string, System.Text.Json.JsonElement>>("""{"title": "T", "genre": "fantasy", "page_size": "A5", "color_scheme": "dark", "dedication": "For Mira."}""")).Brief!;

        brief.ForWriting().Values.Keys.ShouldBe(["genre", "title"], ignoreOrder: true);
    }

    private static FormSettingsReading Read(params (string Name, string Value)[] values) => FormSettings.Read(values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
}
