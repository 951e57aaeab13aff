using System.Net.Http.Headers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>The connections to all providers. Redirects are not followed: they would carry a key to another server.</summary>
internal static class ProviderHttp
{
    /// <summary>The longest that a provider may be silent; callers set shorter limits of their own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly ProviderFaultHandler Connections = new()
    {
        InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
    };

    private static readonly HttpClient Client = new(Connections, disposeHandler: false) { Timeout = Patience };

    /// <summary>For the official clients, which read lines of any length. Throws a <see cref="StepFault"/> for whatever is no success.</summary>
    public static HttpClient Streams { get; } = new(new LineLimitHandler { InnerHandler = Connections }, disposeHandler: false) { Timeout = Patience };

    /// <summary>Posts with the account's key and reads the whole answer.</summary>
    /// <param name="path">Below the provider's address.</param>
    /// <param name="most">Most bytes of the answer; a longer one is a <see cref="StepFault"/>.</param>
    public static async Task<ProviderAnswer> PostAsync(
        ProviderAccount account, string path, HttpContent content, string accept, int most, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ProviderAddresses.Of(account), path)) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        request.Headers.Authorization = string.IsNullOrWhiteSpace(account.Secret) ? null : new AuthenticationHeaderValue("Bearer", account.Secret);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var finish = response.Headers.TryGetValues("finish-reason", out var values) ? values.First() : null;
            return new ProviderAnswer(await ReadAsync(response.Content, most, limit.Token), finish);
        }
        catch (Exception error)
        {
            throw ProviderFaults.Of(error, cancellationToken);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (whole.Length + read > most)
            {
                throw StepFault.InvalidAnswer($"The model's answer is longer than {most} bytes.");
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}

/// <summary>A provider's whole answer.</summary>
/// <param name="Finish">Its header <c>finish-reason</c>, where it has one.</param>
internal sealed record ProviderAnswer(byte[] Body, string? Finish);
