using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Lekhika.Core.Providers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>The connections to all providers. Redirects are not followed: they would carry a key to another server.</summary>
internal static class ProviderHttp
{
    /// <summary>The longest that a provider may be silent; callers set shorter limits of their own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly Clients Anywhere = new(new SocketsHttpHandler());

    // Past a proxy nobody here would see where it leads, so there is none.
    private static readonly Clients PublicOnly = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectPublicAsync });

    /// <summary>For the official clients, which read lines of any length. Throws a <see cref="StepFault"/> for whatever is no success.</summary>
    public static HttpClient Streams(ProviderAccount account) => For(account).Streams;

    /// <summary>For whole answers. Throws a <see cref="StepFault"/> for whatever is no success.</summary>
    public static HttpClient Plain(ProviderAccount account) => For(account).Plain;

    /// <summary>Posts with the account's key and reads the whole answer.</summary>
    /// <param name="path">Below the provider's address.</param>
    /// <param name="most">Most bytes of the answer; a longer one is a <see cref="StepFault"/>.</param>
    public static async Task<ProviderAnswer> PostAsync(
        ProviderAccount account, string path, HttpContent content, string accept, int most, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ProviderAddresses.Of(account), path)) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        Authorize(request, account);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await For(account).Plain.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var finish = response.Headers.TryGetValues("finish-reason", out var values) ? values.First() : null;
            return new ProviderAnswer(await ReadAsync(response.Content, most, limit.Token), finish);
        }
        catch (Exception error)
        {
            throw ProviderFaults.Of(error, cancellationToken);
        }
    }

    /// <summary>What the server answers to a question that costs nothing and shows whether it takes the key.</summary>
    /// <exception cref="StepFault">The account has no address or no key.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached; around a <see cref="StepFault"/> when its address is not allowed.</exception>
    public static async Task<HttpStatusCode> ProbeAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var path = account.Kind switch
        {
            ProviderKinds.Anthropic => "v1/models",
            ProviderKinds.Stability => "v1/user/account",
            _ => "models",
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ProviderAddresses.Of(account), path));
        Authorize(request, account);
        using var response = await For(account).Bare.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Gives a request of ours the account's key, in the header that its protocol documents.</summary>
    public static void Authorize(HttpRequestMessage request, ProviderAccount account)
    {
        if (account.Kind == ProviderKinds.Anthropic)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        if (string.IsNullOrWhiteSpace(account.Secret))
        {
            return;
        }

        if (account.Kind == ProviderKinds.Anthropic)
        {
            request.Headers.Add("x-api-key", account.Secret);
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Secret);
        }
    }

    private static Clients For(ProviderAccount account) => account.MustBePublic ? PublicOnly : Anywhere;

    /// <summary>Connects to a public address of the host, or to none: what a name resolves to is judged at the moment of use.</summary>
    private static async ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, ProviderAddress.IsPublic);
        if (allowed.Length == 0)
        {
            throw StepFault.Permanent("The provider's address leads into a private network; only the platform's own providers may be there.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A whole body; a longer one is a <see cref="StepFault"/>.</summary>
    public static async Task<byte[]> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
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

    /// <summary>The clients over one set of connections.</summary>
    private sealed class Clients
    {
        public Clients(SocketsHttpHandler sockets)
        {
            (sockets.AllowAutoRedirect, sockets.UseCookies, sockets.ConnectTimeout, sockets.PooledConnectionLifetime) = (false, false, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5));
            Bare = new HttpClient(sockets, disposeHandler: false) { Timeout = Patience };
            var faults = new ProviderFaultHandler { InnerHandler = sockets };
            Plain = new HttpClient(faults, disposeHandler: false) { Timeout = Patience };
            Streams = new HttpClient(new FinishReasonHandler { InnerHandler = new LineLimitHandler { InnerHandler = faults } }, disposeHandler: false) { Timeout = Patience };
        }

        /// <summary>Answers with whatever the server answers.</summary>
        public HttpClient Bare { get; }

        public HttpClient Plain { get; }

        public HttpClient Streams { get; }
    }
}

/// <summary>A provider's whole answer.</summary>
/// <param name="Finish">Its header <c>finish-reason</c>, where it has one.</param>
internal sealed record ProviderAnswer(byte[] Body, string? Finish);
