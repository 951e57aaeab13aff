using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Themes;

/// <summary>A user's theme counts as it is when an order comes in, at every door at which one does.</summary>
public sealed class ThemedOrderTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string House = """{"name": "House", "baseTheme": "kite", "settings": {"pageSize": "A5", "folios": false}}""";

    [Fact]
    public async Task An_ordered_run_keeps_what_the_theme_said()
    {
        var client = await api.ClientAsync();
        var theme = (string)(await ThemeTests.MadeAsync(client.Http, House))["id"]!;

        var run = await ExecutedAsync(client, TestClient.Book, new { settings = new { theme, pageSize = "A4" } });
        await client.Http.PutTextAsync($"/v1/themes/{theme}", """{"name": "House", "baseTheme": "stanza"}""").OkAsync();
        await client.Http.DeleteAsync($"/v1/themes/{theme}").NoContentAsync();

        (await SettingsAsync(run)).ShouldBe("""{"theme": "kite", "folios": false, "pageSize": "A4"}""");
    }

    [Fact]
    public async Task The_form_may_name_it_too()
    {
        var client = await api.ClientAsync();
        var theme = (string)(await ThemeTests.MadeAsync(client.Http, House))["id"]!;
        var form = TestClient.Book;
        (form["book_template"], form["page_numbers"]) = (theme, "yes");

        (await SettingsAsync(await ExecutedAsync(client, form))).ShouldBe("""{"theme": "kite", "folios": true, "pageSize": "A5"}""");
        (await SettingsAsync(await ExecutedAsync(client, form, new { settings = new { theme = "stanza" } }))).ShouldBe("""{"theme": "stanza", "folios": true}""");
    }

    [Fact]
    public async Task A_theme_that_is_not_there_is_told_at_every_door_and_nothing_is_ordered()
    {
        var theirs = (string)(await ThemeTests.MadeAsync((await api.ClientAsync()).Http, House))["id"]!;
        var run = await ArrangedRun.WrittenAsync(api);
        var form = TestClient.Book;
        form["design_theme"] = theirs;
        var before = await api.QueuedRowsAsync();

        using var byOptions = await run.Client.ExecuteAsync(TestClient.Book, new { settings = new { theme = theirs } });
        Fields(await byOptions.EnvelopeErrorAsync(400, "validation_failed"), "details").ShouldBe(["options.settings.theme"]);
        using var byForm = await run.Client.ExecuteAsync(form);
        Fields(await byForm.EnvelopeErrorAsync(400, "validation_failed"), "details").ShouldBe(["design_theme"]);
        foreach (var door in new[] { "plan", "fork" })
        {
            Fields(await run.RefusedAsync(door, new { options = new { settings = new { theme = theirs } } }, 400, "validation_failed"), "errors").ShouldBe(["options.settings.theme"]);
            Fields(await run.RefusedAsync(door, new { userInput = new { design_theme = theirs } }, 400, "validation_failed"), "errors").ShouldBe(["userInput.design_theme"]);
        }

        Fields(await run.RefusedAsync("files", new { formats = new[] { "txt" }, settings = new { theme = theirs } }, 400, "validation_failed"), "errors").ShouldBe(["settings.theme"]);
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_fork_and_an_order_of_files_take_it_likewise()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var theme = (string)(await ThemeTests.MadeAsync(run.Client.Http, House))["id"]!;

        using var forked = await run.PostAsync("fork", new { options = new { settings = new { theme, folios = true } } });
        (await SettingsAsync(Guid.Parse((string)(await forked.JsonAsync())["executionId"]!))).ShouldBe("""{"theme": "kite", "folios": true, "pageSize": "A5"}""");
        await run.AcceptedAsync("files", new { formats = new[] { "txt" }, settings = new { theme } });
        (await run.AskAsync<string>("SELECT settings::text FROM export_jobs WHERE execution_id = $1")).ShouldBe("""{"theme": "kite", "folios": false, "pageSize": "A5"}""");
    }

    [Fact]
    public async Task An_order_of_files_has_what_the_run_had_where_it_is_silent()
    {
        var client = await api.ClientAsync();
        var run = new ArrangedRun(api, client, await ExecutedAsync(client, TestClient.Book, new { settings = new { pageSize = "A4", edition = new { publisher = "Salt Press" } } }));
        await run.CompileAsync(1);
        await run.BeAsync("stopped");

        await run.AcceptedAsync("files", new { formats = new[] { "txt" }, settings = new { pageSize = "A5" } });

        (await run.AskAsync<string>("SELECT settings::text FROM export_jobs WHERE execution_id = $1")).ShouldBe("""{"edition": {"publisher": "Salt Press"}, "pageSize": "A5"}""");
    }

    [Fact]
    public async Task An_order_of_files_that_names_a_theme_looks_like_it_and_holds_what_the_run_did()
    {
        var client = await api.ClientAsync();
        var theme = (string)(await ThemeTests.MadeAsync(client.Http, House))["id"]!;
        var form = TestClient.Book;
        form["dedication"] = "For Mira.";
        var run = new ArrangedRun(api, client, await ExecutedAsync(client, form, new { settings = new { theme, lineHeight = 1.7, edition = new { publisher = "Salt Press" } } }));
        await run.CompileAsync(1);
        await run.BeAsync("stopped");

        await run.AcceptedAsync("files", new { formats = new[] { "txt" }, settings = new { theme = "stanza", bodyFont = "Lora" } });

        (await run.AskAsync<string>("SELECT settings::text FROM export_jobs WHERE execution_id = $1"))
            .ShouldBe("""{"theme": "stanza", "edition": {"publisher": "Salt Press"}, "bodyFont": "Lora", "frontMatter": [{"kind": "dedication", "text": "For Mira."}]}""");
    }

    [Fact]
    public async Task A_repeat_gets_the_first_run_even_when_the_theme_is_gone()
    {
        var client = await api.ClientAsync();
        var theme = (string)(await ThemeTests.MadeAsync(client.Http, House))["id"]!;
        async Task<Guid> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, client.ExecutePath)
            {
                Content = JsonContent.Create(new { userInput = TestClient.Book, options = new { settings = new { theme } } }),
                Headers = { { "Idempotency-Key", "themed" } },
            };
            using var answer = await client.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
            return Guid.Parse((string)(await answer.JsonAsync())["data"]!["executionId"]!);
        }

        var first = await AskAsync();
        await client.Http.DeleteAsync($"/v1/themes/{theme}").NoContentAsync();

        (await AskAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task A_repeated_fork_gets_the_first_run_likewise()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var theme = (string)(await ThemeTests.MadeAsync(run.Client.Http, House))["id"]!;
        async Task<string> ForkAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{run.Path}/fork")
            {
                Content = JsonContent.Create(new { options = new { settings = new { theme } } }),
                Headers = { { "Idempotency-Key", "themed-fork" } },
            };
            using var answer = await run.Client.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
            return (string)(await answer.JsonAsync())["executionId"]!;
        }

        var first = await ForkAsync();
        await run.Client.Http.DeleteAsync($"/v1/themes/{theme}").NoContentAsync();

        (await ForkAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task Texts_of_an_order_of_files_are_under_the_content_policy()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        using var put = await run.Client.Http.PutAsync("/v1/content-policy", JsonContent.Create(new { words = new[] { "krakatoa" } }));
        put.StatusCode.ShouldBe(HttpStatusCode.OK);

        await run.RefusedAsync("files", new { formats = new[] { "txt" }, settings = new { edition = new { publisher = "Krakatoa Press" } } }, 422, "content_refused");
    }

    private static IEnumerable<string> Fields(JsonNode error, string member) => error[member]!.AsObject().Select(fault => fault.Key);

    private Task<string?> SettingsAsync(Guid run) => api.Database.AskAsync<string>("SELECT settings::text FROM execution_inputs WHERE execution_id = $1", run);

    private static async Task<Guid> ExecutedAsync(TestClient client, object form, object? options = null)
    {
        using var answer = await client.ExecuteAsync(form, options);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return Guid.Parse((string)(await answer.JsonAsync())["data"]!["executionId"]!);
    }
}
