using System.Globalization;
using System.Text.Json;

namespace Lekhika.Core.Workflows;

/// <summary>
/// What a condition, a fan-out or a prompt looks at: a variable of the form (<c>include_images</c>), or a value in the JSON
/// output of an earlier node (<c>researcher-1.sources.0.title</c>; the node's id alone is its whole output).
/// </summary>
/// <param name="Field">The reference as it was written, without blanks around it.</param>
/// <param name="NodeId">The node whose output is looked into; null for a variable of the form.</param>
/// <param name="Path">Property names and array indexes from the output's root to the value; empty for a variable.</param>
public sealed record FieldReference(string Field, string? NodeId, IReadOnlyList<string> Path)
{
    /// <summary>
    /// Reads a field. Ids of nodes may hold dots, so the longest of <paramref name="nodeIds"/> that the field begins with is
    /// meant; a field that begins with none is a variable.
    /// </summary>
    public static FieldReference Parse(string field, ISet<string> nodeIds)
    {
        field = field.Trim();
        if (nodeIds.Contains(field))
        {
            return new(field, field, []);
        }

        for (var dot = field.LastIndexOf('.'); dot > 0; dot = field.LastIndexOf('.', dot - 1))
        {
            if (nodeIds.Contains(field[..dot]))
            {
                return new(field, field[..dot], field[(dot + 1)..].Split('.'));
            }
        }

        return new(field, null, []);
    }

    /// <summary>
    /// The form in which names of variables are compared: lower case, blanks as underscores (<c>Book Title</c> is <c>book_title</c>).
    /// </summary>
    public static string Normal(string variable) => variable.Trim().Replace(' ', '_').ToLowerInvariant();

    /// <summary>
    /// What a fan-out runs over: the elements of a JSON array, or the parts of a text between commas, as forms send their lists;
    /// nothing for any other value. Parts are trimmed texts, blank ones left out.
    /// </summary>
    public static IReadOnlyList<JsonElement> Items(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { ValueKind: JsonValueKind.String } => [.. ConditionValue.Text(value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => JsonSerializer.SerializeToElement(part))],
        _ => [],
    };

    /// <summary>The value at <see cref="Path"/> in a node's output; null when there is none, whatever the output's shape.</summary>
    public JsonElement? Resolve(JsonElement output)
    {
        var at = output;
        foreach (var step in Path)
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out var property))
            {
                at = property;
            }
            else if (at.ValueKind == JsonValueKind.Array
                && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : at;
    }

    /// <summary>The value in a run; null when it is absent.</summary>
    /// <param name="formValues">The values of the form by variable; a variable is found by its name, or else by <see cref="Normal"/>.</param>
    /// <param name="output">The JSON output of a node by id; null for a node that has none, as it was skipped.</param>
    public JsonElement? Resolve(IReadOnlyDictionary<string, string> formValues, Func<string, JsonElement?> output)
    {
        if (NodeId is not null)
        {
            return output(NodeId) is { } found ? Resolve(found) : null;
        }

        var normal = Normal(Field);
        var name = formValues.ContainsKey(Field)
            ? Field
            : formValues.Keys.Where(key => Normal(key) == normal).Order(StringComparer.Ordinal).FirstOrDefault();
        return name is null ? null : JsonSerializer.SerializeToElement(formValues[name]);
    }
}
