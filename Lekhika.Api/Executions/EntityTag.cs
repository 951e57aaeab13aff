using System.Buffers.Text;
using System.Security.Cryptography;
using Lekhika.Core;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Executions;

/// <summary>
/// Lets clients that poll be told "nothing new" (RFC 9110, sections 8.8.3 and 13.1.2). The tag is weak, since the envelope's
/// time differs from answer to answer.
/// </summary>
internal static class EntityTag
{
    /// <summary>Sets the header ETag; true when the client has this version already.</summary>
    public static bool IsKnown<T>(HttpContext context, T data)
    {
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Json.Write(data)));
        var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(hash.AsSpan(0, 16))}\"", isWeak: true);
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        return EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known)
            && known.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false));
    }
}
