using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Files;

namespace Lekhika.Persistence.Storage;

/// <summary>A place for the bytes of files. They never change, and a file's row says in which place they are.</summary>
public interface IFileContents
{
    /// <summary>Brings the bytes of a new file to their place, before its row is written.</summary>
    /// <exception cref="StorageException">They could not be brought there; the message says why.</exception>
    Task<KeptContent> KeepAsync(ExportLease lease, Guid fileId, byte[] content, byte[] sha256, CancellationToken cancellationToken);

    /// <summary>Reads all bytes where they are.</summary>
    /// <exception cref="DamagedFileException">They are not those of the file's hash, or gone.</exception>
    /// <exception cref="StorageException">The place does not answer.</exception>
    Task VerifyAsync(Guid userId, StoredFile file, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="length"/> bytes from <paramref name="offset"/> on; null when there are none.</summary>
    /// <exception cref="StorageException">The place does not answer.</exception>
    Task<byte[]?> ReadAsync(Guid userId, StoredFile file, long offset, int length, CancellationToken cancellationToken);
}

/// <summary>What the transaction that writes a file's row has to do with its bytes.</summary>
/// <param name="ObjectId">The object that holds them; null when they are in the database.</param>
/// <param name="WithRow">What is still to be written beside the row; null when all is done.</param>
public sealed record KeptContent(Guid? ObjectId, byte[]? WithRow);
