namespace Lekhika.Core.Exports.Forms;

/// <summary>Words of forms for what is chosen from a list.</summary>
internal static class FormWords
{
    /// <summary>What the original called its templates, in the database and in the browser.</summary>
    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["classic_novel"] = "trade-paperback",
        ["modern_business"] = "ledger",
        ["academic_technical"] = "lectern",
        ["minimalist"] = "snowfield",
        ["literary_fiction"] = "lamplight",
        ["self_help_guide"] = "compass",
        ["childrens_book"] = "kite",
        ["poetry_collection"] = "stanza",
        ["corporate_report"] = "boardroom",
        ["fantasy_scifi"] = "nightwood",
        ["corporate_executive"] = "boardroom",
        ["modern_minimalist"] = "snowfield",
        ["academic_scholar"] = "lectern",
        ["creative_showcase"] = "nightwood",
        ["tech_modern"] = "ledger",
        ["educational_guide"] = "compass",
        ["self_help_coach"] = "compass",
        ["medical_professional"] = "lectern",
        ["financial_advisor"] = "ledger",
        ["luxury_premium"] = "lamplight",
    };

    /// <summary>In lower case, with underscores for blanks and hyphens.</summary>
    public static string Folded(string text) => text.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Replace("'", "", StringComparison.Ordinal).Replace("’", "", StringComparison.Ordinal);

    /// <summary>A choice by its own word in any case, or by another of <paramref name="others"/>; null when it is none.</summary>
    public static T? Choice<T>(string text, params ReadOnlySpan<(string Word, T Value)> others)
        where T : struct, Enum
    {
        var word = Folded(text);
        foreach (var (other, value) in others)
        {
            if (other == word)
            {
                return value;
            }
        }

        var name = word.Replace("_", "", StringComparison.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    public static bool? Switch(string text) => Folded(text) switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => null,
    };

    public static TextAlignment? Alignment(string text) => Choice(
        text, ("justify", TextAlignment.Justified), ("left", TextAlignment.Start), ("center", TextAlignment.Centred), ("centre", TextAlignment.Centred), ("centered", TextAlignment.Centred));

    public static ColourScheme? Colours(string text) => Choice(text, ("light", ColourScheme.Classic), ("cream", ColourScheme.Sepia), ("warm", ColourScheme.Sepia), ("night", ColourScheme.Dark));

    public static AboutAuthorPosition? Position(string text) => Choice(
        text, ("start", AboutAuthorPosition.Front), ("beginning", AboutAuthorPosition.Front), ("end", AboutAuthorPosition.Back), ("hidden", AboutAuthorPosition.None));

    /// <summary>The id of a theme by its id, its name or the original's name for it; or the id of a user's own, as it is.</summary>
    public static string? Theme(string text)
    {
        var word = Folded(text);
        return Exports.Theme.All.FirstOrDefault(theme => Folded(theme.Id) == word || Folded(theme.Name) == word)?.Id
            ?? Templates.GetValueOrDefault(word)
            ?? (Exports.Theme.OwnId(text) is { } id ? id.ToString() : null);
    }
}
