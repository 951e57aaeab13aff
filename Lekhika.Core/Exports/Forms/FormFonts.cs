namespace Lekhika.Core.Exports.Forms;

/// <summary>Typefaces as forms name them: ours, and for those that we may not give away the nearest that we have (docs/settings.md).</summary>
internal static class FormFonts
{
    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["georgia"] = "Merriweather",
        ["times_new_roman"] = "Source Serif 4",
        ["times"] = "Source Serif 4",
        ["cambria"] = "Source Serif 4",
        ["source_serif_pro"] = "Source Serif 4",
        ["garamond"] = "EB Garamond",
        ["baskerville"] = "EB Garamond",
        ["palatino"] = "Crimson Pro",
        ["palatino_linotype"] = "Crimson Pro",
        ["book_antiqua"] = "Crimson Pro",
        ["crimson_text"] = "Crimson Pro",
        ["arial"] = "Inter",
        ["helvetica"] = "Inter",
        ["helvetica_neue"] = "Inter",
        ["roboto"] = "Inter",
        ["verdana"] = "Open Sans",
        ["tahoma"] = "Open Sans",
        ["calibri"] = "Lato",
        ["source_sans_pro"] = "Source Sans 3",
        ["nunito_sans"] = "Nunito",
        ["poppins"] = "Montserrat",
        ["courier_new"] = "Source Sans 3",
        ["courier"] = "Source Sans 3",
        ["serif"] = "EB Garamond",
        ["sans_serif"] = "Inter",
        ["monospace"] = "Source Sans 3",
    };

    private static readonly Dictionary<string, (string Heading, string Body)> Combos = new(StringComparer.Ordinal)
    {
        ["serif_display_sans_body"] = ("Playfair Display", "Source Sans 3"),
        ["sans_display_serif_body"] = ("Montserrat", "Source Serif 4"),
        ["all_serif"] = ("EB Garamond", "EB Garamond"),
        ["all_sans"] = ("Inter", "Inter"),
        ["classic"] = ("Merriweather", "Source Serif 4"),
        ["modern"] = ("Playfair Display", "Source Sans 3"),
        ["tech"] = ("Montserrat", "Lato"),
        ["literary"] = ("Crimson Pro", "Lora"),
        ["business"] = ("Inter", "Nunito"),
    };

    /// <summary>For a fault.</summary>
    public static string Known { get; } = $"The typefaces are {string.Join(", ", BookFont.All.Select(font => font.Name))}.";

    public static IReadOnlyCollection<string> Pairs => Combos.Keys;

    /// <summary>The typeface of a name or of the first known one of a list as CSS has it (<c>Georgia, serif</c>); null when there is none.</summary>
    public static string? Find(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Trim('"', '\'', ' ');
            if (BookFont.Find(name) is { } font)
            {
                return font.Name;
            }

            if (Instead.GetValueOrDefault(FormWords.Folded(name)) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>The typefaces of a pair by its word; signs between its parts do not matter.</summary>
    public static (string Heading, string Body)? Pair(string text)
    {
        var word = string.Join('_', text.ToLowerInvariant().Split(['+', ' ', '-', '_', '/'], StringSplitOptions.RemoveEmptyEntries));
        return Combos.TryGetValue(word, out var pair) ? pair : null;
    }
}
