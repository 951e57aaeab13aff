using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lekhika.Testing.Networks;

/// <summary>
/// A network between clients and a server of this machine that breaks when it is told to. After <see cref="LoseNextAnswers"/> the
/// next request reaches the server, but in place of its answer the connection breaks: nobody but the server then knows what was
/// done. <see cref="Cut"/> tears every connection at once, whatever was on its way.
/// </summary>
public sealed class BreakableLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _connections = new();
    private readonly int _server;
    private readonly Task _accepting;
    private int _toLose;
    private int _lost;

    /// <summary>A way to the server on this port of 127.0.0.1.</summary>
    public BreakableLink(int server)
    {
        _server = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>A way to the Postgres of a connection string.</summary>
    public BreakableLink(string postgres)
        : this(new NpgsqlConnectionStringBuilder(postgres).Port)
    {
    }

    /// <summary>Where clients connect to, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Answers lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>A Postgres connection string that leads through here.</summary>
    public string Through(string postgres) => new NpgsqlConnectionStringBuilder(postgres)
    {
        Host = "127.0.0.1",
        Port = Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>The next requests, each on a connection of its own, get no answer.</summary>
    public void LoseNextAnswers(int count = 1) => Interlocked.Exchange(ref _toLose, count);

    /// <summary>Resets every open connection; the number of them.</summary>
    public int Cut()
    {
        var open = _connections.ToArray();
        foreach (var (client, server) in open)
        {
            Reset(client);
            Reset(server);
        }

        return open.Length;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        Cut();
    }

    private static void Reset(TcpClient side)
    {
        try
        {
            side.LingerState = new LingerOption(enable: true, 0);
            side.Close();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or NullReferenceException)
        {
            // It has just ended by itself.
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> mayPass)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0 && mayPass())
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side has broken.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server);
            }
            catch (SocketException)
            {
                // The server is down: so the client learns it.
                return;
            }

            client.NoDelay = server.NoDelay = true;
            _connections[client] = server;
            var asking = false;
            var requests = PumpAsync(client, server, () =>
            {
                asking = asking || TakeOne();
                return true;
            });
            var answers = PumpAsync(server, client, () => !asking);
            await Task.WhenAny(requests, answers);
            _connections.TryRemove(client, out _);
            Interlocked.Add(ref _lost, asking ? 1 : 0);
        }
    }

    /// <summary>Whether this request's answer is one of those to lose.</summary>
    private bool TakeOne()
    {
        int left;
        do
        {
            left = Volatile.Read(ref _toLose);
        }
        while (left > 0 && Interlocked.CompareExchange(ref _toLose, left - 1, left) != left);
        return left > 0;
    }
}
