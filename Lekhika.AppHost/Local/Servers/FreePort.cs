using System.Net;
using System.Net.Sockets;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>Ports of 127.0.0.1 that nobody listens on at this moment.</summary>
internal static class FreePort
{
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The wished port if it is free, else any other.</summary>
    public static int Prefer(int wished) => wished > 0 && IsFree(wished) ? wished : Any();

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
