using System.Text.Json;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Exports;

public sealed class SettingRulesSpecs
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"theme": "Kite"}""")]
    [InlineData("""{"theme": "019aa5c0-4f6e-7c3a-9f0e-2f4a5b6c7d8e"}""")]
    [InlineData("""{"pageSize": "a5", "bodyFont": "lora", "headingFont": "INTER"}""")]
    [InlineData("""{"pageSize": "90x330"}""")]
    [InlineData("""{"bodyFontSize": 8, "lineHeight": 1, "paragraphSpacing": 0, "textWidth": 40, "print": {"bleed": 0}}""")]
    [InlineData("""{"bodyFontSize": 16, "lineHeight": 2.5, "paragraphSpacing": 24, "textWidth": 120, "print": {"bleed": 10, "paper": "cream"}}""")]
    [InlineData("""{"textWidth": 0, "sceneOrnament": ""}""")]
    [InlineData("""{"accentColour": "#00fFaA", "sceneOrnament": "❦ ❦ ❦ ❦ ❦ ❦"}""")]
    [InlineData("""{"edition": {"printIsbn": "978-0-306-40615-7", "ebookIsbn": "9780306406157", "subjects": ["Salt"]}}""")]
    [InlineData("""{"parts": [{"firstChapter": 1}, {"firstChapter": 2, "title": "Sea"}]}""")]
    [InlineData("""{"frontMatter": [{"kind": "dedication", "text": "M."}, {"kind": "dedication", "text": "P."}]}""")]
    public void Good_settings_have_no_fault(string settings) => Faults(settings).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"theme": "no-such"}""", "theme")]
    [InlineData("""{"theme": "{019aa5c0-4f6e-7c3a-9f0e-2f4a5b6c7d8e}"}""", "theme")]
    [InlineData("""{"pageSize": "89x330"}""", "pageSize")]
    [InlineData("""{"pageSize": "90x331"}""", "pageSize")]
    [InlineData("""{"pageSize": "1e2x200"}""", "pageSize")]
    [InlineData("""{"bodyFont": "Georgia"}""", "bodyFont")]
    [InlineData("""{"headingFont": ""}""", "headingFont")]
    [InlineData("""{"bodyFontSize": 7.999}""", "bodyFontSize")]
    [InlineData("""{"bodyFontSize": 16.001}""", "bodyFontSize")]
    [InlineData("""{"lineHeight": 0.999}""", "lineHeight")]
    [InlineData("""{"lineHeight": 2.501}""", "lineHeight")]
    [InlineData("""{"paragraphSpacing": -0.001}""", "paragraphSpacing")]
    [InlineData("""{"paragraphSpacing": 24.001}""", "paragraphSpacing")]
    [InlineData("""{"accentColour": "#12345"}""", "accentColour")]
    [InlineData("""{"accentColour": "#123456\n"}""", "accentColour")]
    [InlineData("""{"sceneOrnament": "1234567890123"}""", "sceneOrnament")]
    [InlineData("""{"sceneOrnament": "*\n*"}""", "sceneOrnament")]
    [InlineData("""{"sceneOrnament": "\uFFFF"}""", "sceneOrnament")]
    [InlineData("""{"textWidth": 39}""", "textWidth")]
    [InlineData("""{"textWidth": 121}""", "textWidth")]
    [InlineData("""{"textWidth": -1}""", "textWidth")]
    [InlineData("""{"pageMargins": 3}""", "pageMargins")]
    [InlineData("""{"headingScale": 9}""", "headingScale")]
    [InlineData("""{"alignment": -1}""", "alignment")]
    [InlineData("""{"colours": 3}""", "colours")]
    [InlineData("""{"chapterOpening": 3}""", "chapterOpening")]
    [InlineData("""{"chapterLabel": 3}""", "chapterLabel")]
    [InlineData("""{"aboutAuthorPosition": 3}""", "aboutAuthorPosition")]
    [InlineData("""{"print": {"bleed": 10.1}}""", "print.bleed")]
    [InlineData("""{"print": {"bleed": -1}}""", "print.bleed")]
    [InlineData("""{"print": {"paper": 3}}""", "print.paper")]
    [InlineData("""{"edition": {"printIsbn": "978-0-306-40615-8"}}""", "edition.printIsbn")]
    [InlineData("""{"edition": {"ebookIsbn": "0-306-40615-2"}}""", "edition.ebookIsbn")]
    [InlineData("""{"edition": {"publisher": "a\tb"}}""", "edition.publisher")]
    [InlineData("""{"edition": {"rights": "a\nb"}}""", "edition.rights")]
    [InlineData("""{"edition": {"subjects": [null]}}""", "edition.subjects")]
    [InlineData("""{"frontMatter": [{"kind": "dedication", "text": " "}]}""", "frontMatter[0].text")]
    [InlineData("""{"backMatter": [{"kind": "glossary", "text": "x"}, {"kind": "index", "text": "a\u0000b"}]}""", "backMatter[1].text")]
    [InlineData("""{"backMatter": [{"kind": 99, "text": "x"}]}""", "backMatter[0].kind")]
    [InlineData("""{"frontMatter": [null]}""", "frontMatter[0].kind")]
    [InlineData("""{"frontMatter": [{"kind": "preface", "text": "x", "title": "a\nb"}]}""", "frontMatter[0].title")]
    [InlineData("""{"parts": [{"firstChapter": 0}]}""", "parts")]
    [InlineData("""{"parts": [{"firstChapter": 2}, {"firstChapter": 2}]}""", "parts")]
    [InlineData("""{"parts": [null]}""", "parts")]
    public void A_fault_is_told_by_its_field(string settings, string field)
    {
        var fault = Faults(settings).ShouldHaveSingleItem();

        fault.Field.ShouldBe(field);
        fault.Message.ShouldEndWith(".");
    }

    [Fact]
    public void Lines_lists_and_texts_end_where_the_limits_say()
    {
        foreach (var (more, field) in new[] { (0, (string?)null), (1, "edition.copyright") })
        {
            Field(new() { Edition = new(Copyright: new string('©', SettingLimits.Line + more)) }).ShouldBe(field);
        }

        foreach (var (more, field) in new[] { (0, (string?)null), (1, "edition.subjects") })
        {
            Field(new() { Edition = new(Subjects: [.. Enumerable.Repeat("s", SettingLimits.Subjects + more)]) }).ShouldBe(field);
        }

        foreach (var (more, field) in new[] { (0, (string?)null), (1, "backMatter") })
        {
            Field(new() { BackMatter = [.. Enumerable.Repeat(new MatterSettings(MatterKind.Glossary, "x"), SettingLimits.Sections + more)] }).ShouldBe(field);
        }

        foreach (var (more, field) in new[] { (0, (string?)null), (1, "frontMatter[0].text") })
        {
            Field(new() { FrontMatter = [new(MatterKind.Preface, new string('x', SettingLimits.SectionText + more))] }).ShouldBe(field);
        }

        foreach (var (more, field) in new[] { (0, (string?)null), (1, "parts") })
        {
            Field(new() { Parts = [.. Enumerable.Range(1, SettingLimits.Parts + more).Select(chapter => new PartSettings(chapter))] }).ShouldBe(field);
        }
    }

    [Fact]
    public void What_is_absent_has_no_fault() => SettingRules.Faults(null).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"fontSize": 12}""")]
    [InlineData("""{"print": {"spine": 12}}""")]
    [InlineData("""{"edition": {"isbn": "x"}}""")]
    [InlineData("""{"frontMatter": [{"kind": "preface", "text": "x", "page": 1}]}""")]
    [InlineData("""{"parts": [{"firstChapter": 1, "number": 1}]}""")]
    [InlineData("""{"colours": "rainbow"}""")]
    public void Where_requests_come_in_a_setting_that_nobody_reads_is_refused(string settings)
    {
        var edge = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        EdgeJson.Apply(edge);

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<ExportSettings>(settings, edge));
    }

    private static string? Field(ExportSettings settings) => SettingRules.Faults(settings).SingleOrDefault()?.Field;

    private static IEnumerable<FieldFault> Faults(string settings) => SettingRules.Faults(Json.Read<ExportSettings>(settings));
}
