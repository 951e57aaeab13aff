using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Core.Executions.Requests;

/// <summary>What people say to a step that is done anew; it stands in prompts and in the database.</summary>
public static class Guidance
{
    /// <summary>Most characters of one.</summary>
    public const int MaxLength = 4_000;

    /// <summary>The text without blanks around it; null when nothing is left.</summary>
    public static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>What is wrong with it, under the name that clients know; empty when it is good, or absent.</summary>
    public static IEnumerable<FieldFault> Faults(string field, string? text) =>
        text is null || (text.Length <= MaxLength && !text.Contains('\0', StringComparison.Ordinal)) ? [] : [new(field, "At most 4,000 characters, none of them NUL.")];
}
