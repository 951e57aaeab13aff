using System.Runtime.CompilerServices;
using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>Requests to batch interfaces, with the account's key; failures are <see cref="StepFault"/>s as everywhere.</summary>
internal static class BatchHttp
{
    /// <summary>Most bytes of an answer that is no list of lines.</summary>
    private const int Most = 16 * 1024 * 1024;

    /// <summary>The longest that one request may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Asks, and reads the answer's JSON.</summary>
    public static async Task<T> AskAsync<T>(ProviderAccount account, HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var request = Request(account, method, path, content);
            using var response = await ProviderHttp.Plain(account).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await ProviderHttp.ReadAsync(response.Content, Most, limit.Token);
            return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web) ?? throw new JsonException("null");
        }
        catch (Exception error)
        {
            throw ProviderFaults.Of(error, cancellationToken);
        }
    }

    /// <summary>The lines of an answer, each at most 16 MB.</summary>
    public static async IAsyncEnumerable<string> LinesAsync(ProviderAccount account, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Request(account, HttpMethod.Get, path, null);
        using var response = await TryAsync(() => ProviderHttp.Streams(account).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await TryAsync(() => reader.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken), cancellationToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }

    /// <summary>A line's JSON; null when it is not what the protocol knows: then it is no line, and its call has no answer.</summary>
    public static T? Read<T>(string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception error)
        {
            throw ProviderFaults.Of(error, cancellationToken);
        }
    }

    private static HttpRequestMessage Request(ProviderAccount account, HttpMethod method, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, new Uri(ProviderAddresses.Of(account), path)) { Content = content };
        ProviderHttp.Authorize(request, account);
        return request;
    }
}
