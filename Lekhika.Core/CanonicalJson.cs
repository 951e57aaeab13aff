using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lekhika.Core;

/// <summary>
/// One text for one JSON value, to be hashed: members by name, no blanks, one way to escape. The database keeps JSON in another order and
/// with other escapes than we write it, and the same value must have the same hash before and after.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The value's text; of members with the same name the last counts.</summary>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>The same for JSON as text; throws <see cref="JsonException"/> when it is none.</summary>
    public static string Of(string json) => Of(JsonElement.Parse(json));

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().GroupBy(member => member.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);
                AppendAll(text, '{', members, '}', group =>
                {
                    text.Append(JsonSerializer.Serialize(group.Key)).Append(':');
                    Append(text, group.Last().Value);
                });
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', value.EnumerateArray(), ']', element => Append(text, element));
                break;
            case JsonValueKind.String:
                text.Append(Text(value));
                break;
            case JsonValueKind.Number:
                text.Append(value.TryGetDecimal(out var number) ? number.ToString("G29", CultureInfo.InvariantCulture) : value.GetRawText());
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char first, IEnumerable<T> parts, char last, Action<T> append)
    {
        text.Append(first);
        var isFirst = true;
        foreach (var part in parts)
        {
            text.Append(isFirst ? "" : ",");
            isFirst = false;
            append(part);
        }

        text.Append(last);
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return JsonSerializer.Serialize(value.GetString());
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON can say and Unicode text cannot.
            return value.GetRawText();
        }
    }
}
