using Lekhika.AppHost.Local.Servers;
using Npgsql;

namespace Lekhika.Testing.Servers;

/// <summary>
/// One Postgres and one Redis. <c>./test</c> starts them once and hands their addresses to every test process in
/// <see cref="PostgresVariable"/> and <see cref="RedisVariable"/>; a process that runs without (in an IDE) starts its own,
/// which end with it.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    /// <summary>Environment variable: the administrator's Npgsql connection string.</summary>
    public const string PostgresVariable = "LEKHIKA_TEST_POSTGRES";

    /// <summary>Environment variable: StackExchange.Redis's connection string.</summary>
    public const string RedisVariable = "LEKHIKA_TEST_REDIS";

    private static readonly Lazy<Task<(string Postgres, string Redis)>> ForThisProcess = new(FindOrStartAsync);

    private readonly TestFolder _folder;
    private readonly PostgresServer _postgres;
    private readonly RedisServer _redis;

    private TestServers(TestFolder folder, PostgresServer postgres, RedisServer redis)
    {
        _folder = folder;
        _postgres = postgres;
        _redis = redis;
        Postgres = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString;
    }

    /// <summary>The administrator's connection string, to the database <c>postgres</c>.</summary>
    public string Postgres { get; }

    /// <summary>StackExchange.Redis's connection string.</summary>
    public string Redis => _redis.ConnectionString;

    /// <summary>The addresses that tests of this process use.</summary>
    public static Task<(string Postgres, string Redis)> SharedAsync() => ForThisProcess.Value;

    /// <summary>Starts both; what they hold is gone when this is disposed.</summary>
    public static async Task<TestServers> StartAsync(CancellationToken cancellationToken = default)
    {
        var folder = TestFolder.Create("servers");
        var postgres = PostgresServer.StartAsync(FastPostgres(folder), cancellationToken);
        var redis = RedisServer.StartAsync(new RedisOptions(folder["redis"], "test") { Persistent = false }, cancellationToken);
        return new TestServers(folder, await postgres, await redis);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_postgres.DisposeAsync().AsTask(), _redis.DisposeAsync().AsTask());
        _folder.Dispose();
    }

    /// <summary>Nothing of a test must survive a crash of the machine, so nothing waits for the disk.</summary>
    /// <param name="folder">Where the cluster lives.</param>
    /// <param name="survivesKill">Whether what was committed must survive a crash of the server: then commits are written at once, if not flushed.</param>
    internal static PostgresOptions FastPostgres(TestFolder folder, bool survivesKill = false) => new(folder["cluster"], "test")
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fsync"] = "off",
            ["synchronous_commit"] = survivesKill ? "on" : "off",
            // When exactly something was committed: pg_xact_commit_timestamp(xmin).
            ["track_commit_timestamp"] = survivesKill ? "on" : "off",
            ["full_page_writes"] = "off",
            ["max_connections"] = "500",
            ["max_wal_size"] = "4GB",
        },
    };

    private static async Task<(string Postgres, string Redis)> FindOrStartAsync()
    {
        if (Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } postgres &&
            Environment.GetEnvironmentVariable(RedisVariable) is { Length: > 0 } redis)
        {
            return (postgres, redis);
        }

        var servers = await StartAsync();
        // A process that is killed takes them along too (they are bound to its life); this is for the folder.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => servers.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return (servers.Postgres, servers.Redis);
    }
}
