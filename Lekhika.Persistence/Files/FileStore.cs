using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Files;

/// <summary>A stored file without its bytes. Its content never changes.</summary>
public sealed record StoredFile(Guid Id, string Name, string MediaType, long Bytes, byte[] Sha256, DateTime CreatedAt);

/// <summary>Files, read in slices: a slow download holds no connection between them.</summary>
public sealed class FileStore(TenantDatabase database)
{
    /// <summary>One of the user's files.</summary>
    public async Task<StoredFile?> FindAsync(Guid userId, Guid fileId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add("SELECT id, name, media_type, bytes, sha256, created_at FROM files WHERE id = $1", Sql.Value(fileId))
            .ListAsync(row => new StoredFile(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.GetDateTime(5)), cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>At most <paramref name="length"/> bytes from <paramref name="offset"/> on; empty at the end, null when the file is gone.</summary>
    public async Task<byte[]?> ReadAsync(Guid userId, Guid fileId, long offset, int length, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        // The column is stored uncompressed (STORAGE EXTERNAL), so that the server reads only the slice. Positions count from 1.
        var rows = await batch.Add("SELECT substring(content FROM $2 FOR $3) FROM file_contents WHERE file_id = $1",
            Sql.Value(fileId), Sql.Value(checked((int)offset + 1)), Sql.Value(length)).ListAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return rows.SingleOrDefault();
    }
}
