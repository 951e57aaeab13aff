using System.Text;

namespace Lekhika.Core.Exports.Preflight;

/// <summary>What was found when a file was checked after it was made.</summary>
/// <param name="Findings">The gravest first.</param>
/// <param name="IsComplete">Whether nothing is still being looked at.</param>
public sealed record PreflightReport(IReadOnlyList<PreflightFinding> Findings, bool IsComplete)
{
    /// <summary>Most findings of one report; what is behind them is counted in the last.</summary>
    public const int MostFindings = 100;

    private const int MostCharacters = 500;

    /// <summary>A report of these, in order, each short enough, and no more of them than it takes.</summary>
    public static PreflightReport Of(IEnumerable<PreflightFinding> findings, bool isComplete)
    {
        List<PreflightFinding> all = [.. findings.Select(Storable).Distinct().OrderBy(finding => finding.Severity)];
        return all.Count <= MostFindings
            ? new(all, isComplete)
            : new([.. all.Take(MostFindings - 1), all[MostFindings] with { Code = "more", Message = $"{all.Count - MostFindings + 1} more findings are not listed.", Where = null }], isComplete);
    }

    /// <summary>How many findings are as grave.</summary>
    public int Count(PreflightSeverity severity) => Findings.Count(finding => finding.Severity == severity);

    private static PreflightFinding Storable(PreflightFinding finding) => finding with { Message = Storable(finding.Message), Where = finding.Where is null ? null : Storable(finding.Where) };

    /// <summary>Findings quote files and programs, which may hold anything.</summary>
    private static string Storable(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > MostCharacters)
            {
                return line.Append('…').ToString();
            }

            line.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }

        return line.ToString();
    }
}

/// <summary>One thing that was found.</summary>
/// <param name="Format">The key of the format.</param>
/// <param name="Code">For programs: it stays.</param>
/// <param name="Message">For people: a sentence.</param>
/// <param name="Where">A page, a file within the file; null when it is about the whole.</param>
public sealed record PreflightFinding(string Format, PreflightSeverity Severity, string Code, string Message, string? Where = null);

/// <summary>How grave a finding is, the gravest first.</summary>
public enum PreflightSeverity
{
    /// <summary>Readers or stores would refuse the file: it is not delivered.</summary>
    Error,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>Nobody has looked, since the program for it is missing or did not end.</summary>
    NotChecked,

    /// <summary>Good to know.</summary>
    Info,
}
