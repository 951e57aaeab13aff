using Npgsql;

namespace Lekhika.Migrator;

/// <summary>Makes users administrators of the platform: those whom the operator names by their e-mail addresses, at each start.</summary>
public static class Administrators
{
    /// <summary>The addresses of a setting, which commas part.</summary>
    public static string[] Read(string? setting) => setting?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Gives those of them who have an account the role; superadmins stay what they are, and nobody loses it.</summary>
    /// <param name="administrator">A connection string of a superuser.</param>
    /// <returns>How many have become administrators now, and how many addresses have no account.</returns>
    public static async Task<(int Made, int Unknown)> AppointAsync(string administrator, string[] addresses, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            WITH named AS (SELECT DISTINCT lower(address) AS address FROM unnest($1) address), made AS (
                UPDATE users SET role = 'admin', updated_at = now() FROM named WHERE lower(email) = named.address AND role = 'user' RETURNING 1
            )
            SELECT (SELECT count(*) FROM made)::int, (SELECT count(*) FROM named WHERE NOT EXISTS (SELECT FROM users WHERE lower(email) = named.address))::int
            """, connection)
        {
            Parameters = { new() { Value = addresses } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }
}
