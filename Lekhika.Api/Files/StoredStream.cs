namespace Lekhika.Api.Files;

/// <summary>
/// Stored bytes to read from anywhere in them, fetched slice by slice: no whole file in memory, and no database connection held
/// while a slow client takes what it was sent. They never change, so slices of different times fit together.
/// </summary>
/// <param name="length">All bytes.</param>
/// <param name="read">At most so many bytes from an offset on; empty or null when there are none.</param>
/// <param name="verify">Done before the first of them is read; throws when they must not be sent.</param>
internal sealed class StoredStream(long length, Func<long, int, CancellationToken, Task<byte[]?>> read, Func<CancellationToken, Task>? verify = null) : Stream
{
    private const int SliceLength = 512 * 1024;

    private byte[] _slice = [];
    private long _sliceStart;
    private bool _isVerified = verify is null;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        if (!_isVerified)
        {
            await verify!(cancellationToken);
            _isVerified = true;
        }

        if (Position < _sliceStart || Position >= _sliceStart + _slice.Length)
        {
            _slice = await read(Position, SliceLength, cancellationToken) is { Length: > 0 } bytes
                ? bytes
                : throw new IOException($"The stored bytes end at {Position} of {Length}.");
            _sliceStart = Position;
        }

        var rest = _slice.AsMemory((int)(Position - _sliceStart));
        var taken = Math.Min(rest.Length, buffer.Length);
        rest[..taken].CopyTo(buffer);
        Position += taken;
        return taken;
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
