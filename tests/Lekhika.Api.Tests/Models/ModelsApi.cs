using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Models;

/// <summary>The Api with a master key for the keys of providers.</summary>
public sealed class ModelsApi : IAsyncLifetime
{
    public const string MasterKey = "a master key for tests, of more than 32 characters";

    public RunningApi Api { get; private set; } = null!;

    public async Task InitializeAsync() => Api = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", MasterKey));

    public async Task DisposeAsync() => await Api.DisposeAsync();

    public async Task<HttpClient> UserAsync() => (await Api.ClientAsync()).Http;

    public async Task<HttpClient> AdminAsync(string role = "admin")
    {
        var client = await Api.ClientAsync();
        await Api.Database.ExecuteAsync("UPDATE users SET role = $2 WHERE id = $1", client.User.Id, role);
        return client.Http;
    }

    /// <summary>A name that no other test's provider has.</summary>
    public static string NewName() => $"p-{Guid.NewGuid():N}"[..20];

    public static Task<JsonNode> ProviderAsync(HttpClient client, string? secret = null, bool? platform = null, string? name = null, string kind = "openai", string? baseUrl = null) =>
        MadeAsync(client, "/v1/providers", new { name = name ?? NewName(), kind, secret, platform, baseUrl });

    public static Task<JsonNode> ModelAsync(HttpClient client, JsonNode provider, string modelId = "m-1", object? price = null) =>
        MadeAsync(client, $"/v1/providers/{provider["id"]}/models", new { modelId, price });

    private static async Task<JsonNode> MadeAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.JsonAsync();
        answer.Headers.Location!.ToString().ShouldEndWith((string)made["id"]!);
        return made;
    }
}

internal static class Requests
{
    public static Task<HttpResponseMessage> PutTextAsync(this HttpClient client, string path, string json) => client.PutAsync(path, Json(json));

    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient client, string path, string json) => client.PostAsync(path, Json(json));

    public static async Task<JsonNode> OkAsync(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    public static async Task NoContentAsync(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonNode> ProblemAsync(this Task<HttpResponseMessage> asked, int status, string code)
    {
        using var answer = await asked;
        return await answer.ProblemAsync(status, code);
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
