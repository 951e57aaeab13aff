using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Testing.Simulated;

/// <summary>The smallest value that fits a JSON schema of the kind that answers are asked for with: for tasks that a test does not care about.</summary>
public static class MinimalJson
{
    /// <summary>The value as JSON, the same for the same schema.</summary>
    public static string Of(JsonElement schema) => Value(schema)?.ToJsonString() ?? "null";

    private static JsonNode? Value(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("const", out var only))
        {
            return JsonNode.Parse(only.GetRawText());
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return JsonNode.Parse(words[0].GetRawText());
        }

        if (schema.TryGetProperty("anyOf", out var any) || schema.TryGetProperty("oneOf", out any))
        {
            return Value(any[0]);
        }

        return TypeOf(schema) switch
        {
            "object" => Object(schema),
            "array" => new JsonArray([.. Enumerable.Range(0, Number(schema, "minItems")).Select(_ => Value(schema.GetProperty("items")))]),
            "string" => "Nothing to add.",
            "integer" or "number" => Number(schema, "minimum"),
            "boolean" => false,
            _ => null,
        };
    }

    private static JsonObject Object(JsonElement schema)
    {
        var value = new JsonObject();
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!))
            {
                value[name] = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var property) ? Value(property) : null;
            }
        }

        return value;
    }

    /// <summary>Of several types the first: a value rather than null.</summary>
    private static string? TypeOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? null : type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString();

    private static int Number(JsonElement schema, string name) => schema.TryGetProperty(name, out var number) ? (int)Math.Ceiling(number.GetDouble()) : 0;
}
