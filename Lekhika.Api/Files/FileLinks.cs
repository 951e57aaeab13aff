using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Lekhika.Persistence.Files;

namespace Lekhika.Api.Files;

/// <summary>What a link says, once its signature was found right.</summary>
internal readonly record struct SignedLink(Guid UserId, DateTimeOffset ExpiresAt);

/// <summary>
/// Links to a file that need no credential: the key's number, the end, the owner, and an HMAC-SHA-256 over these and the file's id, as one word of 82 characters. The
/// word is a parameter of the address, not part of its path: paths are written into traces.
/// </summary>
internal sealed class FileLinks(LinkKeys keys, TimeProvider time)
{
    private const byte Version = 1;
    private const int KeyAt = 1;
    private const int ExpiryAt = KeyAt + sizeof(int);
    private const int UserAt = ExpiryAt + sizeof(long);
    private const int SignatureAt = UserAt + 16;
    private const int Length = SignatureAt + HMACSHA256.HashSizeInBytes;

    /// <summary>The word of a link that ends after a time, in whole seconds.</summary>
    /// <exception cref="Persistence.Secrets.SecretsException">There is no master key to keep signing keys with.</exception>
    public async Task<(string Word, DateTimeOffset ExpiresAt)> SignAsync(Guid userId, Guid fileId, TimeSpan life, CancellationToken cancellationToken)
    {
        var key = await keys.NewestAsync(cancellationToken);
        var expires = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + life).ToUnixTimeSeconds());
        var word = new byte[Length];
        word[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(word.AsSpan(KeyAt), key.Id);
        BinaryPrimitives.WriteInt64BigEndian(word.AsSpan(ExpiryAt), expires.ToUnixTimeSeconds());
        userId.TryWriteBytes(word.AsSpan(UserAt), bigEndian: true, out _);
        Sign(key, word.AsSpan(0, SignatureAt), fileId).CopyTo(word.AsSpan(SignatureAt));
        return (Base64Url.EncodeToString(word), expires);
    }

    /// <summary>What the word says of this file; null when we did not sign it. It may have ended.</summary>
    public async Task<SignedLink?> ReadAsync(string? text, Guid fileId, CancellationToken cancellationToken)
    {
        var word = new byte[Length];
        if (text?.Length != Base64Url.GetEncodedLength(Length) || Base64Url.DecodeFromChars(text, word, out _, out var written) != OperationStatus.Done || written != Length || word[0] != Version
            || await keys.FindAsync(BinaryPrimitives.ReadInt32BigEndian(word.AsSpan(KeyAt)), cancellationToken) is not { } key
            || !CryptographicOperations.FixedTimeEquals(Sign(key, word.AsSpan(0, SignatureAt), fileId), word.AsSpan(SignatureAt)))
        {
            return null;
        }

        return new(new Guid(word.AsSpan(UserAt, 16), bigEndian: true), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(word.AsSpan(ExpiryAt))));
    }

    public bool HasEnded(SignedLink link) => link.ExpiresAt <= time.GetUtcNow();

    private static byte[] Sign(LinkKey key, ReadOnlySpan<byte> said, Guid fileId)
    {
        Span<byte> all = stackalloc byte[SignatureAt + 16];
        said.CopyTo(all);
        fileId.TryWriteBytes(all[SignatureAt..], bigEndian: true, out _);
        return HMACSHA256.HashData(key.Secret, all);
    }
}
