using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Auth;

/// <summary>Settings of access tokens; section <c>Auth</c> of the configuration.</summary>
internal sealed class AccessTokenOptions
{
    /// <summary>
    /// The secret that signs tokens, at least 32 characters; every replica has the same. Absent, each process makes its own:
    /// its tokens are refused by other replicas and end with it.
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>The secret before, whose tokens are still accepted while the secret is being replaced.</summary>
    public string? PreviousSigningKey { get; set; }

    /// <summary>How long a token is good for.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>A token and when it ends (UTC).</summary>
internal sealed record AccessToken(string Text, DateTime ExpiresAt);

/// <summary>
/// Access tokens: JWTs (RFC 7519) signed with HMAC-SHA-256 (RFC 7515, "HS256"), which every replica can check without asking
/// anybody. Only this one algorithm is ever accepted, whatever a token's header says.
/// </summary>
internal sealed partial class AccessTokens(IOptions<AccessTokenOptions> options, TimeProvider time, ILogger<AccessTokens> log)
{
    private const string Issuer = "lekhika";
    private static readonly string Header = Encode("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly byte[][] _keys = Keys(options.Value, log);

    public AccessToken Issue(Guid userId)
    {
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.Lifetime).ToUnixTimeSeconds());
        var claims = new Claims(Issuer, userId, now.ToUnixTimeSeconds(), expires.ToUnixTimeSeconds());
        var signed = $"{Header}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims, JsonSerializerOptions.Web))}";
        return new AccessToken($"{signed}.{Encode(Sign(_keys[0], signed))}", expires.UtcDateTime);
    }

    /// <summary>Whose token it is, or null when it is not ours, was changed or has ended.</summary>
    public Guid? Read(string token)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || !token.StartsWith(Header + ".", StringComparison.Ordinal) || Decode(token[(end + 1)..]) is not { } signature)
        {
            return null;
        }

        var signed = token[..end];
        if (!_keys.Any(key => CryptographicOperations.FixedTimeEquals(Sign(key, signed), signature)))
        {
            return null;
        }

        // Signed by us, so it is well-formed.
        var claims = JsonSerializer.Deserialize<Claims>(Decode(signed[(Header.Length + 1)..]), JsonSerializerOptions.Web)!;
        return claims.Iss == Issuer && claims.Exp > time.GetUtcNow().ToUnixTimeSeconds() ? claims.Sub : null;
    }

    private static byte[][] Keys(AccessTokenOptions options, ILogger log)
    {
        if (string.IsNullOrEmpty(options.SigningKey))
        {
            NoSigningKey(log);
            return [RandomNumberGenerator.GetBytes(32)];
        }

        return [.. new[] { options.SigningKey, options.PreviousSigningKey }.Where(key => !string.IsNullOrEmpty(key)).Select(key => Encoding.UTF8.GetBytes(key!))];
    }

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var written) ? bytes[..written] : null;
    }

    [LoggerMessage(LogLevel.Warning, "Auth:SigningKey is not set: access tokens end with this process, and other replicas refuse them")]
    private static partial void NoSigningKey(ILogger log);

    private sealed record Claims(string Iss, Guid Sub, long Iat, long Exp);
}
