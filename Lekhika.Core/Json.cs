using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lekhika.Core;

/// <summary>The one way in which Lekhika reads and writes JSON: camelCase, enums as camelCase words, null left out, depth at most 32.</summary>
public static class Json
{
    /// <summary>Angle brackets, ampersands and non-ASCII are escaped, so that a value can stand inside a fence or a page.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 32,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The value as one line of JSON.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The value of a JSON text; throws <see cref="JsonException"/> when it has another shape, or is null.</summary>
    public static T Read<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The value is null.");
        }
        catch (ArgumentException half)
        {
            // Half of a surrogate pair in the text itself: the serialiser cannot make UTF-8 of it.
            throw new JsonException("The text is not valid UTF-16.", half);
        }
    }
}
