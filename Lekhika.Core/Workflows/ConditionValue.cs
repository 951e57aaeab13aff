using System.Globalization;
using System.Text.Json;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Workflows;

/// <summary>Compares values of forms and of nodes' outputs as people mean them, whatever JSON type they came in.</summary>
internal static class ConditionValue
{
    /// <summary>
    /// Two true/false values when either is one, two numbers when either is one and both can be read so, else texts without
    /// regard to case. A missing value is like an empty text, as a browser sends nothing for a box that is not ticked.
    /// </summary>
    public static bool Same(JsonElement? left, JsonElement? right)
    {
        if (IsTruth(left) || IsTruth(right))
        {
            return Truth(left) is { } truth && truth == Truth(right);
        }

        if ((IsNumber(left) || IsNumber(right)) && Number(left) is { } number && Number(right) is { } other)
        {
            return number.Equals(other);
        }

        return string.Equals(Text(left), Text(right), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether a list has this element, or a text this part; false when there is nothing to look for. The comma-separated lists
    /// of forms are texts, in which an element is a part.
    /// </summary>
    public static bool Holds(JsonElement? whole, JsonElement? part)
    {
        if (whole is { ValueKind: JsonValueKind.Array } list)
        {
            return part is not null && list.EnumerateArray().Any(element => Same(element, part));
        }

        return Text(part) is { Length: > 0 } text && !IsObject(whole) && Text(whole).Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The value as a number, read like a figure of the brief (of a range the upper end); null when it is none.</summary>
    public static double? Number(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Number or JsonValueKind.String })
        {
            return null;
        }

        var text = Text(value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : Figure.Read(text);
    }

    /// <summary>Whether there is nothing: no value, null, an empty or blank text, an empty list or object.</summary>
    public static bool IsEmpty(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() == 0,
        { ValueKind: JsonValueKind.Object } all => !all.EnumerateObject().Any(),
        _ => Text(value).Length == 0,
    };

    /// <summary>The value as a form would send it: trimmed; lists of plain values with commas; objects and lists of lists as JSON.</summary>
    public static string Text(JsonElement? value)
    {
        switch (value)
        {
            case null or { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null }:
                return "";
            case { ValueKind: JsonValueKind.Array } list when !list.EnumerateArray().Any(element => element.ValueKind is JsonValueKind.Array or JsonValueKind.Object):
                return string.Join(", ", list.EnumerateArray().Select(element => Text(element)));
            case { ValueKind: JsonValueKind.String } text:
                try
                {
                    return text.GetString()!.Trim();
                }
                catch (InvalidOperationException)
                {
                    // Half of a surrogate pair, which JSON can say and Unicode text cannot.
                    return "";
                }

            default:
                return value.Value.GetRawText();
        }
    }

    private static bool? Truth(JsonElement? value) => Text(value).ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" or "" => false,
        _ => null,
    };

    private static bool IsTruth(JsonElement? value) => value is { ValueKind: JsonValueKind.True or JsonValueKind.False };

    private static bool IsNumber(JsonElement? value) => value is { ValueKind: JsonValueKind.Number };

    private static bool IsObject(JsonElement? value) => value is { ValueKind: JsonValueKind.Object };
}
