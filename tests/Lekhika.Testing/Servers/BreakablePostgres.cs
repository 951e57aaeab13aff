using Lekhika.AppHost.Local.Servers;

namespace Lekhika.Testing.Servers;

/// <summary>A Postgres for one test that kills it. It keeps its port from start to start.</summary>
public sealed class BreakablePostgres : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly PostgresServer _server;

    private BreakablePostgres(TestFolder folder, PostgresServer server)
    {
        _folder = folder;
        _server = server;
    }

    /// <summary>The administrator's connection string; <see cref="TestDatabase.CreateAsync(string?)"/> takes it.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Starts one with data that survive its crashes.</summary>
    public static async Task<BreakablePostgres> StartAsync()
    {
        var folder = TestFolder.Create("postgres");
        return new BreakablePostgres(folder, await PostgresServer.StartAsync(TestServers.FastPostgres(folder, survivesKill: true), CancellationToken.None));
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
