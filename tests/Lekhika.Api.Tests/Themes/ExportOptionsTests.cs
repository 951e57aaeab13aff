using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Core.Exports;

namespace Lekhika.Api.Tests.Themes;

public sealed class ExportOptionsTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task Everything_that_a_form_for_settings_needs_is_told()
    {
        var options = await (await api.ClientAsync()).Http.GetAsync("/v1/export-options").OkAsync();

        options["formats"]!.AsArray().Select(format => (string)format!["key"]!).ShouldBe(["pdf", "docx", "epub", "html", "md", "txt", "cover"]);
        options["themes"]!.AsArray().Select(theme => (string)theme!["id"]!).ShouldBe(Theme.All.Select(theme => theme.Id));
        options["pageSizes"]!.AsArray().Select(size => $"{size!["name"]} {size["widthMillimetres"]} {size["heightMillimetres"]}").ShouldContain("A5 148 210");
        options["fonts"]!.AsArray().Select(font => (string)font!["name"]!).ShouldBe(BookFont.All.Select(font => font.Name));
        options["choices"]!["chapterOpening"]!.AsArray().Select(word => (string)word!).ShouldBe(["recto", "nextPage", "continuous"]);
        options["limits"]!["bodyFontSize"]!.ToJsonString().ShouldBe("""{"least":8,"most":16}""");
        ((int)options["limits"]!["sectionText"]!).ShouldBe(100_000);
        options["formVariables"]!.AsArray().Select(names => names!.ToJsonString()).ShouldContain("""["page_size","book_size"]""");
    }

    [Fact]
    public async Task Each_word_of_a_choice_and_each_name_of_a_thing_can_be_asked_for()
    {
        var client = await api.ClientAsync();
        var options = await client.Http.GetAsync("/v1/export-options").OkAsync();

        foreach (var (choice, words) in options["choices"]!.AsObject().Where(choice => !choice.Key.Contains('.')))
        {
            foreach (var word in words!.AsArray())
            {
                await AskAsync(client, new JsonObject { [choice] = word!.DeepClone() });
            }
        }

        foreach (var (setting, list, name) in new[] { ("theme", "themes", "id"), ("pageSize", "pageSizes", "name"), ("bodyFont", "fonts", "name") })
        {
            foreach (var one in options[list]!.AsArray())
            {
                await AskAsync(client, new JsonObject { [setting] = one![name]!.DeepClone() });
            }
        }
    }

    [Fact]
    public async Task The_document_tells_what_each_setting_means_and_the_words_of_choices()
    {
        var document = JsonNode.Parse(await api.Anonymous.GetStringAsync("/openapi/v1.json"))!;
        var schemas = document["components"]!["schemas"]!;
        var settings = schemas["ExportSettings"]!["properties"]!.AsObject();

        settings.Select(property => property.Key).Count().ShouldBe(typeof(ExportSettings).GetProperties().Length);
        foreach (var (name, property) in settings)
        {
            // What may be null and has a schema of its own is told beside the reference.
            ((string?)(property!["description"] ?? property["oneOf"]?[1]?["description"])).ShouldNotBeNullOrWhiteSpace(name);
        }

        foreach (var (schema, words) in new[] { ("PageMargins", new[] { "narrow", "normal", "wide" }), ("ColourScheme", ["classic", "sepia", "dark"]), ("MatterKind", ["dedication", "aboutTheAuthor"]) })
        {
            words.ShouldBeSubsetOf(schemas[schema]!["enum"]!.AsArray().Select(word => (string?)word!));
        }
    }

    private static async Task AskAsync(TestClient client, JsonObject settings)
    {
        using var answer = await client.ExecuteAsync(TestClient.Book, new { settings });
        ((int)answer.StatusCode).ShouldBe(202, settings.ToJsonString());
    }
}
