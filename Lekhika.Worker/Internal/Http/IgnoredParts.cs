using System.Text.Json;

namespace Lekhika.Worker.Internal.Http;

/// <summary>Names the parts of a body that nothing reads, such as the workflow that clients of the original send along.</summary>
internal static class IgnoredParts
{
    private const int Most = 50;
    private const int MaxName = 100;

    public static IEnumerable<string> Names(IReadOnlyDictionary<string, JsonElement>? others) =>
        (others ?? new Dictionary<string, JsonElement>()).Where(other => other.Value.ValueKind != JsonValueKind.Null)
        .Take(Most).Select(other => other.Key.Length <= MaxName ? other.Key : other.Key[..MaxName] + "…");
}
