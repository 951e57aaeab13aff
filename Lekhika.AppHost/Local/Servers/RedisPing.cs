using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>AUTH and PING in Redis's inline protocol: all that a health check needs.</summary>
internal static class RedisPing
{
    /// <summary>A frozen server accepts connections, since the kernel does so for it, and never answers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>True when the server on 127.0.0.1 accepts the password and has its data loaded; false when it has not said so within 5 s.</returns>
    public static async Task<bool> SucceedsAsync(int port, string password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(limit.Token) == "+OK" && await reader.ReadLineAsync(limit.Token) == "+PONG";
        }
        catch (Exception error) when (error is SocketException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
