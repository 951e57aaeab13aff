using System.Net;

namespace Lekhika.Worker.Internal;

/// <summary>
/// Where the internal endpoints listen and what opens them: configuration section <c>Worker</c>; the original's names (PORT,
/// INTERNAL_API_SECRET) count too, and the secret has no other.
/// </summary>
internal sealed class InternalOptions
{
    public const int ShortestSecret = 32;
    public const string BadSecret = "INTERNAL_API_SECRET must have at least 32 characters, all of them visible ASCII, so that it can stand in a header and cannot be guessed. Make one with: openssl rand -hex 32";
    public const string BadPort = "PORT (Worker:InternalPort) must be a port from 1 to 65535, or 0 for no internal endpoints.";
    public const string BadAddress = "Worker:InternalAddress must be an IP address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.";

    /// <summary>The port of the internal endpoints. Default 0: they are not there.</summary>
    public int InternalPort { get; set; }

    /// <summary>The IP address that they listen on. Default 127.0.0.1: nobody else's machine reaches them.</summary>
    public string InternalAddress { get; set; } = "127.0.0.1";

    /// <summary>What a request must bring in X-Internal-Auth; null: every request is refused.</summary>
    public string? Secret { get; private set; }

    public bool HasPort => InternalPort is >= 0 and <= IPEndPoint.MaxPort;

    public bool HasAddress => IPAddress.TryParse(InternalAddress, out _);

    public bool HasSafeSecret => Secret is null || (Secret.Length >= ShortestSecret && Secret.All(c => c is > ' ' and <= '~'));

    public void ReadEnvironment(IConfiguration configuration)
    {
        InternalPort = configuration.GetValue("PORT", InternalPort);
        Secret = configuration["INTERNAL_API_SECRET"] is { Length: > 0 } secret ? secret : null;
    }
}
