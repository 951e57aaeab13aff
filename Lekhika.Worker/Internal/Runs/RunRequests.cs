using System.Text.Json;
using System.Text.Json.Serialization;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Persistence.Requests;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>A run that is to go on.</summary>
internal sealed record ResumeRequest(string? ExecutionId = null, RegenerateContext? RegenerateContext = null)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    [JsonIgnore]
    public string? Instruction => Guidance.Trim(RegenerateContext?.ManualInstruction);

    public IEnumerable<FieldFault> Faults() =>
        RunRequestFaults.Of(ExecutionId).Concat(Guidance.Faults("regenerateContext.manualInstruction", RegenerateContext?.ManualInstruction));

    /// <param name="isGuided">Whether the instruction, if there was one, has gone to a node.</param>
    public IReadOnlyList<string> Ignored(bool isGuided) =>
        [.. IgnoredParts.Names(Others), .. isGuided ? Array.Empty<string>() : ["regenerateContext.manualInstruction"]];
}

/// <summary>What is to be different.</summary>
internal sealed record RegenerateContext(string? ManualInstruction = null);

/// <summary>A node, or a chapter of it, that is to be done anew.</summary>
/// <param name="FailedNode">The node, as is <paramref name="NodeId"/>; without either the one with which the run failed.</param>
/// <param name="Chapter">Null: all that the node does.</param>
/// <param name="ValidationError">What was wrong with the earlier answer.</param>
/// <param name="RegeneratePrompt">What is to be different.</param>
internal sealed record RegenerateRequest(
    string? ExecutionId = null, string? FailedNode = null, string? NodeId = null, int? Chapter = null, string? ValidationError = null, string? RegeneratePrompt = null)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    [JsonIgnore]
    public Regenerate Ask => new(NodeId ?? FailedNode, Chapter is { } chapter ? [chapter] : null, Guidance.Trim(RegeneratePrompt), Guidance.Trim(ValidationError), [], WithDependents: false) { GuidanceField = "regeneratePrompt" };

    public IEnumerable<FieldFault> Faults()
    {
        var faults = RunRequestFaults.Of(ExecutionId)
            .Concat(Guidance.Faults("validationError", ValidationError))
            .Concat(Guidance.Faults("regeneratePrompt", RegeneratePrompt));
        return NodeId is not null && FailedNode is not null && NodeId != FailedNode
            ? faults.Append(new("nodeId", "This and failedNode name two nodes; give one of them."))
            : faults;
    }
}

internal static class RunRequestFaults
{
    public static IEnumerable<FieldFault> Of(string? executionId) =>
        Guid.TryParse(executionId, out _) ? [] : [new("executionId", "The uuid of an execution is required.")];
}
