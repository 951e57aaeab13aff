namespace Lekhika.Core.Exports;

/// <summary>International Standard Book Numbers of 13 digits (ISO 2108).</summary>
public static class Isbn
{
    /// <summary>Whether a text has 13 digits that begin with 978 or 979 and of which the last is the check digit of the others.</summary>
    public static bool IsGood(string text)
    {
        var digits = Digits(text);
        return digits.Length == 13
            && digits.All(char.IsAsciiDigit)
            && (digits.StartsWith("978", StringComparison.Ordinal) || digits.StartsWith("979", StringComparison.Ordinal))
            && digits.Select((digit, at) => (digit - '0') * (at % 2 == 0 ? 1 : 3)).Sum() % 10 == 0;
    }

    /// <summary>The number without hyphens and spaces.</summary>
    public static string Digits(string text) => text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
