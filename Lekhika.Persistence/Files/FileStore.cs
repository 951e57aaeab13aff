using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Caching.Memory;

namespace Lekhika.Persistence.Files;

/// <summary>A stored file without its bytes, which never change.</summary>
/// <param name="ExecutionId">The run that it was made of.</param>
/// <param name="Object">Where its bytes are, when they are not in the database.</param>
/// <param name="RemovedAt">When its bytes were removed.</param>
public sealed record StoredFile(
    Guid Id, Guid ExecutionId, string Name, string MediaType, long Bytes, byte[] Sha256, DateTime CreatedAt, FileObject? Object = null, DateTime? RemovedAt = null);

/// <summary>An object of an object store.</summary>
public sealed record FileObject(Guid Id, string Bucket, string Key);

/// <summary>Files, read in slices from wherever they are: a slow download holds no connection between them.</summary>
public sealed class FileStore(TenantDatabase database, PostgresContents postgres, S3Contents objects) : IDisposable
{
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);

    // Bytes that were found right a moment ago need not be read as a whole for each range of them.
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>One of the user's files.</summary>
    public async Task<StoredFile?> FindAsync(Guid userId, Guid fileId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add("""
            SELECT f.id, f.name, f.media_type, f.bytes, f.sha256, f.created_at, f.removed_at, o.id, o.bucket, o.key, f.execution_id
            FROM files f LEFT JOIN file_objects o ON o.id = f.object_id
            WHERE f.id = $1 AND EXISTS (SELECT FROM users u WHERE u.id = f.user_id AND u.is_active)
            """, Sql.Value(fileId))
            .ListAsync(row => new StoredFile(
                row.GetGuid(0), row.GetGuid(10), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.GetDateTime(5),
                row.IsDBNull(7) ? null : new FileObject(row.GetGuid(7), row.GetString(8), row.GetString(9)), row.Nullable<DateTime>(6)), cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Reads all bytes where they are and compares their hash; not again within ten minutes.</summary>
    /// <exception cref="DamagedFileException">They are others, or gone.</exception>
    /// <exception cref="StorageException">The object store does not answer.</exception>
    public async Task VerifyAsync(Guid userId, StoredFile file, CancellationToken cancellationToken)
    {
        if (_verified.TryGetValue(file.Id, out _))
        {
            return;
        }

        await PlaceOf(file).VerifyAsync(userId, file, cancellationToken);
        _verified.Set(file.Id, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Trust });
    }

    /// <summary>At most <paramref name="length"/> bytes from <paramref name="offset"/> on, which is within the file.</summary>
    /// <exception cref="DamagedFileException">They are gone.</exception>
    /// <exception cref="StorageException">The object store does not answer.</exception>
    public async Task<byte[]> ReadAsync(Guid userId, StoredFile file, long offset, int length, CancellationToken cancellationToken) =>
        await PlaceOf(file).ReadAsync(userId, file, offset, length, cancellationToken) is { Length: > 0 } bytes
            ? bytes
            : throw new DamagedFileException(file.Id, $"its bytes from {offset} on are gone");

    /// <inheritdoc />
    public void Dispose() => _verified.Dispose();

    private IFileContents PlaceOf(StoredFile file) => file.Object is null ? postgres : objects;
}
