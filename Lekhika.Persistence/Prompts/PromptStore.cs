using Lekhika.Core.Prompts;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Prompts;

/// <summary>A published version of the platform's texts of a kind.</summary>
/// <param name="CreatedBy">Who has published it; null for who is no administrator.</param>
public sealed record PublishedPrompt(Guid Id, PromptTemplate Template, string? Note, Guid? CreatedBy, DateTime CreatedAt);

/// <summary>The platform's prompts: read by all, published by administrators. A version never changes; the highest of a kind is in force.</summary>
public sealed class PromptStore(TenantDatabase database)
{
    private const string Columns = $"id, kind, version, system_text, task_text, note, CASE WHEN {ModelSql.IsAdmin} THEN created_by END, created_at";

    // A version that somebody else has published in the meantime is not covered up.
    private const string Insert = $"""
        INSERT INTO prompt_templates (id, kind, version, system_text, task_text, note, created_by)
        SELECT $1, $2, $3, $4, $5, $6, app_user_id()
        WHERE {ModelSql.IsAdmin} AND $3 = 1 + (SELECT coalesce(max(version), 0) FROM prompt_templates WHERE kind = $2)
        RETURNING {Columns}
        """;

    /// <summary>The version in force of each kind of which one is published.</summary>
    public async Task<IReadOnlyList<PublishedPrompt>> InForceAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        return await batch.Add($"SELECT DISTINCT ON (kind) {Columns} FROM prompt_templates ORDER BY kind, version DESC").ListAsync(Read, cancellationToken);
    }

    /// <summary>The version in force of a kind, null when none is published, and a page of all its versions, the newest first.</summary>
    public async Task<(PublishedPrompt? InForce, Page<PublishedPrompt> Versions)> ListAsync(Guid userId, string kind, PageRequest page, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch
            .Add($"SELECT {Columns} FROM prompt_templates WHERE kind = $1 ORDER BY version DESC LIMIT 1", Sql.Value(kind))
            .Add($"""
                SELECT {Columns} FROM prompt_templates
                WHERE kind = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
                ORDER BY created_at DESC, id DESC LIMIT $4
                """,
                Sql.Value(kind), Sql.OrNull(page.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.Value(page.After?.Id ?? default), Sql.Value(page.Size + 1))
            .ReadAsync(cancellationToken);
        var inForce = await reader.RowsAsync(Read, cancellationToken);
        var rows = await reader.RowsAsync(Read, cancellationToken);
        return (inForce.SingleOrDefault(), Page<PublishedPrompt>.Of(rows, page.Size, version => new PagePosition(version.CreatedAt, version.Id)));
    }

    /// <summary>A version; null when there is none.</summary>
    public async Task<PublishedPrompt?> FindAsync(Guid userId, string kind, int version, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        var found = await batch.Add($"SELECT {Columns} FROM prompt_templates WHERE kind = $1 AND version = $2", Sql.Value(kind), Sql.Value(version)).ListAsync(Read, cancellationToken);
        return found.SingleOrDefault();
    }

    /// <summary>Publishes a version: runs that are submitted from now on have it.</summary>
    /// <param name="template">Without faults (<see cref="PromptRules"/>). Its version is the one after that which the publisher knows as the newest; else it is a conflict.</param>
    public async Task<RowChange<PublishedPrompt>> PublishAsync(Guid userId, PromptTemplate template, string? note, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        batch.Add($"SELECT {ModelSql.IsAdmin}")
            .Add(Insert,
                Sql.Value(Guid.CreateVersion7()), Sql.Value(template.Kind), Sql.Value(template.Version), Sql.OrNull(template.System, NpgsqlDbType.Text),
                Sql.OrNull(template.Task, NpgsqlDbType.Text), Sql.OrNull(note, NpgsqlDbType.Text));
        try
        {
            await using var reader = await batch.ReadAsync(cancellationToken);
            var isAdmin = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
            return await reader.RowsAsync(Read, cancellationToken) is [var made]
                ? new(RowOutcome.Done, made)
                : RowChange<PublishedPrompt>.Of(isAdmin[0] ? RowOutcome.Conflict : RowOutcome.NotAllowed);
        }
        catch (PostgresException error) when (ModelSql.IsTaken(error, "prompt_templates_pkey"))
        {
            return RowChange<PublishedPrompt>.Of(RowOutcome.Conflict);
        }
    }

    private static PublishedPrompt Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), new PromptTemplate(row.GetString(1), row.GetInt32(2), row.Text(3), row.Text(4)), row.Text(5), row.Nullable<Guid>(6), row.GetDateTime(7));
}
