using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Api.Http;
using Lekhika.Api.Runs.Requests;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Requests;

namespace Lekhika.Api.Executions;

/// <summary>What became of an execution that was asked to stop or to go on.</summary>
/// <param name="Status">queued, processing, paused, completed, failed or stopped.</param>
/// <param name="StatusUrl">Where to follow it.</param>
internal record ControlAnswer(Guid ExecutionId, string Status, string StatusUrl, string Message)
{
    public static ControlAnswer Of(Guid executionId, RequestOutcome outcome, string message) =>
        new(executionId, outcome.State!.Value.PublicWord(), $"{EnginesApi.Prefix}/executions/{executionId}", message);
}

/// <summary>An execution that goes on.</summary>
internal sealed record ResumeAnswer : ControlAnswer
{
    public ResumeAnswer(ControlAnswer answer, IReadOnlyList<string> ignored)
        : base(answer) => Ignored = ignored;

    /// <summary>What of the request had no effect, since only the stored workflow runs, or since no node had failed that could be told.</summary>
    public IReadOnlyList<string> Ignored { get; }
}

/// <summary>An execution that is to go on.</summary>
internal sealed record ResumeRequest(
    [property: Description("An execution of the engine in the address.")] Guid? ExecutionId = null,
    [property: Description("What the node with which it failed is to do differently.")] RegenerateContext? RegenerateContext = null,
    [property: Description("Ignored: only the stored workflow runs.")] JsonElement? Nodes = null,
    [property: Description("Ignored: only the stored workflow runs.")] JsonElement? Edges = null)
{
    [JsonIgnore]
    public string? Instruction => string.IsNullOrWhiteSpace(RegenerateContext?.ManualInstruction) ? null : RegenerateContext.ManualInstruction.Trim();

    /// <param name="isGuided">Whether the instruction, if there was one, has gone to a node.</param>
    public IReadOnlyList<string> Ignored(bool isGuided)
    {
        (string Name, bool IsThere)[] parts =
        [
            ("nodes", Nodes is { ValueKind: not JsonValueKind.Null }),
            ("edges", Edges is { ValueKind: not JsonValueKind.Null }),
            ("regenerateContext.manualInstruction", !isGuided),
        ];
        return [.. parts.Where(part => part.IsThere).Select(part => part.Name)];
    }
}

/// <summary>What is to be different.</summary>
internal sealed record RegenerateContext([property: Description("At most 4,000 characters.")] string? ManualInstruction = null);

internal sealed class ResumeRequestValidator : AbstractValidator<ResumeRequest>
{
    public ResumeRequestValidator()
    {
        RuleFor(request => request.ExecutionId).NotNull().WithMessage("Say which execution.");
        RuleFor(request => request.RegenerateContext!.ManualInstruction).Must(RequestRules.IsSaid).WithMessage(RequestRules.Said)
            .When(request => request.RegenerateContext is not null);
    }
}
