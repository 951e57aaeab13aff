using Lekhika.AppHost.Local.Servers;

namespace Lekhika.Testing.Servers;

/// <summary>A Redis for one test that kills it. It keeps its port from start to start and forgets everything else.</summary>
public sealed class BreakableRedis : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly RedisServer _server;

    private BreakableRedis(TestFolder folder, RedisServer server)
    {
        _folder = folder;
        _server = server;
    }

    /// <summary>In StackExchange.Redis's form.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Starts one.</summary>
    public static async Task<BreakableRedis> StartAsync()
    {
        var folder = TestFolder.Create("redis");
        return new BreakableRedis(folder, await RedisServer.StartAsync(new RedisOptions(folder["redis"], "test") { Persistent = false }, CancellationToken.None));
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it after a kill; returns when it answers.</summary>
    public Task StartAgainAsync() => _server.StartAgainAsync(CancellationToken.None);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
