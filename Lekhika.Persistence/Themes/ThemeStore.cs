using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Themes;

/// <summary>A row of <c>themes</c>.</summary>
/// <param name="Settings">With the theme that they stand over.</param>
public sealed record StoredTheme(Guid Id, string Name, string Description, ExportSettings Settings, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>Users' own themes.</summary>
public sealed class ThemeStore(TenantDatabase database)
{
    /// <summary>Most themes of one user.</summary>
    public const int MaxThemes = 50;

    private const string Columns = "id, name, description, settings::text, created_at, updated_at";

    private const string Insert = $"""
        INSERT INTO themes (id, user_id, name, description, settings)
        SELECT $1, app_user_id(), $2, $3, $4 WHERE (SELECT count(*) FROM themes WHERE user_id = app_user_id()) < $5
        RETURNING {Columns}
        """;

    private const string Update = $"""
        UPDATE themes SET name = $2, description = $3, settings = $4, {ModelSql.Touched}
        WHERE id = $1 AND ($5::timestamptz IS NULL OR updated_at = $5)
        RETURNING {Columns}
        """;

    private const string Delete = "DELETE FROM themes WHERE id = $1 AND ($2::timestamptz IS NULL OR updated_at = $2) RETURNING id";

    private const string Exists = "SELECT 1 FROM themes WHERE id = $1";

    /// <summary>The user's themes by name; there are never more than <see cref="MaxThemes"/>.</summary>
    public async Task<List<StoredTheme>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        return await batch.Add($"SELECT {Columns} FROM themes ORDER BY lower(name), id").ListAsync(Read, cancellationToken);
    }

    /// <summary>One of the user's themes.</summary>
    public async Task<StoredTheme?> FindAsync(Guid userId, Guid themeId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"SELECT {Columns} FROM themes WHERE id = $1", Sql.Value(themeId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>
    /// The settings with what a theme of the user's own that they name says where they are silent, and that theme's own base in its place: later changes
    /// of the theme change nothing. Null when the user has no such theme; settings that name none are as they are.
    /// </summary>
    public async Task<ExportSettings?> ResolveAsync(Guid userId, ExportSettings settings, CancellationToken cancellationToken) =>
        Theme.OwnId(settings.Theme) is not { } id ? settings
        : await FindAsync(userId, id, cancellationToken) is { } theme ? (settings with { Theme = null }).Over(theme.Settings)
        : null;

    /// <summary>Adds a theme.</summary>
    /// <param name="theme">A good one (<see cref="OwnTheme.Faults"/>).</param>
    public async Task<RowChange<StoredTheme>> AddAsync(Guid userId, OwnTheme theme, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        batch.Add(ModelSql.LockUser)
            .Add(Insert, Sql.Value(Guid.CreateVersion7()), Sql.Value(theme.Name), Sql.Value(theme.Description), Sql.Json(Json.Write(theme.Kept)), Sql.Value((long)MaxThemes));
        try
        {
            await using var reader = await batch.ReadAsync(cancellationToken);
            await reader.RowsAsync(_ => true, cancellationToken);
            return await reader.RowsAsync(Read, cancellationToken) is [var made] ? new(RowOutcome.Done, made) : RowChange<StoredTheme>.Of(RowOutcome.TooMany);
        }
        catch (PostgresException error) when (ModelSql.IsTaken(error, "themes_of_owner"))
        {
            return RowChange<StoredTheme>.Of(RowOutcome.Taken);
        }
    }

    /// <summary>Replaces a theme.</summary>
    /// <param name="theme">A good one (<see cref="OwnTheme.Faults"/>).</param>
    /// <param name="seen">When it was last changed, as the caller knows it; null when any will do.</param>
    public async Task<RowChange<StoredTheme>> UpdateAsync(Guid userId, Guid themeId, OwnTheme theme, DateTime? seen, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        batch.Add(Exists, Sql.Value(themeId))
            .Add(Update, Sql.Value(themeId), Sql.Value(theme.Name), Sql.Value(theme.Description), Sql.Json(Json.Write(theme.Kept)), Sql.OrNull(seen, NpgsqlDbType.TimestampTz));
        try
        {
            await using var reader = await batch.ReadAsync(cancellationToken);
            var found = await reader.RowsAsync(_ => true, cancellationToken);
            return await reader.RowsAsync(Read, cancellationToken) is [var changed]
                ? new(RowOutcome.Done, changed)
                : RowChange<StoredTheme>.Of(found.Count > 0 ? RowOutcome.Conflict : RowOutcome.NotFound);
        }
        catch (PostgresException error) when (ModelSql.IsTaken(error, "themes_of_owner"))
        {
            return RowChange<StoredTheme>.Of(RowOutcome.Taken);
        }
    }

    /// <summary>Removes a theme; runs that were ordered with it keep what it said.</summary>
    /// <param name="seen">As of <see cref="UpdateAsync"/>.</param>
    public async Task<RowOutcome> RemoveAsync(Guid userId, Guid themeId, DateTime? seen, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch.Add(Exists, Sql.Value(themeId)).Add(Delete, Sql.Value(themeId), Sql.OrNull(seen, NpgsqlDbType.TimestampTz)).ReadAsync(cancellationToken);
        var found = await reader.RowsAsync(_ => true, cancellationToken);
        var removed = await reader.RowsAsync(_ => true, cancellationToken);
        return removed.Count > 0 ? RowOutcome.Done : found.Count > 0 ? RowOutcome.Conflict : RowOutcome.NotFound;
    }

    private static StoredTheme Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetString(2), Json.Read<ExportSettings>(row.GetString(3)), row.GetDateTime(4), row.GetDateTime(5));
}
