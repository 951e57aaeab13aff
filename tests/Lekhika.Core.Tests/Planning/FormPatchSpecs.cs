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

    private static Dictionary<string, JsonElement> Patch(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
