using System.Text.Json;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Tests.Planning;

public sealed class FormPatchSpecs
{
    private static readonly Dictionary<string, string> Form = new(StringComparer.Ordinal) { ["book_title"] = "Salt", ["tone"] = "warm", ["chapter_count"] = "3" };

    [Theory]
    [InlineData("{}", "book_title=Salt chapter_count=3 tone=warm")]
    [InlineData("""{"tone": "cold", "genre": "fantasy"}""", "book_title=Salt chapter_count=3 genre=fantasy tone=cold")]
    [InlineData("""{"tone": null, "genre": null}""", "book_title=Salt chapter_count=3")]
    [InlineData("""{"chapterCount": 5}""", "book_title=Salt chapterCount=5 tone=warm")]
    [InlineData("""{"title": "Tide"}""", "chapter_count=3 title=Tide tone=warm")]
    [InlineData("""{"title": null}""", "chapter_count=3 tone=warm")]
    public void A_value_replaces_null_removes_and_the_rest_stays(string patch, string form) =>
        string.Join(' ', FormPatch.Apply(Form, Patch(patch)).OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value}")).ShouldBe(form);

    [Theory]
    [InlineData("""{"seed": 7}""", true)]
    [InlineData("""{"seed": null}""", false)]
    [InlineData("{}", false)]
    public void A_value_is_given_when_it_is_there_and_not_null(string patch, bool isGiven) => FormPatch.Gives(Patch(patch), "seed").ShouldBe(isGiven);

    /// <summary>Forms of versions that did not read the settings of files yet.</summary>
    [Theory]
    [InlineData("""{"tone": "cold"}""", "")]
    [InlineData("""{"page_size": "A5"}""", "")]
    [InlineData("""{"heading_font_family": null}""", "")]
    [InlineData("""{"heading_scale": "large"}""", "")]
    [InlineData("""{"heading_scale": "1.25"}""", "heading_scale")]
    [InlineData("""{"heading_font": "Comic Sans MS"}""", "heading_font")]
    [InlineData("""{"page_size": "A99", "tone": "cold"}""", "page_size")]
    [InlineData("""{"custom_size": null}""", "page_size")]
    [InlineData("""{"chapter_count": "many"}""", "chapter_count")]
    public void A_setting_that_could_not_be_read_before_is_a_fault_only_when_it_is_sent_again(string patch, string faults)
    {
        var form = new Dictionary<string, string>(Form, StringComparer.Ordinal)
        {
            ["heading_scale"] = "1.25",
            ["heading_font_family"] = "Comic Sans MS",
            ["page_size"] = "custom",
            ["custom_size"] = "7x10",
        };

        var reading = FormPatch.Read(form, Patch(patch));

        string.Join(' ', reading.Errors.Keys).ShouldBe(faults);
        (reading.Brief is null).ShouldBe(faults.Length > 0);
    }

    private static Dictionary<string, JsonElement> Patch(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
