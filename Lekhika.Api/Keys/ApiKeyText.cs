using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Lekhika.Api.Keys;

/// <summary>
/// The text of an API key: <c>LEKH-2-</c>, 160 random bits as 32 characters, and 6 characters (30 bits) of the SHA-256 of all
/// before them. Anybody can tell a typo, or a key in a leaked text, without asking us. The alphabet is Crockford's base 32.
/// </summary>
internal static class ApiKeyText
{
    private const string Start = "LEKH-2-";
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;
    private const int PrefixLength = 12;

    public static string Generate()
    {
        var body = Start + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return body + Checksum(body);
    }

    /// <summary>Whether the text can be a key at all.</summary>
    public static bool IsWhole(string text) =>
        text.Length == Start.Length + RandomLength + ChecksumLength
        && text.StartsWith(Start, StringComparison.Ordinal)
        && text.AsSpan(Start.Length).IndexOfAnyExcept(Characters) < 0
        && text.EndsWith(Checksum(text[..^ChecksumLength]), StringComparison.Ordinal);

    /// <summary>What a key is stored and found by.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.ASCII.GetBytes(text));

    /// <summary>What shows its owner which key it is: 25 of the random bits.</summary>
    public static string Prefix(string text) => text[..PrefixLength];

    private static string Checksum(string body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(body), hash);
        var characters = new char[ChecksumLength];
        for (var i = 0; i < ChecksumLength; i++)
        {
            characters[i] = Alphabet[hash[i] & 31];
        }

        return new string(characters);
    }
}
