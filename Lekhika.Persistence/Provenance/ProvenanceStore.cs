using Lekhika.Core.Exports.Provenance;
using Lekhika.Persistence.Tenancy;
using NpgsqlTypes;

namespace Lekhika.Persistence.Provenance;

/// <summary>A manifest and its text.</summary>
public sealed record MadeManifest(ProvenanceManifest Manifest, ManifestText Text);

/// <summary>Makes manifests of books from what the run has recorded, and keeps each under its hash. Nothing of them can be made from less than the run's own rows.</summary>
public sealed class ProvenanceStore(TenantDatabase database)
{
    /// <summary>The manifest of a run's book as of now, kept; null when the user has no such book.</summary>
    /// <param name="bookId">Null for the newest.</param>
    public async Task<MadeManifest?> MakeAsync(Guid userId, Guid executionId, Guid? bookId, CancellationToken cancellationToken)
    {
        var sources = await ReadAsync(userId, executionId, bookId, cancellationToken);
        if (sources is null)
        {
            return null;
        }

        var manifest = sources.Manifest();
        var text = manifest.Text();
        await using var batch = database.For(userId);
        await batch
            .Add("INSERT INTO provenance_manifests (book_id, sha256, execution_id, user_id, manifest) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (book_id, sha256) DO NOTHING",
                Sql.Value(manifest.Book.Id), Sql.Value(text.Sha256), Sql.Value(executionId), Sql.Value(userId), Sql.Value(text.Json))
            .ExecuteAsync(cancellationToken);
        return new(manifest, text);
    }

    /// <summary>The manifest that a file of the run names by its hash; null when there is none.</summary>
    public async Task<ManifestText?> FindAsync(Guid userId, Guid executionId, byte[] sha256, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch
            .Add("SELECT manifest, sha256 FROM provenance_manifests WHERE execution_id = $1 AND sha256 = $2 LIMIT 1", Sql.Value(executionId), Sql.Value(sha256))
            .ListAsync(row => new ManifestText(row.GetString(0), row.GetFieldValue<byte[]>(1)), cancellationToken);
        return rows.SingleOrDefault();
    }

    private async Task<ProvenanceSources?> ReadAsync(Guid userId, Guid executionId, Guid? bookId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        foreach (var sql in ProvenanceSources.Questions)
        {
            batch.Add(sql, Sql.Value(executionId), Sql.OrNull(bookId, NpgsqlDbType.Uuid));
        }

        await using var reader = await batch.ReadAsync(cancellationToken);
        return await ProvenanceSources.ReadAsync(reader, cancellationToken);
    }
}
