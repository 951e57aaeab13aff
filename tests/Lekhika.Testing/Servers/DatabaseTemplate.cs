using System.Collections.Concurrent;
using Lekhika.Migrator;
using Npgsql;

namespace Lekhika.Testing.Servers;

/// <summary>The migrated database that tests copy. Whichever process comes first makes it, the others wait for it.</summary>
internal static class DatabaseTemplate
{
    public const string Name = "lekhika_template";

    private const long LockKey = 0x7465737464617461; // "testdata"

    private static readonly ConcurrentDictionary<string, Lazy<Task>> Made = new(StringComparer.Ordinal);

    public static Task EnsureAsync(string server) => Made.GetOrAdd(server, address => new Lazy<Task>(() => MakeAsync(address))).Value;

    private static async Task MakeAsync(string server)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        // Released when the connection closes.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})");
        await using var exists = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Name}'", connection);
        if (await exists.ExecuteScalarAsync() is not null)
        {
            return;
        }

        const string draft = Name + "_draft";
        await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {draft} WITH (FORCE)");
        await ExecuteAsync(connection, $"CREATE DATABASE {draft} TEMPLATE template0");
        var address = new NpgsqlConnectionStringBuilder(server) { Database = draft, Pooling = false }.ConnectionString;
        await MigrationRunner.RunAsync(address, new RolePasswords(TestDatabase.Password, TestDatabase.Password, TestDatabase.Password), CancellationToken.None);
        // Under its name only when it is whole.
        await ExecuteAsync(connection, $"ALTER DATABASE {draft} RENAME TO {Name}");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
