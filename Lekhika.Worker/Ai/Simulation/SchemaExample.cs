using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// A small value that a JSON schema (https://json-schema.org/draft/2020-12) allows: required properties only, as few elements as
/// possible, null where it is allowed. Of the keywords it knows those by which types are described, no patterns and no conditions.
/// </summary>
internal static class SchemaExample
{
    private const int MaxDepth = 32;
    private const string Filler = "filler";

    /// <exception cref="InvalidOperationException">The schema has no finite example, or refers to what is not in it.</exception>
    public static JsonNode? Of(JsonElement schema) => Of(schema, schema, 0);

    private static JsonNode? Of(JsonElement schema, JsonElement root, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidOperationException("The schema describes nothing finite.");
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            // The schema true allows everything.
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Of(Resolve(root, reference.GetString()!), root, depth + 1);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return JsonNode.Parse(words[0].GetRawText());
        }

        if (schema.TryGetProperty("anyOf", out var choices) || schema.TryGetProperty("oneOf", out choices))
        {
            return choices.EnumerateArray().Any(choice => TypeOf(choice) == "null") ? null : Of(choices[0], root, depth + 1);
        }

        return TypeOf(schema) switch
        {
            "object" => Members(schema, root, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, (int)(Figure(schema, "minItems") ?? 0)).Select(_ => Of(schema.GetProperty("items"), root, depth + 1))]),
            "string" => Text(schema),
            "integer" or "number" => JsonValue.Create(Figure(schema, "minimum") ?? Math.Min(0, Figure(schema, "maximum") ?? 0)),
            "boolean" => false,
            _ => null,
        };
    }

    private static JsonObject Members(JsonElement schema, JsonElement root, int depth)
    {
        var example = new JsonObject();
        foreach (var name in schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [])
        {
            example.Add(name, schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var member) ? Of(member, root, depth + 1) : null);
        }

        return example;
    }

    private static string Text(JsonElement schema) => (schema.TryGetProperty("format", out var format) ? format.GetString() : null) switch
    {
        "date-time" => "2000-01-01T00:00:00Z",
        "date" => "2000-01-01",
        "time" => "00:00:00",
        "uuid" => Guid.Empty.ToString(),
        "uri" => "about:blank",
        _ => Fitting((int)(Figure(schema, "minLength") ?? 0), (int)(Figure(schema, "maxLength") ?? int.MaxValue)),
    };

    private static string Fitting(int least, int most) => most < Filler.Length ? Filler[..most] : Filler.PadRight(least, '.');

    /// <summary>The schema's one type; of several null when it is allowed, else the first.</summary>
    private static string? TypeOf(JsonElement schema) => schema.TryGetProperty("type", out var type) switch
    {
        false => schema.TryGetProperty("properties", out _) ? "object" : null,
        true when type.ValueKind == JsonValueKind.Array => type.EnumerateArray().Select(one => one.GetString()).OrderBy(one => one != "null").First(),
        true => type.GetString(),
    };

    private static decimal? Figure(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var figure) ? figure.GetDecimal() : null;

    /// <summary>What a JSON pointer (RFC 6901) of the form <c>#/…</c> means.</summary>
    private static JsonElement Resolve(JsonElement root, string reference)
    {
        var found = root;
        foreach (var step in reference.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            found = found.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index < found.GetArrayLength() ? found[index]
                : found.ValueKind == JsonValueKind.Object && found.TryGetProperty(step, out var member) ? member
                : throw new InvalidOperationException($"The schema refers to {reference}, which is not in it.");
        }

        return found;
    }
}
