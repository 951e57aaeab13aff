using System.Net;
using System.Net.Sockets;

namespace Lekhika.Core.Providers;

/// <summary>
/// Where a provider may be. A user names an address that our machines then connect to, so it must not lead into their own network
/// (SSRF). A name is judged by what is known of it here; what it resolves to is judged by <see cref="IsPublic"/> when it is connected to.
/// </summary>
public static class ProviderAddress
{
    /// <summary>Most characters of an address.</summary>
    public const int MaxLength = 500;

    // IANA's special-purpose registries (RFC 6890 and its updates), multicast and reserved space, and Azure's host agent.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Of IPv6 only this is in use on the Internet.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly string[] LocalNames = ["localhost", "local", "internal", "intranet", "lan", "home.arpa"];

    /// <summary>Why a text cannot be a provider's base address; null when it can.</summary>
    /// <param name="allowPrivate">Whether it may lead into private address space: the platform's own may.</param>
    public static string? Fault(string text, bool allowPrivate)
    {
        if (text.Length > MaxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return $"This is not an address of at most {MaxLength} ASCII characters.";
        }

        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return "The address begins with http:// or https://.";
        }

        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0 || text.Contains('@', StringComparison.Ordinal))
        {
            return "The address has neither a user nor a query nor a fragment in it.";
        }

        return allowPrivate || MayBePublic(address) ? null : "The address leads into a private network; only the platform's own providers may be there.";
    }

    /// <summary>Whether a host on the Internet can have this address: not loopback, private, link-local (where clouds keep their metadata), multicast or reserved.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address)) && !NotPublic.Any(network => network.Contains(address));
    }

    /// <summary>A literal address must be public; a name must have a dot and not one of the local endings.</summary>
    private static bool MayBePublic(Uri address)
    {
        var host = address.IdnHost.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(host, out var literal))
        {
            return IsPublic(literal);
        }

        return address.HostNameType == UriHostNameType.Dns && host.Contains('.', StringComparison.Ordinal)
            && !LocalNames.Any(name => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }
}
