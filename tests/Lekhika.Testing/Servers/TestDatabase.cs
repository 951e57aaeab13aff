using Npgsql;

namespace Lekhika.Testing.Servers;

/// <summary>
/// A migrated database of one's own: a copy of a template that is migrated once per run of the tests. Connection strings for the
/// administrator and for each service's role; dropped at dispose.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>The password of every service's role in tests.</summary>
    public const string Password = "test";

    private readonly string _server;

    private TestDatabase(string server, string name)
    {
        _server = server;
        Name = name;
    }

    /// <summary>The database's name, unique on its server: also a good prefix for keys and channels.</summary>
    public string Name { get; }

    /// <summary>The superuser's connection string; for looking and arranging, never for what is tested.</summary>
    public string Admin => As("postgres");

    /// <summary>The connection string of <c>lekhika_api</c>.</summary>
    public string Api => As("lekhika_api");

    /// <summary>The connection string of <c>lekhika_worker</c>.</summary>
    public string Worker => As("lekhika_worker");

    /// <summary>The connection string of <c>lekhika_exporter</c>.</summary>
    public string Exporter => As("lekhika_exporter");

    /// <summary>A migrated database on the shared server, or on <paramref name="server"/> (an administrator's connection string).</summary>
    public static async Task<TestDatabase> CreateAsync(string? server = null)
    {
        server ??= (await TestServers.SharedAsync()).Postgres;
        await DatabaseTemplate.EnsureAsync(server);
        return await CreateAsync(server, DatabaseTemplate.Name);
    }

    /// <summary>An empty database on the shared server, for tests of the migrations themselves.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync() =>
        await CreateAsync((await TestServers.SharedAsync()).Postgres, "template0");

    /// <summary>Runs a statement as the administrator; <c>$1</c>, <c>$2</c> … stand for the values.</summary>
    public async Task ExecuteAsync(string sql, params object[] values) => await AskAsync<object>(sql, values);

    /// <summary>The first value of the first row, as the administrator sees it; default when there is no row or it is null.</summary>
    public async Task<T?> AskAsync<T>(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(Admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync() is T found ? found : default;
    }

    /// <summary>Waits until a query of one boolean answers true; asks every 20 ms.</summary>
    /// <exception cref="TimeoutException">It did not within the time (15 s unless told); the message has the query.</exception>
    public Task UntilAsync(string sql, object[]? values = null, TimeSpan? within = null) =>
        Eventually.TrueAsync(() => AskAsync<bool>(sql, values ?? []), sql, within);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    private static async Task<TestDatabase> CreateAsync(string server, string template)
    {
        var database = new TestDatabase(server, $"test_{Guid.NewGuid():N}");
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {database.Name} TEMPLATE {template}", connection);
        await create.ExecuteNonQueryAsync();
        return database;
    }

    private string As(string role) => new NpgsqlConnectionStringBuilder(_server)
    {
        Database = Name,
        Username = role,
        Password = Password,
        // The administrator asks now and then; a kept connection would only use up the server's places.
        Pooling = role != "postgres",
        MaxPoolSize = 20,
    }.ConnectionString;
}
