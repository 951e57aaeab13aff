using System.Net;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Plans;
using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Tests.Exports;

namespace Lekhika.Api.Tests.Themes;

/// <summary>The failure of the original: names did not meet, and choices had no effect.</summary>
public sealed class FormSettingTests(RunningApi api) : IClassFixture<RunningApi>
{
    public static TheoryData<string, string, string> Good => FormSamples.Good;

    public static TheoryData<string, string> Bad => FormSamples.Bad;

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_field_of_the_form_is_in_the_settings_of_the_run(string variable, string value, string settings)
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form[variable] = value;

        Same(await StoredAsync(client, form), settings);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_value_that_cannot_be_read_is_told_and_nothing_is_queued(string variable, string value)
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form[variable] = value;
        var before = await api.QueuedRowsAsync();

        using var answer = await client.ExecuteAsync(form);

        (await answer.EnvelopeErrorAsync(400, "validation_failed"))["details"]!.AsObject().Select(fault => fault.Key).ShouldBe([variable]);
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Numbers_and_boxes_may_be_sent_as_what_they_are()
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        (form["body_font_size"], form["line_height"], form["include_toc"]) = (12, 1.5, false);

        Same(await StoredAsync(client, form), """{"bodyFontSize": 12, "lineHeight": 1.5, "includeContents": false}""");
    }

    [Fact]
    public async Task The_options_stand_before_the_form()
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        (form["page_size"], form["color_scheme"], form["author_bio"], form["dedication"]) = ("A5", "dark", "From the form.", "For Mira.");

        var stored = await StoredAsync(client, form, new { settings = new { pageSize = "A4", backMatter = new[] { new { kind = "aboutTheAuthor", text = "From the options." } } } });

        Same(stored, """
            {"pageSize": "A4", "colours": "dark", "frontMatter": [{"kind": "dedication", "text": "For Mira."}], "backMatter": [{"kind": "aboutTheAuthor", "text": "From the options."}]}
            """);
    }

    [Fact]
    public async Task A_fork_has_what_the_changed_form_says_and_else_what_the_run_had()
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        (form["page_size"], form["color_scheme"], form["author_bio"]) = ("A5", "dark", "Old.");
        var source = await ExecutedAsync(client, form, new { settings = new { folios = false } });

        Same(await ForkedAsync(client, source, new { userInput = new { tone = "cold" } }), """{"pageSize": "A5", "colours": "dark", "folios": false, "backMatter": [{"kind": "aboutTheAuthor", "text": "Old."}]}""");
        Same(await ForkedAsync(client, source, new { userInput = new Dictionary<string, object?> { ["book_size"] = "A4", ["color_scheme"] = null, ["author_bio"] = "New." } }),
            """{"pageSize": "A4", "folios": false, "backMatter": [{"kind": "aboutTheAuthor", "text": "New."}]}""");
        Same(await ForkedAsync(client, source, new { options = new { settings = new { pageSize = "6x9" } } }), """{"pageSize": "6x9", "colours": "dark", "backMatter": [{"kind": "aboutTheAuthor", "text": "Old."}]}""");
    }

    [Fact]
    public async Task An_old_form_with_values_that_nobody_read_then_can_be_forked_with_another_tone()
    {
        var client = await api.ClientAsync();
        var source = await ExecutedAsync(client, TestClient.Book);
        await api.Database.ExecuteAsync("""UPDATE execution_inputs SET brief = jsonb_set(brief, '{values}', brief -> 'values' || '{"heading_scale": "1.25", "heading_font_family": "Comic Sans MS"}') WHERE execution_id = $1""", source);

        Same(await ForkedAsync(client, source, new { userInput = new { tone = "cold", page_size = "A5" } }), """{"pageSize": "A5"}""");

        using var again = await client.Http.PostAsync($"/v1/executions/{source}/plan", System.Net.Http.Json.JsonContent.Create(new { userInput = new { heading_scale = "1.25" } }));
        await again.ProblemAsync(400, "validation_failed");
    }

    [Fact]
    public async Task A_plan_tells_a_form_that_changes_the_files_and_only_these()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);

        using var answer = await client.Http.PostAsync($"/v1/executions/{source}/plan", System.Net.Http.Json.JsonContent.Create(new { userInput = new { page_size = "A5" } }));

        var told = FinishedRuns.Told(await answer.JsonAsync());
        told[0].ShouldBe("requirements-1 0 reuse: ");
        told[3].ShouldBe("writer-1 1 reuse: ");
        told[7].ShouldBe("output-1 0 run: settings; after compiler-1");
    }

    [Fact]
    public async Task What_a_section_says_is_under_the_content_policy()
    {
        var client = await api.ClientAsync();
        using var put = await client.Http.PutAsync("/v1/content-policy", System.Net.Http.Json.JsonContent.Create(new { words = new[] { "krakatoa" } }));
        put.StatusCode.ShouldBe(HttpStatusCode.OK);
        var before = await api.QueuedRowsAsync();

        using var answer = await client.ExecuteAsync(TestClient.Book, new { settings = new { frontMatter = new[] { new { kind = "preface", text = "Near Krakatoa." } } } });

        ((string)(await answer.EnvelopeErrorAsync(422, "content_refused"))["details"]!["field"]!).ShouldBe("options.settings.frontMatter[0].text");
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    private static void Same(string? stored, string settings) => Json.Write(Json.Read<ExportSettings>(stored!)).ShouldBe(Json.Write(Json.Read<ExportSettings>(settings)));

    private async Task<string?> StoredAsync(TestClient client, object form, object? options = null) => await SettingsAsync(await ExecutedAsync(client, form, options));

    private static async Task<Guid> ExecutedAsync(TestClient client, object form, object? options = null)
    {
        using var answer = await client.ExecuteAsync(form, options);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return Guid.Parse((string)(await answer.JsonAsync())["data"]!["executionId"]!);
    }

    private async Task<string?> ForkedAsync(TestClient client, Guid source, object change)
    {
        using var answer = await client.Http.PostAsync($"/v1/executions/{source}/fork", System.Net.Http.Json.JsonContent.Create(change));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return await SettingsAsync(Guid.Parse((string)(await answer.JsonAsync())["executionId"]!));
    }

    private Task<string?> SettingsAsync(Guid run) => api.Database.AskAsync<string>("SELECT settings::text FROM execution_inputs WHERE execution_id = $1", run);
}
