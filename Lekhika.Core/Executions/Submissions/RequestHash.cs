using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lekhika.Core.Executions.Submissions;

/// <summary>Tells whether two requests ask for the same book.</summary>
public static class RequestHash
{
    /// <summary>SHA-256 of engine, form and options.</summary>
    public static byte[] Of(Guid userEngineId, IReadOnlyDictionary<string, JsonElement> form, ExecuteOptions? options)
    {
        // The values as they were sent: not every JSON string can be written again (half a surrogate pair).
        var values = form.Select(value => $"{Json.Write(value.Key)}:{value.Value.GetRawText()}");
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{userEngineId} {{{string.Join(',', values)}}} {Json.Write(options)}"));
    }
}
