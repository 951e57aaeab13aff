using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lekhika.Persistence.Tests;

/// <summary>
/// A network between a client and its Postgres that loses what it is told to: after <see cref="LoseNextAnswer"/> the next request
/// reaches the server, but in place of its answer the connection breaks. Nobody but the server then knows what was committed.
/// </summary>
internal sealed class LostAnswers : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly (string Host, int Port) _server;
    private readonly Task _accepting;
    private int _toLose;

    public LostAnswers(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        _server = (server.Host!, server.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Lost { get; private set; }

    public string Through(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    public void LoseNextAnswer() => Interlocked.Exchange(ref _toLose, 1);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
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
            await server.ConnectAsync(_server.Host, _server.Port);
            var asking = false;
            var requests = PumpAsync(client, server, () =>
            {
                asking |= Interlocked.Exchange(ref _toLose, 0) == 1;
                return true;
            });
            var answers = PumpAsync(server, client, () => !asking);
            await Task.WhenAny(requests, answers);
            Lost += asking ? 1 : 0;
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
}
