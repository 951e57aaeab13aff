using System.ComponentModel;
using FluentValidation;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;

namespace Lekhika.Api.Engines;

/// <summary>The workflow that an engine's next run gets.</summary>
/// <param name="VersionId">Also the ETag.</param>
/// <param name="Number">From 1, growing with each version of the engine.</param>
/// <param name="Workflow">Null when the stored text has another shape altogether.</param>
/// <param name="Faults">Why it cannot run; empty when it can.</param>
internal sealed record EngineWorkflowAnswer(Guid VersionId, int Number, DateTime CreatedAt, WorkflowDefinition? Workflow, IReadOnlyList<WorkflowFault> Faults);

/// <summary>A version of an engine's workflow.</summary>
/// <param name="Current">Whether the engine's next run gets it.</param>
internal sealed record WorkflowVersionAnswer(Guid VersionId, int Number, DateTime CreatedAt, bool Current)
{
    public WorkflowVersionAnswer(WorkflowVersion version)
        : this(version.Id, version.Number, version.CreatedAt, version.IsCurrent)
    {
    }
}

/// <summary>A page of the versions of an engine's workflow.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record WorkflowVersionPage(IReadOnlyList<WorkflowVersionAnswer> Versions, string? NextCursor);

/// <summary>An earlier version that is to be the engine's again.</summary>
internal sealed record ChooseVersionRequest([property: Description("One of the engine's versions.")] Guid? VersionId = null);

internal sealed class ChooseVersionRequestValidator : AbstractValidator<ChooseVersionRequest>
{
    public ChooseVersionRequestValidator() =>
        RuleFor(request => request.VersionId).NotNull().WithMessage("Say which version.");
}

/// <summary>What keeps a workflow from running.</summary>
/// <param name="Faults">Empty when it can run.</param>
internal sealed record WorkflowFaultsAnswer(IReadOnlyList<WorkflowFault> Faults);
