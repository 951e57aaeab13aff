using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Themes;

namespace Lekhika.Api.Tests.Themes;

public sealed class ThemeTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_theme_of_ones_own_is_made_read_changed_and_removed()
    {
        var client = (await api.ClientAsync()).Http;
        var made = await MadeAsync(client, """{"name": " House ", "description": "Ours.", "baseTheme": "kite", "settings": {"pageSize": "A5", "folios": false}}""");

        ((string)made["name"]!, (string)made["description"]!, (bool)made["builtIn"]!, (string)made["baseTheme"]!).ShouldBe(("House", "Ours.", false, "kite"));
        made["settings"]!.AsObject().Where(setting => setting.Value is not null).Select(setting => $"{setting.Key} {setting.Value}").ShouldBe(["pageSize A5", "folios false"]);
        ((string)made["design"]!["pageSize"]!["name"]!, (bool)made["design"]!["folios"]!, (string)made["design"]!["bodyFont"]!).ShouldBe(("A5", false, Theme.Find("kite")!.Design.BodyFont));
        var path = $"/v1/themes/{made["id"]}";
        (await client.GetAsync(path).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());

        var changed = await client.PutTextAsync(path, """{"name": "House", "settings": {"colours": "sepia"}}""").OkAsync();

        ((string)changed["baseTheme"]!, (string)changed["description"]!, (string)changed["design"]!["colours"]!).ShouldBe(("trade-paperback", "", "sepia"));
        changed["settings"]!["pageSize"].ShouldBeNull();
        (await client.GetAsync(path).OkAsync()).ToJsonString().ShouldBe(changed.ToJsonString());
        await client.DeleteAsync(path).NoContentAsync();
        await client.GetAsync(path).ProblemAsync(404, "theme_not_found");
        await client.PutTextAsync(path, """{"name": "House"}""").ProblemAsync(404, "theme_not_found");
        await client.DeleteAsync(path).ProblemAsync(404, "theme_not_found");
    }

    [Fact]
    public async Task The_list_has_the_built_in_ones_with_their_whole_design_and_ones_own_and_nobody_elses()
    {
        var client = (await api.ClientAsync()).Http;
        await MadeAsync((await api.ClientAsync()).Http, """{"name": "Theirs"}""");
        await MadeAsync(client, """{"name": "b"}""");
        await MadeAsync(client, """{"name": "A"}""");

        var themes = (await client.GetAsync("/v1/themes").OkAsync())["themes"]!.AsArray();

        themes.Select(theme => (string)theme!["name"]!).ShouldBe([.. Theme.All.Select(theme => theme.Name), "A", "b"]);
        themes.Take(10).ShouldAllBe(theme => (bool)theme!["builtIn"]! && theme["settings"] == null);
        themes.ShouldAllBe(theme => theme!["design"]!.AsObject().Count == typeof(BookDesign).GetProperties().Length);
        var one = await client.GetAsync("/v1/themes/Lamplight").OkAsync();
        one.ToJsonString().ShouldBe(themes[1]!.ToJsonString());
    }

    [Fact]
    public async Task What_comes_with_Lekhika_does_not_change()
    {
        var client = (await api.ClientAsync()).Http;
        await client.PutTextAsync("/v1/themes/kite", """{"name": "Mine"}""").ProblemAsync(409, "theme_built_in");
        await client.DeleteAsync("/v1/themes/kite").ProblemAsync(409, "theme_built_in");
        await client.GetAsync("/v1/themes/no-such").ProblemAsync(404, "theme_not_found");
    }

    [Fact]
    public async Task Another_users_theme_does_not_exist()
    {
        var theirs = await MadeAsync((await api.ClientAsync()).Http, """{"name": "Theirs"}""");
        var client = (await api.ClientAsync()).Http;
        var path = $"/v1/themes/{theirs["id"]}";

        await client.GetAsync(path).ProblemAsync(404, "theme_not_found");
        await client.PutTextAsync(path, """{"name": "Mine"}""").ProblemAsync(404, "theme_not_found");
        await client.DeleteAsync(path).ProblemAsync(404, "theme_not_found");
        (await api.Database.AskAsync<string>("SELECT name FROM themes WHERE id = $1", Guid.Parse((string)theirs["id"]!))).ShouldBe("Theirs");
    }

    [Fact]
    public async Task Of_two_changes_from_one_reading_the_second_is_refused()
    {
        var client = (await api.ClientAsync()).Http;
        using var made = await client.PostTextAsync("/v1/themes", """{"name": "House"}""");
        var path = made.Headers.Location!.ToString();
        var tag = made.Headers.ETag!.Tag;

        (await SendAsync(client, HttpMethod.Put, path, tag, """{"name": "First"}""").OkAsync())["name"]!.ToString().ShouldBe("First");
        await SendAsync(client, HttpMethod.Put, path, tag, """{"name": "Second"}""").ProblemAsync(412, "version_conflict");
        await SendAsync(client, HttpMethod.Delete, path, tag, null).ProblemAsync(412, "version_conflict");
        await SendAsync(client, HttpMethod.Put, path, "\"no-version\"", """{"name": "Third"}""").ProblemAsync(400, "version_tag_invalid");
        using var read = await client.GetAsync(path);
        ((string)(await read.JsonAsync())["name"]!).ShouldBe("First");
        await SendAsync(client, HttpMethod.Delete, path, read.Headers.ETag!.Tag, null).NoContentAsync();
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var client = (await api.ClientAsync()).Http;
        await MadeAsync(client, """{"name": "House"}""");
        var other = await MadeAsync(client, """{"name": "Other"}""");

        await client.PostTextAsync("/v1/themes", """{"name": "House"}""").ProblemAsync(409, "name_taken");
        await client.PutTextAsync($"/v1/themes/{other["id"]}", """{"name": "House"}""").ProblemAsync(409, "name_taken");
        await MadeAsync((await api.ClientAsync()).Http, """{"name": "House"}""");
    }

    [Fact]
    public async Task A_user_has_at_most_fifty()
    {
        var client = await api.ClientAsync();
        await api.Database.ExecuteAsync("INSERT INTO themes (id, user_id, name, settings) SELECT gen_random_uuid(), $1, 'Theme ' || n, '{}' FROM generate_series(1, $2) n", client.User.Id, ThemeStore.MaxThemes - 1);

        await MadeAsync(client.Http, """{"name": "The last"}""");
        await client.Http.PostTextAsync("/v1/themes", """{"name": "One more"}""").ProblemAsync(409, "too_many_themes");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": "a\nb"}""", "name")]
    [InlineData("""{"name": "a", "description": "a\u0000b"}""", "description")]
    [InlineData("""{"name": "a", "baseTheme": "no-such"}""", "baseTheme")]
    [InlineData("""{"name": "a", "baseTheme": "019aa5c0-4f6e-7c3a-9f0e-2f4a5b6c7d8e"}""", "baseTheme")]
    [InlineData("""{"name": "a", "settings": {"theme": "kite"}}""", "settings.theme")]
    [InlineData("""{"name": "a", "settings": {"edition": {"publisher": "P"}}}""", "settings.edition")]
    [InlineData("""{"name": "a", "settings": {"frontMatter": []}}""", "settings.frontMatter")]
    [InlineData("""{"name": "a", "settings": {"backMatter": []}}""", "settings.backMatter")]
    [InlineData("""{"name": "a", "settings": {"parts": []}}""", "settings.parts")]
    [InlineData("""{"name": "a", "settings": {"bodyFontSize": 40}}""", "settings.bodyFontSize")]
    public async Task A_theme_that_cannot_be_is_told_by_its_field(string theme, string field)
    {
        var client = (await api.ClientAsync()).Http;
        (await client.PostTextAsync("/v1/themes", theme).ProblemAsync(400, "validation_failed"))["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
        var made = await MadeAsync(client, """{"name": "House"}""");
        (await client.PutTextAsync($"/v1/themes/{made["id"]}", theme).ProblemAsync(400, "validation_failed"))["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
    }

    [Theory]
    [InlineData("""{"name": "a", "settings": {"css": "body{}"}}""")]
    [InlineData("""{"name": "a", "template": "#set page()"}""")]
    public async Task A_theme_is_data_and_holds_nothing_else(string theme)
    {
        var client = (await api.ClientAsync()).Http;
        await client.PostTextAsync("/v1/themes", theme).ProblemAsync(400, "malformed_request");
    }

    [Fact]
    public async Task A_key_reads_with_one_scope_and_writes_with_another()
    {
        var reader = (await api.ClientAsync("models:read")).Http;
        var writer = (await api.ClientAsync("models:write")).Http;

        await reader.GetAsync("/v1/themes").OkAsync();
        await reader.GetAsync("/v1/export-options").OkAsync();
        await reader.PostTextAsync("/v1/themes", """{"name": "a"}""").ProblemAsync(403, "scope_missing");
        await writer.GetAsync("/v1/themes").ProblemAsync(403, "scope_missing");
        var made = await MadeAsync(writer, """{"name": "a"}""");
        await writer.DeleteAsync($"/v1/themes/{made["id"]}").NoContentAsync();
    }

    internal static async Task<JsonNode> MadeAsync(HttpClient client, string theme)
    {
        using var answer = await client.PostTextAsync("/v1/themes", theme);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.JsonAsync();
        answer.Headers.Location!.ToString().ShouldBe($"/v1/themes/{made["id"]}");
        return made;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string tag, string? body) =>
        client.SendAsync(new HttpRequestMessage(method, path)
        {
            Headers = { { "If-Match", tag } },
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        });
}
