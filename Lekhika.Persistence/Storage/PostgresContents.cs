using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Files;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Storage;

/// <summary>Bytes in the table <c>file_contents</c>, written in the transaction of the file's row.</summary>
public sealed class PostgresContents(TenantDatabase database) : IFileContents
{
    /// <inheritdoc />
    public Task<KeptContent> KeepAsync(ExportLease lease, Guid fileId, byte[] content, byte[] sha256, CancellationToken cancellationToken) =>
        Task.FromResult(new KeptContent(null, content));

    /// <inheritdoc />
    public async Task VerifyAsync(Guid userId, StoredFile file, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add("SELECT octet_length(content) = $2 AND sha256(content) = $3 FROM file_contents WHERE file_id = $1",
            Sql.Value(file.Id), Sql.Value(file.Bytes), Sql.Value(file.Sha256)).ListAsync(row => row.GetBoolean(0), cancellationToken);
        if (rows is not [true])
        {
            throw new DamagedFileException(file.Id, rows.Count == 0 ? "its bytes are not in file_contents" : "its bytes in file_contents are not those of its hash");
        }
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(Guid userId, StoredFile file, long offset, int length, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        // The column is stored uncompressed (STORAGE EXTERNAL), so that the server reads only the slice. Positions count from 1.
        var rows = await batch.Add("SELECT substring(content FROM $2 FOR $3) FROM file_contents WHERE file_id = $1",
            Sql.Value(file.Id), Sql.Value(checked((int)offset + 1)), Sql.Value(length)).ListAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return rows.SingleOrDefault();
    }
}
