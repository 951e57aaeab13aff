using Lekhika.Core.Models;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Models;

/// <summary>Reads what models a tenant may use, and what may be written with them.</summary>
public sealed class UsableModelStore(TenantDatabase database)
{
    private const string Providers = """
        SELECT p.id, p.name, p.provider, p.base_url, p.settings::text, p.user_id IS NOT NULL, s.protected, greatest(p.updated_at, p.secret_set_at, s.updated_at)
        FROM ai_providers p LEFT JOIN ai_provider_secrets s ON s.provider_id = p.id
        WHERE p.is_active ORDER BY p.user_id NULLS LAST, p.created_at, p.id
        """;

    private const string Models = """
        SELECT m.provider_id, m.model_id, m.category, m.tier, m.context_window_tokens, m.max_output_tokens, m.capabilities,
               c.id, c.version, c.input_per_million, c.output_per_million, c.cached_input_per_million, c.cache_write_per_million, c.batch_factor, c.per_image
        FROM ai_model_metadata m
        LEFT JOIN LATERAL (SELECT * FROM ai_model_prices p WHERE p.model_id = m.id ORDER BY p.version DESC LIMIT 1) c ON true
        WHERE m.is_active ORDER BY m.created_at, m.id
        """;

    // Those of another level than the tenant's are not for it.
    private const string Preferences = """
        SELECT role, tier, task, models, user_id IS NOT NULL FROM ai_model_preferences
        WHERE tier IS NULL OR tier = (SELECT l.key FROM users u JOIN levels l ON l.id = u.level_id WHERE u.id = app_user_id())
        """;

    // A user's own hide the platform's of the same name.
    private const string Known = """
        SELECT p.name, p.name || ':' || m.model_id, m.category, m.context_window_tokens, m.max_output_tokens, m.capabilities,
               p.is_active AND m.is_active AND (m.user_id IS NOT NULL OR EXISTS (SELECT FROM ai_model_prices c WHERE c.model_id = m.id))
        FROM ai_providers p LEFT JOIN ai_model_metadata m ON m.provider_id = p.id
        ORDER BY p.user_id NULLS LAST
        """;

    /// <summary>What a tenant may name, without secrets.</summary>
    public async Task<KnownModels> KnownAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add(Known).ListAsync(
            row => (Provider: row.GetString(0), Model: row.IsDBNull(1)
                ? null
                : new KnownModel(row.GetString(1), row.GetString(2), row.Nullable<int>(3), row.Nullable<int>(4), row.GetFieldValue<string[]>(5), row.GetBoolean(6))),
            cancellationToken);
        return new(
            rows.Select(row => row.Provider).ToHashSet(StringComparer.Ordinal),
            rows.Select(row => row.Model).OfType<KnownModel>().DistinctBy(model => model.Key).ToDictionary(model => model.Key, StringComparer.Ordinal));
    }

    /// <summary>The active rows, with secrets as they are stored; the worker's role alone may read those.</summary>
    public async Task<StoredModels> ReadAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch.Add(Providers).Add(Models).Add(Preferences).Add(StoredPolicies.Select).ReadAsync(cancellationToken);
        var providers = await reader.RowsAsync(
            row => new StoredProvider(row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetString(4), row.GetBoolean(5), row.Text(6), row.GetDateTime(7)), cancellationToken);
        var models = await reader.RowsAsync(Model, cancellationToken);
        var preferences = await reader.RowsAsync(
            row => new ModelPreference(row.Text(0), row.Text(1), row.Text(2), row.GetFieldValue<string[]>(3), row.GetBoolean(4)), cancellationToken);
        return new(providers, models, preferences, (await StoredPolicies.ReadAsync(reader, cancellationToken)).Effective);
    }

    private static StoredModel Model(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Nullable<int>(4), row.Nullable<int>(5), row.GetFieldValue<string[]>(6),
        row.IsDBNull(7) ? null : new ModelPrice(row.GetGuid(7), row.GetInt32(8), row.GetDecimal(9), row.GetDecimal(10), row.Nullable<decimal>(11), row.Nullable<decimal>(12), row.GetDecimal(13), row.Nullable<decimal>(14)));
}
