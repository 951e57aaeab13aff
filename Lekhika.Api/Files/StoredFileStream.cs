using Lekhika.Persistence.Files;

namespace Lekhika.Api.Files;

/// <summary>
/// A stored file to read from anywhere in it, fetched slice by slice: no whole file in memory, and no database connection held
/// while a slow client takes what it was sent. A file never changes, so slices of different times fit together.
/// </summary>
internal sealed class StoredFileStream(FileStore files, Guid userId, StoredFile file) : Stream
{
    private const int SliceLength = 512 * 1024;

    private byte[] _slice = [];
    private long _sliceStart;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Bytes;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        if (Position < _sliceStart || Position >= _sliceStart + _slice.Length)
        {
            _slice = await files.ReadAsync(userId, file.Id, Position, SliceLength, cancellationToken) is { Length: > 0 } bytes
                ? bytes
                : throw new IOException($"The content of the file {file.Id} ends at {Position} of {Length} bytes.");
            _sliceStart = Position;
        }

        var rest = _slice.AsMemory((int)(Position - _sliceStart));
        var length = Math.Min(rest.Length, buffer.Length);
        rest[..length].CopyTo(buffer);
        Position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
