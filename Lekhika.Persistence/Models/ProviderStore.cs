using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Models;

/// <summary>A provider of models. Of the platform's, who is no administrator sees neither address nor settings nor anything of the key.</summary>
/// <param name="IsPlatforms">Whether it is the platform's, and not the caller's own.</param>
/// <param name="Name">The key of <c>keyName:modelId</c>.</param>
/// <param name="Kind">Whose protocol it speaks.</param>
/// <param name="Settings">JSON as stored; null when it is not shown.</param>
/// <param name="SecretSetAt">When its key was set; null when it has none.</param>
public sealed record Provider(
    Guid Id,
    bool IsPlatforms,
    string Name,
    string Kind,
    string? BaseUrl,
    string? Settings,
    bool IsActive,
    string? SecretLast4,
    DateTime? SecretSetAt,
    DateTime CreatedAt,
    DateTime UpdatedAt);

/// <summary>A provider to be made.</summary>
/// <param name="Secret">Null when it has none.</param>
public sealed record NewProvider(Guid Id, bool IsPlatforms, string Name, string Kind, string? BaseUrl, string Settings, StoredSecret? Secret);

/// <summary>A provider's key as it is kept.</summary>
/// <param name="Protected">Encrypted, see <see cref="Secrets.ProviderSecrets"/>.</param>
/// <param name="Last4">What shows its owner which key it is; null when it is too short to show anything.</param>
public sealed record StoredSecret(string Protected, string? Last4);

/// <summary>The platform's providers and users' own.</summary>
public sealed class ProviderStore(TenantDatabase database)
{
    /// <summary>Most providers of one user's own.</summary>
    public const int MaxProviders = 20;

    private const string Columns = $"id, user_id IS NULL, name, provider, base_url, settings::text, is_active, secret_last4, secret_set_at, created_at, updated_at, user_id IS NOT NULL OR {ModelSql.IsAdmin}";

    private const string Exists = "SELECT user_id IS NULL FROM ai_providers WHERE id = $1";

    private const string Insert = $"""
        WITH provider AS (
            INSERT INTO ai_providers (id, user_id, name, provider, base_url, settings, secret_last4, secret_set_at)
            SELECT $1, CASE WHEN $2 THEN NULL ELSE app_user_id() END, $3, $4, $5, $6, $8, CASE WHEN $7::text IS NOT NULL THEN now() END
            WHERE CASE WHEN $2 THEN {ModelSql.IsAdmin} ELSE (SELECT count(*) FROM ai_providers WHERE user_id = app_user_id()) < $9 END
            RETURNING *
        ), secret AS (
            INSERT INTO ai_provider_secrets (provider_id, user_id, protected) SELECT id, user_id, $7 FROM provider WHERE $7 IS NOT NULL
        )
        SELECT {Columns} FROM provider
        """;

    private const string Update = $"""
        UPDATE ai_providers SET base_url = $2, settings = $3, is_active = $4, {ModelSql.Touched}
        WHERE id = $1 AND ($5::timestamptz IS NULL OR updated_at = $5) AND ($6 OR secret_set_at IS NULL)
        RETURNING {Columns}
        """;

    // The new text stands twice: reading EXCLUDED's would need the right to read the table's.
    private const string SetSecret = $"""
        WITH provider AS (
            UPDATE ai_providers SET secret_last4 = $3, secret_set_at = now(), {ModelSql.Touched} WHERE id = $1 RETURNING *
        ), secret AS (
            INSERT INTO ai_provider_secrets (provider_id, user_id, protected) SELECT id, user_id, $2 FROM provider
            ON CONFLICT (provider_id) DO UPDATE SET protected = $2, updated_at = now()
        )
        SELECT {Columns} FROM provider
        """;

    private const string RemoveSecret = $"UPDATE ai_providers SET secret_last4 = NULL, secret_set_at = NULL, {ModelSql.Touched} WHERE id = $1 RETURNING {Columns}";

    /// <summary>The providers that the user looks after, the newest first: the user's own, for an administrator the platform's too.</summary>
    public async Task<(Page<Provider> Page, bool IsAdmin)> ListManagedAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch
            .Add($"SELECT {ModelSql.IsAdmin}")
            .Add($"""
                SELECT {Columns} FROM ai_providers
                WHERE ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2)) AND (user_id IS NOT NULL OR {ModelSql.IsAdmin})
                ORDER BY created_at DESC, id DESC LIMIT $3
                """,
                Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ReadAsync(cancellationToken);
        var isAdmin = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        var rows = await reader.RowsAsync(Read, cancellationToken);
        return (Page<Provider>.Of(rows, page.Size, provider => new PagePosition(provider.CreatedAt, provider.Id)), isAdmin[0]);
    }

    /// <summary>The platform's providers and the user's own, the newest first.</summary>
    public async Task<Page<Provider>> ListAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        var rows = await batch.Add($"""
            SELECT {Columns} FROM ai_providers
            WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2)
            ORDER BY created_at DESC, id DESC LIMIT $3
            """,
            Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ListAsync(Read, cancellationToken);
        return Page<Provider>.Of(rows, page.Size, provider => new PagePosition(provider.CreatedAt, provider.Id));
    }

    /// <summary>A provider that the user sees.</summary>
    public async Task<Provider?> FindAsync(Guid userId, Guid providerId, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        var rows = await batch.Add($"SELECT {Columns} FROM ai_providers WHERE id = $1", Sql.Value(providerId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Adds a provider of the user's own, or the platform's when the user is an administrator.</summary>
    public async Task<RowChange<Provider>> AddAsync(Guid userId, NewProvider provider, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        batch.Add(ModelSql.LockUser)
            .Add(Insert,
                Sql.Value(provider.Id), Sql.Value(provider.IsPlatforms), Sql.Value(provider.Name), Sql.Value(provider.Kind), Sql.OrNull(provider.BaseUrl, NpgsqlDbType.Text),
                Sql.Json(provider.Settings), Sql.OrNull(provider.Secret?.Protected, NpgsqlDbType.Text), Sql.OrNull(provider.Secret?.Last4, NpgsqlDbType.Text), Sql.Value((long)MaxProviders));
        try
        {
            await using var reader = await batch.ReadAsync(cancellationToken);
            await reader.RowsAsync(_ => true, cancellationToken);
            return await reader.RowsAsync(Read, cancellationToken) is [var made]
                ? new(RowOutcome.Done, made)
                : RowChange<Provider>.Of(provider.IsPlatforms ? RowOutcome.NotAllowed : RowOutcome.TooMany);
        }
        catch (PostgresException error) when (ModelSql.IsTaken(error, "ai_providers_of_owner"))
        {
            return RowChange<Provider>.Of(RowOutcome.Taken);
        }
    }

    /// <summary>Gives a provider another address, settings and state.</summary>
    /// <param name="seen">When it was last changed, as the caller knows it; null when any will do.</param>
    /// <param name="keepsSecret">Whether a key that is set may stay: false when it would be sent to another server than it was given for.</param>
    public async Task<RowChange<Provider>> UpdateAsync(
        Guid userId, Guid providerId, string? baseUrl, string settings, bool isActive, DateTime? seen, bool keepsSecret, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch
            .Add(Exists, Sql.Value(providerId))
            // Rows that may not be written cannot be locked either: row-level security leaves them out.
            .Add("SELECT updated_at FROM ai_providers WHERE id = $1 FOR UPDATE", Sql.Value(providerId))
            .Add(Update, Sql.Value(providerId), Sql.OrNull(baseUrl, NpgsqlDbType.Text), Sql.Json(settings), Sql.Value(isActive), Sql.OrNull(seen, NpgsqlDbType.TimestampTz), Sql.Value(keepsSecret))
            .ReadAsync(cancellationToken);
        var visible = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        var writable = await reader.RowsAsync(row => row.GetDateTime(0), cancellationToken);
        var changed = await reader.RowsAsync(Read, cancellationToken);
        return (visible, writable, changed) switch
        {
            (_, _, [var provider]) => new(RowOutcome.Done, provider),
            ([], _, _) => RowChange<Provider>.Of(RowOutcome.NotFound),
            (_, [], _) => RowChange<Provider>.Of(RowOutcome.NotAllowed),
            (_, [var at], _) when seen is not null && at != seen => RowChange<Provider>.Of(RowOutcome.Conflict),
            _ => RowChange<Provider>.Of(RowOutcome.SecretSet),
        };
    }

    /// <summary>Sets a provider's key; calls that begin from now on use it.</summary>
    public Task<RowChange<Provider>> SetSecretAsync(Guid userId, Guid providerId, StoredSecret secret, CancellationToken cancellationToken) =>
        ChangeAsync(userId, providerId, batch => batch.Add(SetSecret, Sql.Value(providerId), Sql.Value(secret.Protected), Sql.OrNull(secret.Last4, NpgsqlDbType.Text)), cancellationToken);

    /// <summary>Removes a provider's key; without one nothing changes but the time.</summary>
    public Task<RowChange<Provider>> RemoveSecretAsync(Guid userId, Guid providerId, CancellationToken cancellationToken) =>
        ChangeAsync(userId, providerId,
            batch => batch.Add(RemoveSecret, Sql.Value(providerId)).Add("DELETE FROM ai_provider_secrets WHERE provider_id = $1", Sql.Value(providerId)), cancellationToken);

    /// <summary>Removes a provider with its key, its models and their prices.</summary>
    public Task<RowChange<Provider>> RemoveAsync(Guid userId, Guid providerId, CancellationToken cancellationToken) =>
        ChangeAsync(userId, providerId, batch => batch.Add($"DELETE FROM ai_providers WHERE id = $1 RETURNING {Columns}", Sql.Value(providerId)), cancellationToken);

    /// <summary>A change whose rows are the first result that <paramref name="change"/> adds.</summary>
    private async Task<RowChange<Provider>> ChangeAsync(Guid userId, Guid providerId, Action<TenantBatch> change, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        batch.Add(Exists, Sql.Value(providerId));
        change(batch);
        await using var reader = await batch.ReadAsync(cancellationToken);
        var visible = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        var changed = await reader.RowsAsync(Read, cancellationToken);
        return (visible, changed) switch
        {
            (_, [var provider]) => new(RowOutcome.Done, provider),
            ([true], _) => RowChange<Provider>.Of(RowOutcome.NotAllowed),
            _ => RowChange<Provider>.Of(RowOutcome.NotFound),
        };
    }

    private static Provider Read(NpgsqlDataReader row)
    {
        var shown = row.GetBoolean(11);
        return new(
            row.GetGuid(0), row.GetBoolean(1), row.GetString(2), row.GetString(3), shown ? row.Text(4) : null, shown ? row.GetString(5) : null, row.GetBoolean(6),
            shown ? row.Text(7) : null, shown ? row.Nullable<DateTime>(8) : null, row.GetDateTime(9), row.GetDateTime(10));
    }
}
