using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core;
using Lekhika.Core.Models;
using Lekhika.Core.Workflows;

namespace Lekhika.Api.Engines;

/// <summary>A workflow that a client sends, with what keeps it from being stored or run.</summary>
/// <param name="Definition">JSON to be stored; null when there are faults.</param>
internal sealed partial record SentWorkflow(string? Definition, IReadOnlyList<WorkflowFault> Faults)
{
    /// <param name="models">What the caller may name; null where models are not what is asked: the worker looks when it claims the run.</param>
    public static SentWorkflow Check(WorkflowDefinition workflow, KnownModels? models = null)
    {
        var faults = WorkflowValidator.Validate(workflow);
        faults = faults.Count > 0 || models is null ? faults : ModelFit.Check(workflow, models);
        return faults.Count > 0 ? new(null, faults) : Write(workflow);
    }

    /// <summary>Not every text of JSON can be stored: PostgreSQL has no U+0000, and Unicode no half of a surrogate pair.</summary>
    private static SentWorkflow Write(WorkflowDefinition workflow)
    {
        try
        {
            var json = Json.Write(workflow);
            return NoCharacter().IsMatch(json) ? Unstorable : new(json, []);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or JsonException)
        {
            return Unstorable;
        }
    }

    private static SentWorkflow Unstorable { get; } =
        new(null, [new WorkflowFault("unstorable", "The workflow has the character U+0000, half a surrogate pair, or values nested too deep.", [])]);

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\u0000", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NoCharacter();
}
