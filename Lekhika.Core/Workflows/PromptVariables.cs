using System.Text.RegularExpressions;

namespace Lekhika.Core.Workflows;

/// <summary>
/// The <c>{variables}</c> of a prompt: letters, digits, blanks, underscores, hyphens and dots between braces, at least one letter
/// among them; so the JSON examples of a prompt are no variables.
/// </summary>
public static partial class PromptVariables
{
    /// <summary>The chapter that a writer writes; no other node has one.</summary>
    public static IReadOnlyList<string> OfChapters { get; } = ["chapter_number", "chapter_title", "chapter_words"];

    /// <summary>The names in a prompt as they are written, without blanks around them, each once; none in null.</summary>
    public static IEnumerable<string> In(string? prompt) =>
        Variable().Matches(prompt ?? "").Select(match => match.Groups["name"].Value.Trim()).Distinct();

    /// <summary>The prompt with the value of every variable in its place; one whose value is null stays as it is written.</summary>
    public static string Fill(string prompt, Func<string, string?> value) =>
        Variable().Replace(prompt, match => value(match.Groups["name"].Value.Trim()) ?? match.Value);

    [GeneratedRegex(@"\{(?<name>[\p{M}\p{Nd}_ .-]*\p{L}[\p{L}\p{M}\p{Nd}_ .-]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Variable();
}
