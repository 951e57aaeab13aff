using System.Security.Cryptography;
using System.Text;
using Lekhika.Core;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>The header <c>Idempotency-Key</c> (IETF draft-ietf-httpapi-idempotency-key-header): the client's name for a request that may arrive twice.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>False when the header is there and has another form; the request is null when the header is absent.</summary>
    public static bool TryRead(HttpRequest http, Guid userEngineId, ExecuteRequest asked, out IdempotentRequest? request)
    {
        // The values as they were sent: not every JSON string can be written again (half a surrogate pair).
        var form = (asked.UserInput ?? []).Select(value => $"{Json.Write(value.Key)}:{value.Value.GetRawText()}");
        return TryRead(http, $"{userEngineId} {{{string.Join(',', form)}}} {Json.Write(asked.Options)}", out request);
    }

    /// <summary>The same for another kind of request; <paramref name="asked"/> is all of what was asked.</summary>
    public static bool TryRead(HttpRequest http, string asked, out IdempotentRequest? request)
    {
        request = null;
        if (!http.Headers.TryGetValue(Header, out var keys))
        {
            return true;
        }

        if (keys is not [{ Length: >= 1 and <= 255 } key] || key.Any(c => c is < '!' or > '~'))
        {
            return false;
        }

        request = new IdempotentRequest(key, SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
        return true;
    }
}
