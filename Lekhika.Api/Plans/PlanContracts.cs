using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Api.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Exports;
using Lekhika.Core.Workflows;

namespace Lekhika.Api.Plans;

/// <summary>How a run is to differ from the one in the address; what is not named stays as it is there.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanRequest(
    [property: Description("Values of the form that change, as a JSON merge patch: null removes one.")] Dictionary<string, JsonElement>? UserInput = null,
    [property: Description("How it is made, apart from what is written.")] PlanOptions? Options = null,
    [property: Description("A stored version of a workflow of yours, or of a master's.")] Guid? WorkflowVersionId = null,
    [property: Description("Another workflow: nodes, edges, models. Not together with workflowVersionId.")] WorkflowDefinition? Workflow = null,
    [property: Description("The models of nodes, by the node's id; each as key:model, the first preferred.")] Dictionary<string, IReadOnlyList<string>>? Models = null,
    [property: Description("The prompts of nodes, by the node's id.")] Dictionary<string, PromptChange>? Prompts = null);

/// <summary>How a book is made, apart from what is written in it; what is absent stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanOptions(
    [property: Description("pdf, docx, epub, html, md, txt.")] IReadOnlyList<string>? Formats = null,
    [property: Description("What the files are to look like and hold, as a whole; where it is silent, the form.")] ExportSettings? Settings = null,
    [property: Description("Another seed; without one it stays, also when the form changes.")] long? Seed = null,
    [property: Description("0 is normal; down to -10 for what can wait. A plan does not depend on it.")] int? Priority = null,
    [property: Description("standard or economy; as it was when absent. A plan does not depend on it.")] string? Speed = null,
    [property: Description("With economy: 1 to 24 hours, 24 when absent.")] int? EconomyHours = null,
    [property: Description("Whether it keeps the versions of the platform's prompts that the run has; those in force now when absent or false.")] bool? KeepPrompts = null);

/// <summary>Prompts of a node that replace those it has; an absent one stays, an empty one gives the role's own back.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PromptChange(string? SystemPrompt = null, string? UserPrompt = null);

/// <summary>What would be done and what would serve; nothing has been written.</summary>
/// <param name="Steps">In the order of the workflow.</param>
/// <param name="Run">What is done.</param>
/// <param name="Reuse">What is saved.</param>
internal sealed record PlanAnswer(IReadOnlyList<PlannedStepAnswer> Steps, PlanTotals Run, PlanTotals Reuse)
{
    public PlanAnswer(RunPlan plan)
        : this([.. plan.Steps.Select(step => new PlannedStepAnswer(step.NodeId, step.Item, step.Action, step.Reasons, step.InputTokens, step.OutputTokens))], plan.Run, plan.Reuse)
    {
    }
}

/// <summary>A step of a plan.</summary>
/// <param name="Item">0 for a node without fan-out; else the chapter's or the element's number.</param>
/// <param name="Action">reuse, run, skip (a branch that is not taken) or wait (a person is asked).</param>
/// <param name="Reasons">Why it runs.</param>
/// <param name="InputTokens">Estimated.</param>
/// <param name="OutputTokens">Estimated.</param>
internal sealed record PlannedStepAnswer(string NodeId, int Item, PlannedAction Action, IReadOnlyList<string> Reasons, long InputTokens, long OutputTokens);

/// <summary>A run that was made from another.</summary>
/// <param name="StatusUrl">Where to follow it.</param>
/// <param name="Plan">What it does and what serves.</param>
internal sealed record ForkAnswer(Guid ExecutionId, string Status, string StatusUrl, ForkTotals Plan);

/// <summary>What a fork does and what serves.</summary>
internal sealed record ForkTotals(PlanTotals Run, PlanTotals Reuse);

internal sealed class PlanRequestValidator : AbstractValidator<PlanRequest>
{
    private const int MaxModels = 10;

    public PlanRequestValidator()
    {
        RuleFor(request => request.WorkflowVersionId).Null().When(request => request.Workflow is not null)
            .WithMessage("Name a stored version or send a workflow, not both.");
        RuleFor(request => request.Options).Custom((options, context) =>
        {
            foreach (var fault in options is null ? [] : OptionRules.Faults(new ExecuteOptions(options.Formats, options.Settings, options.Seed, options.Priority, Speed: options.Speed, EconomyHours: options.EconomyHours)))
            {
                context.AddFailure(fault.Field, fault.Message);
            }
        });
        RuleFor(request => request.Models)
            .Must(models => models is null || models.Values.All(AreModels))
            .WithMessage($"Each node has 1 to {MaxModels} models of 1 to 200 characters.");
        RuleFor(request => request.Prompts)
            .Must(prompts => prompts is null || prompts.Values.All(prompt => prompt is not null && IsPrompt(prompt.SystemPrompt) && IsPrompt(prompt.UserPrompt)))
            .WithMessage($"A prompt has at most {WorkflowValidator.MaxPrompt} characters.");
    }

    private static bool AreModels(IReadOnlyList<string>? models) =>
        models is { Count: > 0 and <= MaxModels } && models.All(model => model is { Length: > 0 and <= 200 } && !string.IsNullOrWhiteSpace(model));

    private static bool IsPrompt(string? prompt) => prompt is null or { Length: <= WorkflowValidator.MaxPrompt };
}
