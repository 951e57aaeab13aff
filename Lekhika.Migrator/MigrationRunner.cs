using Npgsql;

namespace Lekhika.Migrator;

/// <summary>
/// Brings a database to the newest schema: plain SQL scripts in order, each in a transaction of its own, forward only.
/// Several may start at once: an advisory lock lets one work while the others wait and then find nothing to do.
/// </summary>
public static class MigrationRunner
{
    private const long LockKey = 0x4C454B48494B41; // "LEKHIKA"

    /// <summary>Migrates the database of <paramref name="administrator"/> (a connection string of a superuser) and sets the services' passwords.</summary>
    /// <returns>The names of the scripts that were applied now.</returns>
    /// <exception cref="MigrationException">A script that was applied before has changed, or the database is newer than this program.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string administrator, RolePasswords passwords, CancellationToken cancellationToken)
    {
        // The lock is the session's: closing it, not returning it to a pool, gives the lock back whatever happened.
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString);
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(command => !command.CommandText.Contains("PASSWORD", StringComparison.Ordinal)));
        await using var source = builder.Build();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        var done = new List<string>();
        foreach (var script in MigrationScript.All)
        {
            if (!applied.Remove(script.Name, out var checksum))
            {
                await ApplyAsync(connection, script, cancellationToken);
                done.Add(script.Name);
            }
            else if (!checksum.AsSpan().SequenceEqual(script.Checksum))
            {
                throw new MigrationException($"The script {script.Name} was changed after it had been applied to this database. Put it back and write the next script.");
            }
        }

        if (applied.Count > 0)
        {
            throw new MigrationException($"The database knows {string.Join(", ", applied.Keys)}, which this version does not have: it was migrated by a newer version. Deploy that one.");
        }

        await SetPasswordsAsync(connection, passwords, cancellationToken);
        return done;
    }

    private static async Task<Dictionary<string, byte[]>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY, checksum bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT name, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        }

        return applied;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!script.AsAdministrator)
        {
            await ExecuteAsync(connection, "SET LOCAL ROLE lekhika_owner", cancellationToken);
        }

        await ExecuteAsync(connection, script.Sql, cancellationToken);
        await ExecuteAsync(connection, "RESET ROLE", cancellationToken);
        await using var record = new NpgsqlCommand("INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)", connection)
        {
            Parameters = { new() { Value = script.Name }, new() { Value = script.Checksum } },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// ALTER ROLE takes no parameters, so the statement is built by the server's own quoting. It is kept out of traces, and out of
    /// the server's log also when it fails.
    /// </summary>
    private static async Task SetPasswordsAsync(NpgsqlConnection connection, RolePasswords passwords, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "SET log_statement = 'none'; SET log_min_error_statement = 'panic'; SET log_min_duration_statement = -1", cancellationToken);
        foreach (var (role, password) in passwords.ByRole)
        {
            await using var quote = new NpgsqlCommand("SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", connection)
            {
                Parameters = { new() { Value = role }, new() { Value = password } },
            };
            await ExecuteAsync(connection, (string)(await quote.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // The text comes from this assembly's scripts or from the server's own format().
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The passwords that the services log in with.</summary>
public sealed record RolePasswords(string Api, string Worker, string Exporter)
{
    internal IEnumerable<(string Role, string Password)> ByRole => [("lekhika_api", Api), ("lekhika_worker", Worker), ("lekhika_exporter", Exporter)];
}

/// <summary>The schema cannot be brought up to date; the message says why and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
