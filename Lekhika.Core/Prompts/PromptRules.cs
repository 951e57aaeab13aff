using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Workflows;
using Lekhika.Core.Workflows.Rules;

namespace Lekhika.Core.Prompts;

/// <summary>
/// What a text of the platform's may say. It is for every workflow, so it may name only what every run has; <c>{variables}</c> are read as in nodes' own prompts.
/// </summary>
public static class PromptRules
{
    /// <summary>Most characters of a note.</summary>
    public const int MaxNote = 500;

    /// <summary>The variables that a text of a kind may name, in the form in which they are compared.</summary>
    public static IReadOnlySet<string> Variables(string kind) =>
        kind == OutputKinds.Chapter ? CheckedWorkflow.OfBrief.Union(PromptVariables.OfChapters).ToHashSet() : CheckedWorkflow.OfBrief;

    /// <summary>Every fault of a version, by field; empty when it may be published.</summary>
    public static IEnumerable<FieldFault> Faults(string kind, string? system, string? task, string? note)
    {
        foreach (var fault in TextFaults("system", kind, system).Concat(TextFaults("task", kind, task)))
        {
            yield return fault;
        }

        if (note is { Length: > MaxNote } || note?.Contains('\0', StringComparison.Ordinal) == true)
        {
            yield return new("note", $"A note has at most {MaxNote} characters, U+0000 not among them.");
        }
    }

    private static IEnumerable<FieldFault> TextFaults(string field, string kind, string? text)
    {
        if (text is null)
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            yield return new(field, "A text says something; leave it out for the embedded one.");
        }

        if (text.Length > WorkflowValidator.MaxPrompt)
        {
            yield return new(field, $"The text has {text.Length} characters; at most {WorkflowValidator.MaxPrompt} are sent.");
            yield break;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            yield return new(field, "The character U+0000 cannot be stored.");
        }

        if (Unbalanced(text) is { } fault)
        {
            yield return new(field, fault);
        }

        var known = Variables(kind);
        var unknown = PromptVariables.In(text).Where(name => !known.Contains(FieldReference.Normal(name))).Select(name => $"{{{name}}}").ToList();
        if (unknown.Count > 0)
        {
            yield return new(field, $"It names {string.Join(", ", unknown)}, which not every run has; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    private static string? Unbalanced(string text)
    {
        var open = new Stack<int>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '{')
            {
                open.Push(at);
            }
            else if (text[at] == '}' && !open.TryPop(out _))
            {
                return $"The brace }} at character {at + 1} closes nothing.";
            }
        }

        return open.TryPop(out var last) ? $"The brace {{ at character {last + 1} is never closed." : null;
    }
}
