using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Models;

public sealed class ProviderTests(ModelsApi models) : IClassFixture<ModelsApi>
{
    private const string Offline = "01900000-0000-7000-8000-000000000101";

    private readonly RunningApi _api = models.Api;

    [Fact]
    public async Task A_provider_of_ones_own_is_made_read_changed_and_removed()
    {
        using var client = await models.UserAsync();
        var name = ModelsApi.NewName();
        using var answer = await client.PostAsJsonAsync("/v1/providers", new { name, kind = "openai_compatible", baseUrl = "https://models.example.org/v1", settings = new { concurrency = 4, maxTokensByOldName = true } });
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.JsonAsync();

        ((string)made["owner"]!).ShouldBe("you");
        ((string)made["name"]!).ShouldBe(name);
        ((string)made["kind"]!).ShouldBe("openai_compatible");
        ((string)made["baseUrl"]!).ShouldBe("https://models.example.org/v1");
        made["settings"]!.ToJsonString().ShouldBe("""{"concurrency":4,"requestsPerMinute":null,"tokensPerMinute":null,"maxTokensByOldName":true,"batches":null}""");
        ((bool)made["isActive"]!).ShouldBeTrue();
        made["secretLast4"].ShouldBeNull();
        made["secretSetAt"].ShouldBeNull();
        var path = Path(made);
        (await client.GetAsync(path).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());

        var changed = await client.PutTextAsync(path, """{"baseUrl": "https://other.example.org", "settings": {"tokensPerMinute": 100000}, "isActive": false}""").OkAsync();

        ((string)changed["baseUrl"]!).ShouldBe("https://other.example.org");
        changed["settings"]!["concurrency"].ShouldBeNull();
        ((int)changed["settings"]!["tokensPerMinute"]!).ShouldBe(100_000);
        ((bool)changed["isActive"]!).ShouldBeFalse();
        (await client.GetAsync(path).OkAsync()).ToJsonString().ShouldBe(changed.ToJsonString());
        await ModelsApi.ModelAsync(client, made, price: new { inputPerMillion = 1, outputPerMillion = 2 });
        await client.DeleteAsync(path).NoContentAsync();
        await client.GetAsync(path).ProblemAsync(404, "provider_not_found");
        await client.DeleteAsync(path).ProblemAsync(404, "provider_not_found");
        (await _api.Database.AskAsync<long>("SELECT count(*) FROM ai_model_metadata WHERE provider_id = $1", Id(made))).ShouldBe(0);
    }

    [Fact]
    public async Task The_list_has_the_platforms_and_ones_own_page_by_page_and_nobody_elses()
    {
        using var client = await models.UserAsync();
        using var other = await models.UserAsync();
        var theirs = await ModelsApi.ProviderAsync(other);
        var mine = new[] { await ModelsApi.ProviderAsync(client), await ModelsApi.ProviderAsync(client) };

        var found = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await client.GetAsync($"/v1/providers?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}").OkAsync();
            found.Add(page["providers"]!.AsArray().ShouldHaveSingleItem()!);
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        found.Where(provider => (string)provider["owner"]! == "you").Select(Id).ShouldBe(mine.Reverse().Select(Id));
        found.Select(Id).ShouldContain(Guid.Parse(Offline));
        found.Single(provider => Id(provider) == Guid.Parse(Offline))["owner"]!.ToString().ShouldBe("platform");
        found.Select(Id).ShouldNotContain(Id(theirs));
        await client.GetAsync("/v1/providers?limit=0").ProblemAsync(400, "validation_failed");
    }

    [Theory]
    [InlineData("""{"kind": "openai"}""", "name")]
    [InlineData("""{"kind": "openai", "name": ""}""", "name")]
    [InlineData("""{"kind": "openai", "name": "Upper"}""", "name")]
    [InlineData("""{"kind": "openai", "name": "-a"}""", "name")]
    [InlineData("""{"kind": "openai", "name": "a:b"}""", "name")]
    [InlineData("""{"kind": "openai", "name": "a\n"}""", "name")]
    [InlineData("""{"kind": "openai", "name": "a2345678901234567890123456789012345678901"}""", "name")]
    [InlineData("""{"name": "a"}""", "kind")]
    [InlineData("""{"name": "a", "kind": "simulated"}""", "kind")]
    [InlineData("""{"name": "a", "kind": "openai", "secret": ""}""", "secret")]
    [InlineData("""{"name": "a", "kind": "openai", "secret": "two words"}""", "secret")]
    [InlineData("""{"name": "a", "kind": "openai", "secret": "sk-é"}""", "secret")]
    [InlineData("""{"name": "a", "kind": "openai", "settings": {"concurrency": 0}}""", "settings.concurrency")]
    [InlineData("""{"name": "a", "kind": "openai", "settings": {"concurrency": 10001}}""", "settings.concurrency")]
    [InlineData("""{"name": "a", "kind": "openai", "settings": {"requestsPerMinute": -1}}""", "settings.requestsPerMinute")]
    [InlineData("""{"name": "a", "kind": "openai", "settings": {"tokensPerMinute": 3000000000}}""", "settings.tokensPerMinute")]
    [InlineData("""{"name": "a", "kind": "ollama"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "vllm"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": ""}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": "ftp://example.org"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": "https://user:word@example.org"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": "http://localhost:11434"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": "http://169.254.169.254/latest"}""", "baseUrl")]
    [InlineData("""{"name": "a", "kind": "openai", "baseUrl": "http://[::1]:80"}""", "baseUrl")]
    public async Task A_provider_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var client = await models.UserAsync();
        var problem = await client.PostTextAsync("/v1/providers", body).ProblemAsync(400, "validation_failed");
        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        (await ListAsync(client)).ShouldNotContain(provider => (string)provider["owner"]! == "you");
    }

    [Fact]
    public async Task A_setting_that_nobody_reads_is_refused()
    {
        using var client = await models.UserAsync();
        await client.PostTextAsync("/v1/providers", """{"name": "a", "kind": "openai", "settings": {"concurency": 4}}""").ProblemAsync(400, "malformed_request");
    }

    [Theory]
    [InlineData("""{"baseUrl": "http://10.0.0.1"}""", "baseUrl")]
    [InlineData("""{}""", "baseUrl")]
    [InlineData("""{"baseUrl": "https://example.org", "settings": {"concurrency": 0}}""", "settings.concurrency")]
    public async Task A_change_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client, kind: "openai_compatible", baseUrl: "https://example.org");

        var problem = await client.PutTextAsync(Path(made), body).ProblemAsync(400, "validation_failed");

        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        (await client.GetAsync(Path(made)).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());
    }

    [Fact]
    public async Task Where_private_addresses_are_allowed_users_have_them_too()
    {
        await using var home = await RunningApi.StartAsync(("Providers:AllowPrivateAddresses", "true"));
        using var client = (await home.ClientAsync()).Http;
        await ModelsApi.ProviderAsync(client, kind: "ollama", baseUrl: "http://localhost:11434/v1");
    }

    [Fact]
    public async Task A_name_is_its_owners_once()
    {
        using var client = await models.UserAsync();
        using var other = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client);

        await client.PostAsJsonAsync("/v1/providers", new { name = (string)made["name"]!, kind = "groq" }).ProblemAsync(409, "name_taken");

        await ModelsApi.ProviderAsync(other, name: (string)made["name"]!);
        await ModelsApi.ProviderAsync(client, name: "offline", kind: "openai");
    }

    [Fact]
    public async Task A_user_has_twenty_providers_at_most_also_when_asking_at_once()
    {
        using var client = await models.UserAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => client.PostAsJsonAsync("/v1/providers", new { name = $"p{n}", kind = "openai" })));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(20);
        foreach (var late in answers.Where(answer => !answer.IsSuccessStatusCode))
        {
            await late.ProblemAsync(409, "too_many_providers");
        }
    }

    [Fact]
    public async Task Another_users_provider_is_not_there()
    {
        using var owner = await models.UserAsync();
        using var stranger = await models.UserAsync();
        using var admin = await models.AdminAsync();
        var made = await ModelsApi.ProviderAsync(owner, secret: "sk-of-the-owner-1234");
        var before = await owner.GetAsync(Path(made)).OkAsync();

        foreach (var client in new[] { stranger, admin })
        {
            await client.GetAsync(Path(made)).ProblemAsync(404, "provider_not_found");
            await client.PutTextAsync(Path(made), "{}").ProblemAsync(404, "provider_not_found");
            await client.PutTextAsync(Path(made) + "/secret", """{"secret": "sk-of-the-stranger"}""").ProblemAsync(404, "provider_not_found");
            await client.DeleteAsync(Path(made) + "/secret").ProblemAsync(404, "provider_not_found");
            await client.DeleteAsync(Path(made)).ProblemAsync(404, "provider_not_found");
            await client.GetAsync(Path(made) + "/models").ProblemAsync(404, "provider_not_found");
            await client.PostTextAsync(Path(made) + "/models", """{"modelId": "m"}""").ProblemAsync(404, "provider_not_found");
        }

        (await owner.GetAsync(Path(made)).OkAsync()).ToJsonString().ShouldBe(before.ToJsonString());
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("superadmin")]
    public async Task Administrators_manage_the_platforms_providers_and_users_only_use_them(string role)
    {
        using var admin = await models.AdminAsync(role);
        using var user = await models.UserAsync();
        await user.PostAsJsonAsync("/v1/providers", new { name = ModelsApi.NewName(), kind = "openai", platform = true }).ProblemAsync(403, "admin_required");

        var made = await ModelsApi.ProviderAsync(admin, secret: "sk-of-the-platform-1234", platform: true, kind: "ollama", baseUrl: "http://10.0.0.5:11434/v1");

        ((string)made["owner"]!).ShouldBe("platform");
        var seen = await user.GetAsync(Path(made)).OkAsync();
        ((string)seen["owner"]!).ShouldBe("platform");
        foreach (var hidden in new[] { "baseUrl", "settings", "secretLast4", "secretSetAt" })
        {
            seen[hidden].ShouldBeNull(hidden);
            made[hidden].ShouldNotBeNull(hidden);
        }

        await user.PutTextAsync(Path(made), """{"baseUrl": "https://example.org"}""").ProblemAsync(403, "admin_required");
        await user.PutTextAsync(Path(made) + "/secret", """{"secret": "sk-of-the-user"}""").ProblemAsync(403, "admin_required");
        await user.DeleteAsync(Path(made) + "/secret").ProblemAsync(403, "admin_required");
        await user.DeleteAsync(Path(made)).ProblemAsync(403, "admin_required");
        (await admin.GetAsync(Path(made)).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());
        ((bool)(await admin.PutTextAsync(Path(made), """{"baseUrl": "http://10.0.0.5:11434/v2", "isActive": false}""").OkAsync())["isActive"]!).ShouldBeFalse();
        await admin.PutTextAsync(Path(made) + "/secret", """{"secret": "sk-another"}""").OkAsync();
        await admin.DeleteAsync(Path(made)).NoContentAsync();
    }

    [Fact]
    public async Task An_administrator_who_was_locked_out_manages_nothing()
    {
        var client = await _api.ClientAsync();
        await _api.Database.ExecuteAsync("UPDATE users SET role = 'admin', is_active = false WHERE id = $1", client.User.Id);
        using var session = client.User.Session;
        await session.PostAsJsonAsync("/v1/providers", new { name = ModelsApi.NewName(), kind = "openai", platform = true }).ProblemAsync(403, "admin_required");
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client);
        using var read = await client.GetAsync(Path(made));
        var tag = read.Headers.ETag!.ToString();

        using var first = await PutAsync(client, Path(made), "{}", tag);
        first.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        using var second = await PutAsync(client, Path(made), """{"isActive": false}""", tag);
        await second.ProblemAsync(412, "version_conflict");
        using var third = await PutAsync(client, Path(made), """{"isActive": false}""", first.Headers.ETag!.ToString());
        third.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        using var nonsense = await PutAsync(client, Path(made), "{}", "\"nonsense\"");
        await nonsense.ProblemAsync(400, "version_tag_invalid");
    }

    [Fact]
    public async Task A_key_of_somebody_does_only_what_its_scopes_say()
    {
        var reader = await _api.ClientAsync("models:read");
        var writer = await reader.User.ClientAsync("models:write");
        var neither = await reader.User.ClientAsync("engines:run");
        var made = await ModelsApi.ProviderAsync(writer.Http);

        await reader.Http.GetAsync(Path(made)).OkAsync();
        foreach (var (method, path) in new[]
        {
            ("POST", "/v1/providers"), ("PUT", Path(made)), ("DELETE", Path(made)), ("PUT", Path(made) + "/secret"), ("DELETE", Path(made) + "/secret"),
            ("POST", Path(made) + "/models"), ("PUT", $"/v1/models/{Guid.NewGuid()}"), ("DELETE", $"/v1/models/{Guid.NewGuid()}"), ("PUT", "/v1/model-preferences"), ("DELETE", "/v1/model-preferences"),
        })
        {
            await RefusedAsync(reader.Http, method, path);
            await RefusedAsync(neither.Http, method, path);
        }

        foreach (var path in new[] { "/v1/providers", Path(made), Path(made) + "/models", $"/v1/models/{Guid.NewGuid()}", "/v1/model-preferences" })
        {
            await RefusedAsync(writer.Http, "GET", path);
            await _api.Anonymous.GetAsync(path).ProblemAsync(401, "api_key_required");
        }
    }

    private static async Task RefusedAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method is "POST" or "PUT" ? JsonContent.Create(new { }) : null };
        await client.SendAsync(request).ProblemAsync(403, "scope_missing");
    }

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, string path, string json, string ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request);
    }

    private static async Task<IEnumerable<JsonNode>> ListAsync(HttpClient client) => (await client.GetAsync("/v1/providers?limit=100").OkAsync())["providers"]!.AsArray()!;

    private static string Path(JsonNode provider) => $"/v1/providers/{provider["id"]}";

    private static Guid Id(JsonNode provider) => Guid.Parse((string)provider["id"]!);
}
