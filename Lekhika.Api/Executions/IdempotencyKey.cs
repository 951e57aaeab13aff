using System.Security.Cryptography;
using System.Text;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>The header <c>Idempotency-Key</c> (IETF draft-ietf-httpapi-idempotency-key-header): the client's name for a request that may arrive twice.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>False when the header is there and has another form; the key is null when the header is absent.</summary>
    public static bool TryRead(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue(Header, out var keys))
        {
            return true;
        }

        if (keys is not [{ Length: >= 1 and <= 255 } sent] || sent.Any(c => c is < '!' or > '~'))
        {
            return false;
        }

        key = sent;
        return true;
    }

    /// <summary>The same with the hash of all of what was <paramref name="asked"/>.</summary>
    public static bool TryRead(HttpRequest http, string asked, out IdempotentRequest? request)
    {
        var isRead = TryRead(http, out var key);
        request = key is null ? null : new IdempotentRequest(key, SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
        return isRead;
    }
}
