using System.Security.Cryptography;
using System.Text;

namespace Lekhika.Persistence.Secrets;

/// <summary>A key that is in no database: AES-256-GCM, with a fingerprint that tells which key encrypted something.</summary>
internal sealed class MasterKey
{
    private const int Length = 32;
    private const int MinCharacters = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int TextStart = NonceLength + TagLength;
    private static readonly byte[] Purpose = "lekhika key ring 1"u8.ToArray();

    private readonly byte[] _key;

    private MasterKey(byte[] key)
    {
        _key = key;
        Fingerprint = Convert.ToHexStringLower(HMACSHA256.HashData(key, "lekhika master key"u8).AsSpan(0, 8));
    }

    /// <summary>64 bits of a keyed hash: tells keys apart and nothing about them.</summary>
    public string Fingerprint { get; }

    /// <summary>The key that a setting gives: base64 of 32 bytes, or the SHA-256 of any text of at least 32 characters.</summary>
    /// <exception cref="InvalidOperationException">It is shorter; the message names the setting, not the text.</exception>
    public static MasterKey Parse(string text, string setting)
    {
        text = text.Trim();
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var written) && written == Length)
        {
            return new(bytes[..written]);
        }

        return text.Length >= MinCharacters
            ? new(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
            : throw new InvalidOperationException($"{setting} must be base64 of {Length} bytes, or a text of at least {MinCharacters} characters. 'openssl rand -base64 32' makes one.");
    }

    /// <summary>Nonce, tag and ciphertext.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> text)
    {
        var all = new byte[TextStart + text.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(all.AsSpan(0, NonceLength), text, all.AsSpan(TextStart), all.AsSpan(NonceLength, TagLength), Purpose);
        return all;
    }

    /// <exception cref="CryptographicException">It was changed, cut off, or is another key's.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> all)
    {
        if (all.Length < TextStart)
        {
            throw new CryptographicException("A key of the key ring is cut off.");
        }

        var text = new byte[all.Length - TextStart];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(all[..NonceLength], all[TextStart..], all.Slice(NonceLength, TagLength), text, Purpose);
        return text;
    }
}
