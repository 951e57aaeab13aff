using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>AUTH and PING in Redis's inline protocol: all that a health check needs.</summary>
internal static class RedisPing
{
    /// <returns>True when the server on 127.0.0.1 accepts the password and has its data loaded.</returns>
    public static async Task<bool> SucceedsAsync(int port, string password, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(cancellationToken) == "+OK" && await reader.ReadLineAsync(cancellationToken) == "+PONG";
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
