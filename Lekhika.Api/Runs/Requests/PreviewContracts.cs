using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Core.Executions.Requests;
using Lekhika.Persistence.Views;

namespace Lekhika.Api.Runs.Requests;

/// <summary>The previews of an execution.</summary>
internal sealed record PreviewList(IReadOnlyList<PreviewEntry> Previews);

/// <summary>What a preview shows.</summary>
/// <param name="Generation">From 1; grows each time that it is shown anew.</param>
/// <param name="State">waiting, approved, revised, or superseded when it was never decided on.</param>
/// <param name="Content">What is shown, by reference.</param>
/// <param name="Guidance">What was to be different.</param>
internal sealed record PreviewEntry(
    string NodeId, int Generation, string State, JsonElement Content, string? Guidance, DateTime CreatedAt, DateTime? DecidedAt)
{
    public static PreviewEntry Of(PreviewView preview) => new(
        preview.NodeId,
        preview.Generation,
        preview.Decision switch
        {
            "approved" => "approved",
            "revise" => "revised",
            _ => preview.IsSuperseded ? "superseded" : "waiting",
        },
        JsonElement.Parse(preview.Content),
        preview.Guidance,
        preview.CreatedAt,
        preview.DecidedAt);
}

/// <summary>What is to be different in what a preview shows.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReviseRequest(
    [property: Description("What is to be different; 1 to 4,000 characters.")] string? Guidance = null,
    [property: Description("What is done anew: nodes that lead to the preview, whole or some of their items. When absent: all that the process nodes directly before it did.")]
    IReadOnlyList<ReviseStep>? Steps = null);

/// <summary>A node, or some elements of its fan-out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReviseStep(string NodeId, [property: Description("Such as chapters; all when absent.")] IReadOnlyList<int>? Items = null)
{
    [JsonIgnore]
    public StepChoice Choice => new(NodeId, Items);
}

internal sealed class ReviseRequestValidator : AbstractValidator<ReviseRequest>
{
    public ReviseRequestValidator()
    {
        RuleFor(request => request.Guidance)
            .Must(text => !string.IsNullOrWhiteSpace(text)).WithMessage("Say what is to be different.")
            .Must(RequestRules.IsSaid).WithMessage(RequestRules.Said);
        RuleFor(request => request.Steps)
            .Must(steps => steps is null || (steps.Count is > 0 and <= 100 && steps.All(step => step is { NodeId.Length: > 0 } && RequestRules.IsItems(step.Items))))
            .WithMessage("1 to 100 steps, each with a nodeId and at most 1,000 items.");
    }
}
