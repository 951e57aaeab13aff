using System.Text.RegularExpressions;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>BCP 47 tags, by their form.</summary>
internal static partial class LanguageTag
{
    public static bool IsGood(string text) => Form().IsMatch(text);

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Form();
}
