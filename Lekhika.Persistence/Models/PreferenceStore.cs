using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Models;

/// <summary>For which steps a preference counts; null: for all.</summary>
public sealed record PreferenceScope(bool IsPlatforms, string? Role, string? Tier, string? Task);

/// <summary>Which models are tried in which order.</summary>
/// <param name="Models">Each <c>keyName:modelId</c>, the first preferred.</param>
public sealed record Preference(PreferenceScope Scope, IReadOnlyList<string> Models, DateTime CreatedAt);

/// <summary>A model as a preference names it.</summary>
/// <param name="Key">The provider's name.</param>
/// <param name="ModelId">What the provider calls the model.</param>
public readonly record struct ModelName(string Key, string ModelId)
{
    /// <summary>The two of <c>keyName:modelId</c>; null when it is no such text. What the provider calls a model may have colons.</summary>
    public static ModelName? Read(string text) => text.IndexOf(':', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 ? new(text[..at], text[(at + 1)..]) : null;

    /// <inheritdoc />
    public override string ToString() => $"{Key}:{ModelId}";
}

/// <summary>Which models are tried in which order, the platform's preferences and users' own.</summary>
public sealed class PreferenceStore(TenantDatabase database)
{
    /// <summary>Most preferences of one user.</summary>
    public const int MaxPreferences = 100;

    private const string Columns = "user_id IS NULL, role, tier, task, models, created_at";

    private const string Owner = "CASE WHEN $1 THEN NULL ELSE app_user_id() END";

    private const string Unknown = """
        SELECT asked.key || ':' || asked.model FROM unnest($2::text[], $3::text[]) WITH ORDINALITY asked (key, model, at)
        WHERE NOT EXISTS (
            SELECT FROM ai_providers p JOIN ai_model_metadata m ON m.provider_id = p.id
            WHERE p.name = asked.key AND m.model_id = asked.model AND NOT ($1 AND p.user_id IS NOT NULL))
        ORDER BY asked.at
        """;

    private const string Put = $"""
        INSERT INTO ai_model_preferences (id, user_id, role, tier, task, models)
        SELECT $5, {Owner}, $2, $3, $4, $6
        WHERE CASE WHEN $1 THEN {ModelSql.IsAdmin}
              ELSE (SELECT count(*) FROM ai_model_preferences WHERE user_id = app_user_id() AND (role, tier, task) IS DISTINCT FROM ($2::text, $3::text, $4::text)) < $7 END
        ON CONFLICT (user_id, role, tier, task) DO UPDATE SET models = $6
        RETURNING {Columns}
        """;

    private const string Delete = $"""
        DELETE FROM ai_model_preferences
        WHERE user_id IS NOT DISTINCT FROM {Owner} AND (role, tier, task) IS NOT DISTINCT FROM ($2::text, $3::text, $4::text)
        RETURNING {Columns}
        """;

    /// <summary>The user's own preferences, then the platform's.</summary>
    public async Task<List<Preference>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        return await batch.Add($"SELECT {Columns} FROM ai_model_preferences ORDER BY user_id NULLS LAST, role NULLS FIRST, tier NULLS FIRST, task NULLS FIRST").ListAsync(Read, cancellationToken);
    }

    /// <summary>Sets which models are tried; what was set for exactly the same steps is replaced.</summary>
    /// <param name="models">At least one; each must be a model that the user sees, and for the platform's preference the platform's.</param>
    public async Task<RowChange<Preference>> PutAsync(Guid userId, PreferenceScope scope, IReadOnlyList<ModelName> models, CancellationToken cancellationToken)
    {
        await using (var ask = database.For(userId))
        {
            var unknown = await ask.Add(Unknown, Sql.Value(scope.IsPlatforms), Sql.Array(models, model => model.Key), Sql.Array(models, model => model.ModelId))
                .ListAsync(row => row.GetString(0), cancellationToken);
            if (unknown.Count > 0)
            {
                return RowChange<Preference>.Of(RowOutcome.UnknownModels) with { Unknown = unknown };
            }
        }

        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch.Add(ModelSql.LockUser)
            .Add(Put, [.. Parameters(scope), Sql.Value(Guid.CreateVersion7()), Sql.Array(models, model => model.ToString()), Sql.Value((long)MaxPreferences)])
            .ReadAsync(cancellationToken);
        await reader.RowsAsync(_ => true, cancellationToken);
        return await reader.RowsAsync(Read, cancellationToken) is [var put]
            ? new(RowOutcome.Done, put)
            : RowChange<Preference>.Of(scope.IsPlatforms ? RowOutcome.NotAllowed : RowOutcome.TooMany);
    }

    /// <summary>Removes what was set for exactly these steps.</summary>
    public async Task<RowOutcome> RemoveAsync(Guid userId, PreferenceScope scope, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch.Add($"SELECT {ModelSql.IsAdmin}").Add(Delete, Parameters(scope)).ReadAsync(cancellationToken);
        var isAdmin = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        var removed = await reader.RowsAsync(Read, cancellationToken);
        return removed.Count > 0 ? RowOutcome.Done : scope.IsPlatforms && !isAdmin[0] ? RowOutcome.NotAllowed : RowOutcome.NotFound;
    }

    private static NpgsqlParameter[] Parameters(PreferenceScope scope) =>
        [Sql.Value(scope.IsPlatforms), Sql.OrNull(scope.Role, NpgsqlDbType.Text), Sql.OrNull(scope.Tier, NpgsqlDbType.Text), Sql.OrNull(scope.Task, NpgsqlDbType.Text)];

    private static Preference Read(NpgsqlDataReader row) =>
        new(new PreferenceScope(row.GetBoolean(0), row.Text(1), row.Text(2), row.Text(3)), row.GetFieldValue<string[]>(4), row.GetDateTime(5));
}
