using System.Text.RegularExpressions;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>A text with slots, <c>{name}</c>, and choices, <c>[one|another]</c>; a choice may hold slots.</summary>
internal sealed partial class Template(string source)
{
    /// <summary>As it stands in the data file.</summary>
    public string Source => source;

    public IReadOnlyList<string> Slots { get; } = [.. Slot.Matches(source).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Slot { get; }
    [GeneratedRegex(@"\[(?<options>[^\]]+)\]", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Choice { get; }

    public string Fill(Func<string, string> word, Dice dice) =>
        Slot.Replace(Choice.Replace(source, m => dice.Pick(m.Groups["options"].Value.Split('|'))), m => word(m.Groups["name"].Value));
}
