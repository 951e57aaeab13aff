using System.Net.Http.Json;

namespace Lekhika.ServiceDefaults.Http;

/// <summary>
/// A request that may be sent again: its method is idempotent (RFC 9110, section 9.2.2) and its body, if any, can be
/// read twice.
/// </summary>
internal static class RepeatableRequest
{
    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    public static bool Is(HttpRequestMessage? request) =>
        request is not null
        && Idempotent.Contains(request.Method)
        && request.Content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent;
}
