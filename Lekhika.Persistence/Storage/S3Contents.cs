using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Files;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Storage;

/// <summary>
/// Bytes as objects of a server that speaks S3, under keys of ids and hash in ASCII. Before an object is written, a row of <c>file_objects</c> says that it
/// will be; the file's row, in a transaction of its own, says that it is needed.
/// </summary>
public sealed partial class S3Contents(TenantDatabase database, S3Client s3, IOptions<StorageOptions> options, TimeProvider time, ILogger<S3Contents> log) : IFileContents
{
    private const int BufferLength = 128 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task<KeptContent> KeepAsync(ExportLease lease, Guid fileId, byte[] content, byte[] sha256, CancellationToken cancellationToken)
    {
        var place = new FileObject(Guid.CreateVersion7(time.GetUtcNow()), options.Value.Bucket ?? throw new StorageException(StorageException.NotConfigured, isAway: false),
            $"files/{lease.UserId:N}/{fileId:N}/{Convert.ToHexStringLower(sha256)}");
        if (await BeginAsync(lease, place, cancellationToken))
        {
            await PatientlyAsync(() => PutAsync(place, content, cancellationToken), cancellationToken);
        }

        // Else another exporter has the job; whatever is written of it writes nothing.
        return new KeptContent(place.Id, null);
    }

    /// <inheritdoc />
    public async Task VerifyAsync(Guid userId, StoredFile file, CancellationToken cancellationToken)
    {
        var place = file.Object!;
        // The time-out is of one step, not of the whole: it begins anew with each piece that comes.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Timeout);
        try
        {
            using var answer = await s3.Client.GetObjectAsync(place.Bucket, place.Key, patience.Token);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferLength];
            long length = 0;
            int read;
            while ((read = await answer.ResponseStream.ReadAsync(buffer, patience.Token)) > 0 && length <= file.Bytes)
            {
                patience.CancelAfter(options.Value.Timeout);
                hash.AppendData(buffer, 0, read);
                length += read;
            }

            if (length != file.Bytes || !hash.GetHashAndReset().AsSpan().SequenceEqual(file.Sha256))
            {
                throw Changed(file, place);
            }
        }
        catch (Exception error) when (S3Faults.IsOtherContent(error))
        {
            throw Changed(file, place);
        }
        catch (Exception error) when (S3Faults.IsMissing(error))
        {
            throw new DamagedFileException(file.Id, $"the object {place.Key} is not in the bucket {place.Bucket}");
        }
        catch (Exception error) when (IsFault(error, cancellationToken))
        {
            throw S3Faults.Explain(error);
        }
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(Guid userId, StoredFile file, long offset, int length, CancellationToken cancellationToken)
    {
        var end = Math.Min(offset + length, file.Bytes);
        if (offset >= end)
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Timeout);
        try
        {
            var request = new GetObjectRequest { BucketName = file.Object!.Bucket, Key = file.Object.Key, ByteRange = new ByteRange(offset, end - 1) };
            using var answer = await s3.Client.GetObjectAsync(request, patience.Token);
            var slice = new byte[end - offset];
            await answer.ResponseStream.ReadExactlyAsync(slice, patience.Token);
            return slice;
        }
        catch (Exception error) when (S3Faults.IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (IsFault(error, cancellationToken))
        {
            throw S3Faults.Explain(error);
        }
    }

    /// <summary>Removes an object; nothing is wrong when there is none.</summary>
    /// <exception cref="StorageException">The store does not answer, or refuses.</exception>
    internal async Task DeleteAsync(FileObject place, CancellationToken cancellationToken)
    {
        try
        {
            await s3.Client.DeleteObjectAsync(place.Bucket, place.Key, cancellationToken);
        }
        catch (Exception error) when (S3Faults.IsMissing(error))
        {
            // Some servers say so; it is what was wanted.
        }
        catch (Exception error) when (IsFault(error, cancellationToken))
        {
            throw S3Faults.Explain(error);
        }
    }

    /// <summary>False when the job is held by another exporter now.</summary>
    private async Task<bool> BeginAsync(ExportLease lease, FileObject place, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        return await batch.Add("""
            INSERT INTO file_objects (id, user_id, export_job_id, attempt, bucket, key)
            SELECT $3, user_id, id, attempt, $4, $5 FROM export_jobs WHERE id = $1 AND attempt = $2 AND status = 'running'
            """, Sql.Value(lease.JobId), Sql.Value(lease.Attempt), Sql.Value(place.Id), Sql.Value(place.Bucket), Sql.Value(place.Key)).ExecuteAsync(cancellationToken) == 1;
    }

    private async Task PutAsync(FileObject place, byte[] content, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(content, writable: false);
        // Signed as a whole: the server checks what arrives, and servers that know no chunks of Amazon's understand it.
        await s3.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = place.Bucket, Key = place.Key, InputStream = body, ContentType = "application/octet-stream", UseChunkEncoding = false }, cancellationToken);
    }

    /// <summary>Tries again while the store is away, as long as the patience lasts: the book is made, and only its place is missing.</summary>
    private async Task PatientlyAsync(Func<Task> put, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await put();
                return;
            }
            catch (Exception error) when (IsFault(error, cancellationToken))
            {
                var fault = error as StorageException ?? S3Faults.Explain(error);
                if (!fault.IsAway || time.GetElapsedTime(begun) + pause > options.Value.Patience)
                {
                    throw fault;
                }

                TriesAgain(log, pause, fault.Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static DamagedFileException Changed(StoredFile file, FileObject place) => new(file.Id, $"the object {place.Key} in the bucket {place.Bucket} is not that of its hash");

    private static bool IsFault(Exception error, CancellationToken cancellationToken) =>
        error is not (DamagedFileException or StorageException) && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested);

    [LoggerMessage(LogLevel.Warning, "A file waits {Pause} for its place. {Reason}")]
    private static partial void TriesAgain(ILogger log, TimeSpan pause, string reason);
}
