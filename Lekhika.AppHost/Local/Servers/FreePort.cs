using System.Net;
using System.Net.Sockets;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>Ports of 127.0.0.1 that nobody listens on at this moment.</summary>
internal static class FreePort
{
    private static readonly Dictionary<int, FileStream> Reserved = [];

    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The wished port if it is free, else any other.</summary>
    public static int Prefer(int wished) => wished > 0 && IsFree(wished) && TryReserve(wished) ? wished : Any();

    /// <summary>
    /// Between this look at a port and the service's own bind lie seconds, in which another AppHost would find it free as well, and then take the
    /// other one's service for its own. So AppHosts tell each other, by a lock that the system frees when the process ends.
    /// </summary>
    private static bool TryReserve(int port)
    {
        lock (Reserved)
        {
            if (Reserved.ContainsKey(port))
            {
                return true;
            }

            try
            {
                var file = Path.Combine(Path.GetTempPath(), $"lekhika-port-{port}.lock");
                Reserved.Add(port, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                return true;
            }
            catch (UnauthorizedAccessException)
            {
                // Another account's file, perhaps from long ago: it says nothing about now.
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

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
