using Microsoft.Extensions.Configuration;

namespace Lekhika.ServiceDefaults.Http;

/// <summary>
/// Replaces a logical service name in a request's address by an address from the configuration, as
/// Microsoft.Extensions.ServiceDiscovery does: <c>http://api/x</c> becomes one of <c>services:api:http:0..n</c> in turn,
/// <c>https+http://api</c> prefers https, and <c>http://_name.api</c> takes the endpoint <c>services:api:name:0..n</c>.
/// An address whose host is not configured is left as it is.
/// </summary>
internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    private int _turn = -1;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        if (asked is not { IsAbsoluteUri: true })
        {
            return await base.SendAsync(request, cancellationToken);
        }

        request.RequestUri = Resolve(asked);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry further out must see the logical name again, to be given the next address.
            request.RequestUri = asked;
        }
    }

    private Uri Resolve(Uri asked)
    {
        var schemes = asked.Scheme.Split('+');
        var (service, endpoint) = Name(asked.Host);
        foreach (var key in endpoint is null ? schemes : [endpoint])
        {
            var addresses = configuration.GetSection($"services:{service}:{key}").GetChildren()
                .Select(child => child.Value)
                .Where(value => !string.IsNullOrWhiteSpace(value))
                .ToArray();
            if (addresses.Length > 0)
            {
                var turn = (int)((uint)Interlocked.Increment(ref _turn) % (uint)addresses.Length);
                return Join(asked, addresses[turn]!, schemes[0]);
            }
        }

        return schemes.Length == 1 ? asked : new UriBuilder(asked) { Scheme = schemes[0] }.Uri;
    }

    private static (string Service, string? Endpoint) Name(string host) =>
        host.StartsWith('_') && host.IndexOf('.') is > 1 and var dot ? (host[(dot + 1)..], host[1..dot]) : (host, null);

    private static Uri Join(Uri asked, string address, string scheme)
    {
        var target = new Uri(address.Contains("://", StringComparison.Ordinal) ? address : $"{scheme}://{address}", UriKind.Absolute);
        return new UriBuilder(asked)
        {
            Scheme = target.Scheme,
            Host = target.Host,
            Port = target.Port,
            Path = target.AbsolutePath.TrimEnd('/') + asked.AbsolutePath,
        }.Uri;
    }
}
