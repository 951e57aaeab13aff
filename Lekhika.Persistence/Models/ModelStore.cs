using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Models;

/// <summary>A model of a provider, with its newest price.</summary>
/// <param name="IsPlatforms">Whether it is the platform's, and not the caller's own.</param>
/// <param name="Price">Null when it has none yet.</param>
public sealed record Model(Guid Id, Guid ProviderId, bool IsPlatforms, ModelFacts Facts, PriceVersion? Price, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>What its owner says of a model.</summary>
/// <param name="ModelId">What the provider calls it; it never changes.</param>
public sealed record ModelFacts(
    string ModelId,
    string DisplayName,
    string Category,
    string Tier,
    int? ContextWindowTokens,
    int? MaxOutputTokens,
    IReadOnlyList<string> Capabilities,
    bool IsActive);

/// <summary>What a model costs, in US dollars.</summary>
public sealed record PriceFigures(
    decimal InputPerMillion,
    decimal OutputPerMillion,
    decimal? CachedInputPerMillion,
    decimal? CacheWritePerMillion,
    decimal BatchFactor,
    decimal? PerImage);

/// <summary>A version of a model's price.</summary>
/// <param name="Version">From 1.</param>
public sealed record PriceVersion(int Version, PriceFigures Figures, DateTime CreatedAt);

/// <summary>The models of providers and their prices. A price never changes: another one is the next version.</summary>
public sealed class ModelStore(TenantDatabase database)
{
    /// <summary>Most models of one user's own providers together.</summary>
    public const int MaxModels = 200;

    private const string Select = """
        SELECT m.id, m.provider_id, m.user_id IS NULL, m.model_id, m.display_name, m.category, m.tier, m.context_window_tokens, m.max_output_tokens, m.capabilities, m.is_active,
               m.created_at, m.updated_at, p.version, p.input_per_million, p.output_per_million, p.cached_input_per_million, p.cache_write_per_million, p.batch_factor, p.per_image, p.created_at
        FROM ai_model_metadata m
        LEFT JOIN LATERAL (SELECT * FROM ai_model_prices p WHERE p.model_id = m.id ORDER BY p.version DESC LIMIT 1) p ON true
        """;

    private const string One = $"{Select} WHERE m.id = $1";

    private const string Insert = $"""
        INSERT INTO ai_model_metadata (id, provider_id, user_id, model_id, display_name, category, tier, context_window_tokens, max_output_tokens, capabilities, is_active)
        SELECT $1, p.id, p.user_id, $3, $4, $5, $6, $7, $8, $9, $10 FROM ai_providers p
        WHERE p.id = $2 AND CASE WHEN p.user_id IS NULL THEN {ModelSql.IsAdmin} ELSE (SELECT count(*) FROM ai_model_metadata WHERE user_id = app_user_id()) < $11 END
        RETURNING id
        """;

    private const string Update = $"""
        UPDATE ai_model_metadata SET display_name = $3, category = $4, tier = $5, context_window_tokens = $6, max_output_tokens = $7, capabilities = $8, is_active = $9, {ModelSql.Touched}
        WHERE id = $1 AND model_id = $2 AND ($10::timestamptz IS NULL OR updated_at = $10)
        RETURNING id
        """;

    // Only of a model that this very transaction has written.
    private const string AddPrice = $"""
        INSERT INTO ai_model_prices (id, model_id, user_id, version, input_per_million, output_per_million, cached_input_per_million, cache_write_per_million, batch_factor, per_image)
        SELECT $2, m.id, m.user_id, 1 + coalesce(p.version, 0), $3, $4, $5, $6, $7, $8
        FROM ai_model_metadata m
        LEFT JOIN LATERAL (SELECT * FROM ai_model_prices p WHERE p.model_id = m.id ORDER BY p.version DESC LIMIT 1) p ON true
        WHERE m.id = $1 AND m.xmin = pg_current_xact_id()::xid
          AND (p.version IS NULL OR (p.input_per_million, p.output_per_million, p.cached_input_per_million, p.cache_write_per_million, p.batch_factor, p.per_image)
               IS DISTINCT FROM ($3::numeric, $4::numeric, $5::numeric, $6::numeric, $7::numeric, $8::numeric))
        """;

    /// <summary>A provider's models, the newest first; null when the user sees no such provider.</summary>
    public async Task<Page<Model>?> ListAsync(Guid userId, Guid providerId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add("SELECT 1 FROM ai_providers WHERE id = $1", Sql.Value(providerId))
            .Add($"""
                {Select} WHERE m.provider_id = $1 AND ($2::timestamptz IS NULL OR (m.created_at, m.id) < ($2, $3))
                ORDER BY m.created_at DESC, m.id DESC LIMIT $4
                """,
                Sql.Value(providerId), Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ReadAsync(cancellationToken);
        var providers = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var models = await reader.RowsAsync(Read, cancellationToken);
        return providers.Count == 0 ? null : Page<Model>.Of(models, page.Size, model => new PagePosition(model.CreatedAt, model.Id));
    }

    /// <summary>A model that the user sees.</summary>
    public async Task<Model?> FindAsync(Guid userId, Guid modelId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add(One, Sql.Value(modelId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Adds a model to a provider of the user's own, or to the platform's when the user is an administrator.</summary>
    /// <param name="price">Null: it has none yet.</param>
    public async Task<RowChange<Model>> AddAsync(Guid userId, Guid providerId, ModelFacts facts, PriceFigures? price, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var batch = database.ForAdmin(userId);
        batch.Add(ModelSql.LockUser)
            .Add("SELECT user_id IS NULL FROM ai_providers WHERE id = $1", Sql.Value(providerId))
            .Add($"SELECT {ModelSql.IsAdmin}")
            .Add(Insert,
                Sql.Value(id), Sql.Value(providerId), Sql.Value(facts.ModelId), Sql.Value(facts.DisplayName), Sql.Value(facts.Category), Sql.Value(facts.Tier),
                Sql.OrNull(facts.ContextWindowTokens, NpgsqlDbType.Integer), Sql.OrNull(facts.MaxOutputTokens, NpgsqlDbType.Integer),
                Sql.Value(facts.Capabilities.ToArray()), Sql.Value(facts.IsActive), Sql.Value((long)MaxModels));
        try
        {
            await using var reader = await Priced(batch, id, price).Add(One, Sql.Value(id)).ReadAsync(cancellationToken);
            await reader.RowsAsync(_ => true, cancellationToken);
            var platforms = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
            var isAdmin = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
            await reader.RowsAsync(_ => true, cancellationToken);
            var made = await reader.RowsAsync(Read, cancellationToken);
            return (platforms, made) switch
            {
                (_, [var model]) => new(RowOutcome.Done, model),
                ([], _) => RowChange<Model>.Of(RowOutcome.NotFound),
                ([true], _) when !isAdmin[0] => RowChange<Model>.Of(RowOutcome.NotAllowed),
                _ => RowChange<Model>.Of(RowOutcome.TooMany),
            };
        }
        catch (PostgresException error) when (ModelSql.IsTaken(error, "ai_model_metadata_provider_id_model_id_key"))
        {
            return RowChange<Model>.Of(RowOutcome.Taken);
        }
    }

    /// <summary>Says other things of a model; a price that differs from the newest becomes the next version.</summary>
    /// <param name="price">Null: as it is.</param>
    /// <param name="seen">When it was last changed, as the caller knows it; null when any will do.</param>
    public async Task<RowChange<Model>> UpdateAsync(Guid userId, Guid modelId, ModelFacts facts, PriceFigures? price, DateTime? seen, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        batch.Add("SELECT 1 FROM ai_model_metadata WHERE id = $1", Sql.Value(modelId))
            // Rows that may not be written cannot be locked either: row-level security leaves them out.
            .Add("SELECT 1 FROM ai_model_metadata WHERE id = $1 FOR UPDATE", Sql.Value(modelId))
            .Add(Update,
                Sql.Value(modelId), Sql.Value(facts.ModelId), Sql.Value(facts.DisplayName), Sql.Value(facts.Category), Sql.Value(facts.Tier),
                Sql.OrNull(facts.ContextWindowTokens, NpgsqlDbType.Integer), Sql.OrNull(facts.MaxOutputTokens, NpgsqlDbType.Integer),
                Sql.Value(facts.Capabilities.ToArray()), Sql.Value(facts.IsActive), Sql.OrNull(seen, NpgsqlDbType.TimestampTz));
        await using var reader = await Priced(batch, modelId, price).Add(One, Sql.Value(modelId)).ReadAsync(cancellationToken);
        var visible = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var writable = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var changed = await reader.RowsAsync(row => row.GetGuid(0), cancellationToken);
        var now = await reader.RowsAsync(Read, cancellationToken);
        return (visible.Count, writable.Count, changed.Count) switch
        {
            (_, _, 1) => new(RowOutcome.Done, now.Single()),
            (0, _, _) => RowChange<Model>.Of(RowOutcome.NotFound),
            (_, 0, _) => RowChange<Model>.Of(RowOutcome.NotAllowed),
            _ => RowChange<Model>.Of(now.Single().Facts.ModelId != facts.ModelId ? RowOutcome.Taken : RowOutcome.Conflict),
        };
    }

    /// <summary>Removes a model with its prices.</summary>
    public async Task<RowOutcome> RemoveAsync(Guid userId, Guid modelId, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch
            .Add("SELECT 1 FROM ai_model_metadata WHERE id = $1", Sql.Value(modelId))
            .Add("DELETE FROM ai_model_metadata WHERE id = $1 RETURNING 1", Sql.Value(modelId))
            .ReadAsync(cancellationToken);
        var visible = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var removed = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        return removed.Count > 0 ? RowOutcome.Done : visible.Count > 0 ? RowOutcome.NotAllowed : RowOutcome.NotFound;
    }

    private static TenantBatch Priced(TenantBatch batch, Guid modelId, PriceFigures? price) => price is null ? batch : batch.Add(AddPrice,
        Sql.Value(modelId), Sql.Value(Guid.CreateVersion7()), Sql.Value(price.InputPerMillion), Sql.Value(price.OutputPerMillion),
        Sql.OrNull(price.CachedInputPerMillion, NpgsqlDbType.Numeric), Sql.OrNull(price.CacheWritePerMillion, NpgsqlDbType.Numeric),
        Sql.Value(price.BatchFactor), Sql.OrNull(price.PerImage, NpgsqlDbType.Numeric));

    private static Model Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2),
        new ModelFacts(row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.Nullable<int>(7), row.Nullable<int>(8), row.GetFieldValue<string[]>(9), row.GetBoolean(10)),
        row.IsDBNull(13) ? null : new PriceVersion(row.GetInt32(13), Figures(row), row.GetDateTime(20)),
        row.GetDateTime(11), row.GetDateTime(12));

    private static PriceFigures Figures(NpgsqlDataReader row) =>
        new(Plain(row.GetDecimal(14)), Plain(row.GetDecimal(15)), Plain(row.Nullable<decimal>(16)), Plain(row.Nullable<decimal>(17)), Plain(row.GetDecimal(18)), Plain(row.Nullable<decimal>(19)));

    private static decimal? Plain(decimal? value) => value is { } some ? Plain(some) : null;

    /// <summary>Without the zeros at the end that the column's scale adds.</summary>
    private static decimal Plain(decimal value) => value / 1.0000000000000000000000000000m;
}
