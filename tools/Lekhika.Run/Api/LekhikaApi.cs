using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lekhika.Run.Api;

/// <summary>The public API, as any client sees it.</summary>
internal sealed class LekhikaApi(HttpClient http)
{
    public Uri Address => http.BaseAddress!;

    public static LekhikaApi At(Uri address) => new(new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) });

    public Task<Login> RegisterAsync(string email, string password, CancellationToken cancellationToken) =>
        SendAsync<Login>(HttpMethod.Post, "/v1/auth/register", bearer: null, new { email, password, fullName = "Demo" }, cancellationToken);

    public Task<Login> LoginAsync(string email, string password, CancellationToken cancellationToken) =>
        SendAsync<Login>(HttpMethod.Post, "/v1/auth/login", bearer: null, new { email, password }, cancellationToken);

    public Task<NewKey> MakeKeyAsync(string accessToken, CancellationToken cancellationToken) =>
        SendAsync<NewKey>(HttpMethod.Post, "/v1/keys", accessToken, new { name = "demo" }, cancellationToken);

    public async Task<IReadOnlyList<Engine>> EnginesAsync(string key, CancellationToken cancellationToken) =>
        (await DataAsync<EngineList>(HttpMethod.Get, "/engines-api/list", key, null, cancellationToken)).Engines;

    public async Task<string> SubmitAsync(string key, string userEngineId, IReadOnlyDictionary<string, JsonElement> userInput, CancellationToken cancellationToken) =>
        (await DataAsync<Submitted>(HttpMethod.Post, $"/engines-api/{userEngineId}/execute", key, new { userInput }, cancellationToken)).ExecutionId;

    public Task<Execution> ExecutionAsync(string key, string executionId, CancellationToken cancellationToken) =>
        DataAsync<Execution>(HttpMethod.Get, $"/engines-api/executions/{executionId}", key, null, cancellationToken);

    /// <summary>Writes a file as a whole: a broken download leaves nothing under its name.</summary>
    public async Task DownloadAsync(string key, string url, string path, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, url, key, null);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await EnsureAsync(answer, cancellationToken);
        var part = path + ".part";
        await using (var file = File.Create(part))
        {
            await answer.Content.CopyToAsync(file, cancellationToken);
        }

        File.Move(part, path, overwrite: true);
    }

    private static HttpRequestMessage Request(HttpMethod method, string url, string? bearer, object? body) => new(method, url)
    {
        Headers = { Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer) },
        Content = body is null ? null : JsonContent.Create(body),
    };

    private static async Task EnsureAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var sentence = ApiError.Sentence(await answer.Content.ReadAsStringAsync(cancellationToken));
            throw new ApiException(answer.StatusCode, $"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}: {sentence}");
        }
    }

    private async Task<T> DataAsync<T>(HttpMethod method, string url, string key, object? body, CancellationToken cancellationToken)
        where T : class =>
        (await SendAsync<Envelope<T>>(method, url, key, body, cancellationToken)).Data
        ?? throw new ApiException(HttpStatusCode.OK, $"{url} answered without data.");

    private async Task<T> SendAsync<T>(HttpMethod method, string url, string? bearer, object? body, CancellationToken cancellationToken)
    {
        using var request = Request(method, url, bearer, body);
        using var answer = await http.SendAsync(request, cancellationToken);
        await EnsureAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<T>(cancellationToken))!;
    }
}
