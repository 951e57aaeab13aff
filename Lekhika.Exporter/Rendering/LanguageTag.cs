using System.Collections.Frozen;

namespace Lekhika.Exporter.Rendering;

/// <summary>What a renderer must know of a BCP 47 tag such as <c>zh-Hant-TW</c>.</summary>
internal readonly record struct LanguageTag(string Tag)
{
    /// <summary>The scripts written from right to left that have living readers (Unicode 16, <c>Bidi_Class</c> R and AL of their letters), by ISO 15924.</summary>
    private static readonly FrozenSet<string> RightToLeftScripts =
        new[] { "Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Syre", "Syrj", "Syrn", "Thaa", "Yezi" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The languages whose likely script (CLDR 46) is one of these.</summary>
    private static readonly FrozenSet<string> RightToLeftLanguages =
        new[] { "ar", "arc", "arz", "ary", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn", "nqo", "prs", "ps", "rhg", "sd", "skr", "syr", "ug", "ur", "yi" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> TraditionalRegions = new[] { "TW", "HK", "MO" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The language alone, in lower case; old codes as today's (<c>iw</c> is <c>he</c>).</summary>
    public string Primary => Tag.Split('-')[0].ToLowerInvariant() switch { "iw" => "he", "ji" => "yi", var primary => primary };

    /// <summary>The script subtag; null when there is none.</summary>
    public string? Script => Subtags.FirstOrDefault(subtag => subtag.Length == 4 && subtag.All(char.IsAsciiLetter));

    /// <summary>The region subtag; null when there is none.</summary>
    public string? Region => Subtags.FirstOrDefault(subtag => (subtag.Length == 2 && subtag.All(char.IsAsciiLetter)) || (subtag.Length == 3 && subtag.All(char.IsAsciiDigit)));

    /// <summary>Whether its text runs from right to left: by the script when one is named, else by the language.</summary>
    public bool IsRightToLeft => Script is { } script ? RightToLeftScripts.Contains(script) : RightToLeftLanguages.Contains(Primary);

    /// <summary>Whether it is Chinese in traditional characters: by the script when one is named, else by the region (Cantonese: always).</summary>
    public bool IsTraditionalChinese => Primary switch
    {
        "zh" => Script is { } script ? script.Equals("Hant", StringComparison.OrdinalIgnoreCase) : Region is { } region && TraditionalRegions.Contains(region),
        "yue" => !"Hans".Equals(Script, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>What follows the language, up to the first extension or private use.</summary>
    private IEnumerable<string> Subtags => Tag.Split('-').Skip(1).TakeWhile(subtag => subtag.Length > 1);
}
