using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Persistence.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Models;

public sealed class SecretTests(ModelsApi models) : IClassFixture<ModelsApi>
{
    private readonly RunningApi _api = models.Api;

    [Fact]
    public async Task A_key_is_told_by_its_last_four_characters_and_can_be_replaced_and_removed()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client, secret: " sk-first-key-aaaa\n");
        ((string)made["secretLast4"]!).ShouldBe("aaaa");
        made["secretSetAt"].ShouldNotBeNull();
        (await StoredAsync(made)).ShouldBe("sk-first-key-aaaa", "without what was copied around it");

        var replaced = await PutAsync(client, made, "sk-second-key-bbbb");

        ((string)replaced["secretLast4"]!).ShouldBe("bbbb");
        ((DateTime)replaced["secretSetAt"]!).ShouldBeGreaterThan((DateTime)made["secretSetAt"]!);
        (await StoredAsync(made)).ShouldBe("sk-second-key-bbbb");
        var removed = await client.DeleteAsync(Path(made)).OkAsync();
        removed["secretLast4"].ShouldBeNull();
        removed["secretSetAt"].ShouldBeNull();
        (await _api.Database.AskAsync<long>("SELECT count(*) FROM ai_provider_secrets WHERE provider_id = $1", Id(made))).ShouldBe(0);
        await client.DeleteAsync(Path(made)).OkAsync();
        await PutAsync(client, made, "sk-third-key-cccc");
        (await StoredAsync(made)).ShouldBe("sk-third-key-cccc");
    }

    [Theory]
    [InlineData("short-key-1", null)]
    [InlineData("short-key-12", "y-12")]
    public async Task A_short_key_shows_nothing_of_itself(string secret, string? last4)
    {
        using var client = await models.UserAsync();
        ((string?)(await ModelsApi.ProviderAsync(client, secret))["secretLast4"]).ShouldBe(last4);
    }

    [Theory]
    [InlineData("""{}""", "validation_failed")]
    [InlineData("""{"secret": " "}""", "validation_failed")]
    [InlineData("""{"secret": "line\r\nbreak"}""", "validation_failed")]
    [InlineData("""{"secret": 7}""", "malformed_request")]
    public async Task What_is_no_key_is_refused_and_the_one_before_stays(string body, string code)
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client, secret: "sk-the-one-before");
        await client.PutTextAsync(Path(made), body).ProblemAsync(400, code);
        await client.PutAsJsonAsync(Path(made), new { secret = new string('k', 2_001) }).ProblemAsync(400, "validation_failed");
        (await StoredAsync(made)).ShouldBe("sk-the-one-before");
        var longest = await PutAsync(client, made, new string('k', 2_000));
        longest["secretSetAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_stays_with_the_server_that_it_was_given_for()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ProviderAsync(client, secret: "sk-for-one-server", kind: "openai_compatible", baseUrl: "https://one.example.org/v1");
        var path = $"/v1/providers/{made["id"]}";

        await client.PutTextAsync(path, """{"baseUrl": "https://two.example.org/v1"}""").ProblemAsync(409, "secret_set");
        await client.PutTextAsync(path, """{"baseUrl": "http://one.example.org/v1"}""").ProblemAsync(409, "secret_set");

        ((string)(await client.PutTextAsync(path, """{"baseUrl": "https://one.example.org/v2"}""").OkAsync())["baseUrl"]!).ShouldBe("https://one.example.org/v2");
        await client.DeleteAsync(Path(made)).OkAsync();
        await client.PutTextAsync(path, """{"baseUrl": "https://two.example.org/v1"}""").OkAsync();
    }

    [Fact]
    public async Task No_answer_log_trace_or_row_shows_a_key()
    {
        const string secret = "sk-XyZZy-4711-distinctive-Qq9";
        const string bad = "sk-XyZZy-4711 distinctive with a blank";
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue($"{span.DisplayName} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} {string.Join(' ', span.Events.SelectMany(e => e.Tags).Select(tag => tag.Value))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var client = await _api.ClientAsync();
        var answers = new List<string>();

        var made = await ModelsApi.ProviderAsync(client.Http, secret);
        answers.Add(made.ToJsonString());
        foreach (var ask in new Func<Task<HttpResponseMessage>>[]
        {
            () => client.Http.PutAsJsonAsync(Path(made), new { secret }),
            () => client.Http.PutAsJsonAsync(Path(made), new { secret = bad }),
            () => client.Http.PutTextAsync(Path(made), $$"""{"secret": "{{secret}}"""),
            () => client.Http.PutTextAsync(Path(made), $$"""{"secret": ["{{secret}}"]}"""),
            () => client.Http.PutTextAsync(Path(made), $$"""{"secret": "{{secret}}", "secret": "{{secret}}"}"""),
            () => client.Http.PostAsJsonAsync("/v1/providers", new { name = (string)made["name"]!, kind = "openai", secret }),
            () => client.Http.PostAsJsonAsync("/v1/providers", new { name = "Bad", kind = "openai", secret = bad }),
            () => client.Http.PutAsJsonAsync($"/v1/providers/{Guid.NewGuid()}/secret", new { secret }),
            () => client.Http.GetAsync("/v1/providers"),
            () => client.Http.GetAsync($"/v1/providers/{made["id"]}"),
            () => client.Http.GetAsync("/openapi/v1.json"),
        })
        {
            using var answer = await ask();
            answers.Add(await answer.Content.ReadAsStringAsync() + answer.Headers);
        }

        answers.Where(Shows).ShouldBeEmpty();
        _api.Log.ShouldContain(line => line.Contains("/secret", StringComparison.Ordinal), "the log was kept");
        _api.Log.Where(Shows).ShouldBeEmpty();
        _api.Log.ShouldNotContain(line => line.Contains(ModelsApi.MasterKey, StringComparison.Ordinal));
        spans.ShouldContain(span => span.Contains("providers", StringComparison.Ordinal), "spans were kept");
        spans.Where(Shows).ShouldBeEmpty();
        foreach (var table in (await _api.Database.AskAsync<string[]>("SELECT array_agg(relname::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))!)
        {
            Shows(await _api.Database.AskAsync<string>($"SELECT string_agg(to_jsonb(t)::text, '') FROM {table} t") ?? "").ShouldBeFalse(table);
        }

        (await StoredAsync(made)).ShouldBe(secret);

        static bool Shows(string text) => text.Contains("XyZZy", StringComparison.OrdinalIgnoreCase) || text.Contains("distinctive", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_master_key_only_keys_cannot_be_kept()
    {
        await using var bare = await RunningApi.StartAsync();
        using var client = (await bare.ClientAsync()).Http;
        var made = await ModelsApi.ProviderAsync(client);

        var problem = await client.PutTextAsync(Path(made), """{"secret": "sk-nowhere-to-go"}""").ProblemAsync(503, "secrets_not_configured");

        ((string)problem["detail"]!).ShouldContain("LEKHIKA_SECRETS_KEY");
        await client.PostAsJsonAsync("/v1/providers", new { name = "with", kind = "openai", secret = "sk-nowhere-to-go" }).ProblemAsync(503, "secrets_not_configured");
        await client.DeleteAsync(Path(made)).OkAsync();
        await ModelsApi.ModelAsync(client, made);
        await client.GetAsync("/v1/providers").OkAsync();
        (await bare.Database.AskAsync<long>("SELECT count(*) FROM ai_providers WHERE user_id IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task With_another_master_key_than_the_rings_the_answer_says_so_and_nothing_is_written()
    {
        await using var first = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", ModelsApi.MasterKey));
        var client = await first.ClientAsync();
        var made = await ModelsApi.ProviderAsync(client.Http, secret: "sk-under-the-first-key");
        await using var second = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", "quite another master key of more than 32 characters"), ("ConnectionStrings:lekhika", first.Database.Api));
        using var other = second.Client(client.Key);

        await other.PutTextAsync(Path(made), """{"secret": "sk-under-the-second-key"}""").ProblemAsync(503, "secrets_not_configured");

        second.Log.ShouldContain(line => line.StartsWith("Error:", StringComparison.Ordinal) && line.Contains("LEKHIKA_SECRETS_KEY_PREVIOUS", StringComparison.Ordinal));
        await client.Http.GetAsync($"/v1/providers/{made["id"]}").OkAsync();
        (await first.Database.AskAsync<long>("SELECT count(*) FROM data_protection_keys")).ShouldBe(1);
    }

    private static async Task<JsonNode> PutAsync(HttpClient client, JsonNode provider, string secret) => await client.PutAsJsonAsync(Path(provider), new { secret }).OkAsync();

    /// <summary>What a worker would read.</summary>
    private async Task<string> StoredAsync(JsonNode provider) => _api.Services.GetRequiredService<ProviderSecrets>()
        .Unprotect(Id(provider), (await _api.Database.AskAsync<string>("SELECT protected FROM ai_provider_secrets WHERE provider_id = $1", Id(provider)))!);

    private static string Path(JsonNode provider) => $"/v1/providers/{provider["id"]}/secret";

    private static Guid Id(JsonNode provider) => Guid.Parse((string)provider["id"]!);
}
