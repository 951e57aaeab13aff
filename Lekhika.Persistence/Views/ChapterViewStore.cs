using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Views;

/// <summary>A chapter by its newest version.</summary>
/// <param name="Version">The newest version's number.</param>
/// <param name="Versions">The numbers of all versions, in order.</param>
public sealed record ChapterView(int Number, string Title, int Words, int Version, IReadOnlyList<int> Versions, DateTime CreatedAt);

/// <summary>One version of a chapter with its text, as its writer returned it.</summary>
public sealed record ChapterTextView(ChapterView Chapter, string NodeId, string Text);

/// <summary>The chapters of runs.</summary>
public sealed class ChapterViewStore(TenantDatabase database)
{
    /// <summary>The run's chapters in order, without text; null when the user has no such run.</summary>
    public async Task<IReadOnlyList<ChapterView>?> ListAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add("""
                SELECT DISTINCT ON (c.number) c.number, c.title, c.words, c.version, array_agg(c.version) OVER (PARTITION BY c.number), c.created_at
                FROM chapter_versions c WHERE c.execution_id = $1
                ORDER BY c.number, c.version DESC
                """, Sql.Value(executionId))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var chapters = await reader.RowsAsync(Read, cancellationToken);
        return runs.Count == 0 ? null : chapters;
    }

    /// <summary>A chapter's text; null when there is no such run, chapter or version.</summary>
    /// <param name="version">Null for the newest.</param>
    public async Task<ChapterTextView?> FindAsync(Guid userId, Guid executionId, int number, int? version, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch
            .Add("""
                SELECT c.number, c.title, c.words, c.version,
                       (SELECT array_agg(v.version) FROM chapter_versions v WHERE v.execution_id = $1 AND v.number = $2), c.created_at, c.node_id, c.content
                FROM chapter_versions c
                WHERE c.execution_id = $1 AND c.number = $2 AND ($3::int IS NULL OR c.version = $3)
                ORDER BY c.version DESC LIMIT 1
                """, Sql.Value(executionId), Sql.Value(number), Sql.OrNull(version, NpgsqlTypes.NpgsqlDbType.Integer))
            .ListAsync(row => new ChapterTextView(Read(row), row.GetString(6), row.GetString(7)), cancellationToken);
        return found.SingleOrDefault();
    }

    private static ChapterView Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), [.. row.GetFieldValue<int[]>(4).Order()], row.GetDateTime(5));
}
