using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Identity;

/// <summary>A key as it is kept: never its text, only what shows which one it is.</summary>
/// <param name="Prefix">The first characters of the text.</param>
public sealed record ApiKey(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? RevokedAt,
    DateTime? LastUsedAt);

/// <summary>Whose key was shown, and what it may do.</summary>
public sealed record KeyHolder(Guid KeyId, Guid UserId, IReadOnlyList<string> Scopes);

/// <summary>API keys, looked up by the SHA-256 of their text.</summary>
public sealed class ApiKeyStore(TenantDatabase database, DoorDatabase doors)
{
    /// <summary>Most keys of one user that are not revoked.</summary>
    public const int MaxKeys = 100;

    private const string Columns = "id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at";

    /// <summary>Adds a key; null when the user has <see cref="MaxKeys"/> already.</summary>
    public async Task<ApiKey?> AddAsync(
        Guid userId, string name, string prefix, byte[] hash, IReadOnlyList<string> scopes, DateTime? expiresAt, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var added = await batch.Add($"""
            INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7
            WHERE (SELECT count(*) FROM api_keys WHERE revoked_at IS NULL) < {MaxKeys}
            RETURNING {Columns}
            """,
            Sql.Value(Guid.CreateVersion7()), Sql.Value(userId), Sql.Value(name), Sql.Value(prefix), Sql.Value(hash),
            Sql.Value(scopes.ToArray()), Sql.OrNull(expiresAt, NpgsqlDbType.TimestampTz)).ListAsync(Read, cancellationToken);
        return added.SingleOrDefault();
    }

    /// <summary>The user's keys, the newest first, revoked ones too.</summary>
    public async Task<Page<ApiKey>> ListAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"""
            SELECT {Columns} FROM api_keys
            WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2)
            ORDER BY created_at DESC, id DESC LIMIT $3
            """,
            Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(Read, cancellationToken);
        return Page<ApiKey>.Of(rows, page.Size, key => new PagePosition(key.CreatedAt, key.Id));
    }

    /// <summary>Revokes a key from now on; false when the user has no such key. Revoking again changes nothing.</summary>
    public async Task<bool> RevokeAsync(Guid userId, Guid keyId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var revoked = await batch.Add("UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING id", Sql.Value(keyId))
            .ListAsync(row => row.GetGuid(0), cancellationToken);
        return revoked.Count > 0;
    }

    /// <summary>Whose key has this hash, if it may be used now; notes the use, to the minute.</summary>
    public async Task<KeyHolder?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var batch = Through(doors, hash);
        await using var reader = await batch.ReadAsync(cancellationToken);
        return await ReadHolderAsync(reader, cancellationToken);
    }

    /// <summary>A batch of the key's owner, if it may be used now, which begins by telling who that is and noting the use.</summary>
    internal static TenantBatch Through(DoorDatabase doors, byte[] hash) => doors.Through(DoorDatabase.Key, hash)
        .Add("SELECT id, user_id, scopes FROM api_keys WHERE hash = $1", Sql.Value(hash))
        .Add("UPDATE api_keys SET last_used_at = now() WHERE hash = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)", Sql.Value(hash));

    /// <summary>Reads how such a batch begins.</summary>
    internal static async Task<KeyHolder?> ReadHolderAsync(Npgsql.NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = await reader.RowsAsync(row => new KeyHolder(row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<string[]>(2)), cancellationToken);
        return rows.SingleOrDefault();
    }

    private static ApiKey Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3),
        row.GetDateTime(4), row.Nullable<DateTime>(5), row.Nullable<DateTime>(6), row.Nullable<DateTime>(7));
}
