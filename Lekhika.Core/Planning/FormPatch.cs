using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;

namespace Lekhika.Core.Planning;

/// <summary>A change of a form's values, as a JSON merge patch (RFC 7396): a value replaces or adds, null removes, what is not named stays.</summary>
public static class FormPatch
{
    // A value that is sent in one spelling replaces what was there in the other, else it would have no effect.
    private static readonly IReadOnlyList<IReadOnlyList<string>> Spellings =
    [
        ["book_title", "title"], ["author_name", "author"], ["target_audience", "audience"], ["writing_style", "style"],
        ["chapter_count", "chapterCount"], ["word_count", "wordCount"], ["output_formats", "formats"], .. FormSettings.Spellings,
    ];

    /// <summary>The values after the change, ready for <see cref="BriefReader"/>.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Apply(IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, JsonElement> patch)
    {
        var form = values.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal);
        foreach (var names in Spellings.Where(names => names.Any(patch.ContainsKey)))
        {
            foreach (var name in names)
            {
                form.Remove(name);
            }
        }

        foreach (var (name, value) in patch)
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                form.Remove(name);
            }
            else
            {
                form[name] = value;
            }
        }

        return form;
    }

    /// <summary>The brief after the change. Settings of the files that could not be read before, and are not changed, stay without effect: older versions took such forms.</summary>
    public static BriefReading Read(IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, JsonElement> patch) =>
        BriefReader.Read(Apply(values, patch), FormSettings.Read(values).Errors.Keys.Where(name => !patch.ContainsKey(name)).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether the change gives a value under one of these names.</summary>
    public static bool Gives(IReadOnlyDictionary<string, JsonElement>? patch, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (patch?.TryGetValue(name, out var value) == true && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                return true;
            }
        }

        return false;
    }
}
