using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lekhika.Core.Workflows;

/// <summary>A field of the form that an input node declares.</summary>
/// <param name="Variable">The name under which its value is sent (<c>include_images</c>).</param>
/// <param name="Required">Whether a run needs a value.</param>
public sealed record InputField(string Variable, bool Required = false)
{
    /// <summary>What draws the field (label, type, options), kept as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}
