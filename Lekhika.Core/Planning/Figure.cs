using System.Globalization;
using System.Text.RegularExpressions;

namespace Lekhika.Core.Planning;

/// <summary>Whole numbers as forms write them: <c>20000</c>, <c>20,000</c>, <c>100000+</c>, or a range such as <c>5000-8000</c>.</summary>
internal static partial class Figure
{
    /// <summary>The number, of a range its upper end; null when the text is none, or a range that runs backwards.</summary>
    public static int? Read(string text)
    {
        var range = Range().Match(text);
        return range.Success && Parse(range.Groups["upper"]) is { } upper && !(Parse(range.Groups["lower"]) > upper) ? upper : null;
    }

    private static int? Parse(Group digits) =>
        int.TryParse(digits.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var figure) ? figure : null;

    [GeneratedRegex(@"^((?<lower>[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})\s*[-–]\s*)?(?<upper>[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})\+?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Range();
}
