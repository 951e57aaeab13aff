using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Requests;

/// <summary>What a person may say to a preview that waits.</summary>
public sealed class PreviewRequestStore(TenantDatabase database)
{
    /// <summary>Lets the run go on behind the preview. Approving what is approved changes nothing.</summary>
    public async Task<RequestOutcome> ApproveAsync(Guid userId, Guid executionId, string nodeId, CancellationToken cancellationToken)
    {
        var (ground, waiting, refusal) = await FindAsync(userId, executionId, nodeId, cancellationToken);
        return waiting is { Decision: "approved" }
            ? RequestOutcome.Done(ground!.Status)
            : refusal ?? await DecideAsync(userId, executionId, new(nodeId, waiting!.Generation, "approved", null), [], cancellationToken);
    }

    /// <summary>Has what the preview shows done anew with guidance, and shows it again.</summary>
    /// <param name="choices">Steps to be done anew; null for all that the process nodes directly before the preview do.</param>
    public async Task<RequestOutcome> ReviseAsync(
        Guid userId, Guid executionId, string nodeId, string guidance, IReadOnlyList<StepChoice>? choices, CancellationToken cancellationToken)
    {
        var (ground, waiting, refusal) = await FindAsync(userId, executionId, nodeId, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (ContentRefusal.Find(ground!.Policy, ("guidance", guidance)) is { } refused)
        {
            return RequestOutcome.Refused(refused);
        }

        var parts = ground.Parts;
        var most = parts.Find(nodeId)?.Data.MaxAttempts ?? NodeData.DefaultMaxAttempts;
        if (waiting!.Generation >= most)
        {
            return new(RequestResult.AttemptsUsedUp, ground.Status, $"The preview '{nodeId}' has been shown {most} times, as often as its node allows: approve it, or stop the run.");
        }

        var selection = Select(parts, nodeId, guidance, choices);
        return selection.Fault is { } fault
            ? RequestOutcome.Invalid(selection.Field!, fault)
            : StepRequestStore.UsedUp(parts, selection.Steps)
                ?? await DecideAsync(userId, executionId, new(nodeId, waiting.Generation, "revise", guidance), [.. selection.Steps, new(nodeId, 0)], cancellationToken);
    }

    /// <summary>The newest that the preview has shown, and why it cannot be decided on, if so.</summary>
    private async Task<(RunGround? Ground, ShownPreview? Waiting, RequestOutcome? Refusal)> FindAsync(
        Guid userId, Guid executionId, string nodeId, CancellationToken cancellationToken)
    {
        if (await RunGround.ReadAsync(database, userId, executionId, cancellationToken) is not { } ground)
        {
            return (null, null, RequestOutcome.NotFound);
        }

        if (ground.Newest(nodeId) is not { } newest)
        {
            return (ground, null, new(RequestResult.NoPreview, ground.Status, $"This execution has no preview '{(nodeId.Length <= 100 ? nodeId : nodeId[..100])}' yet."));
        }

        if (newest.Decision is not null)
        {
            return (ground, newest, NotWaiting(ground.Status, nodeId));
        }

        // Somebody has asked for it anew: what it shows now is not what will be used.
        return ground.Parts.Generation(new(nodeId, 0)) > newest.Generation
            ? (ground, null, NotWaiting(ground.Status, nodeId))
            : (ground, newest, null);
    }

    private static StepSelection Select(RunParts parts, string nodeId, string guidance, IReadOnlyList<StepChoice>? choices)
    {
        var asked = choices ?? [.. parts.ShownBy(nodeId).Select(id => new StepChoice(id))];
        if (asked.Count == 0)
        {
            return new([], "steps", $"No node directly before the preview '{nodeId}' can be asked anew: say which steps.");
        }

        var behind = asked.FirstOrDefault(choice => parts.Find(choice.NodeId) is not null && !parts.LeadsTo(choice.NodeId, nodeId));
        var selection = behind is null
            ? StepSelection.All(asked.Select(choice => StepSelection.Of(parts, choice, guidance)))
            : new([], "steps", $"The node '{behind.NodeId}' does not lead to the preview '{nodeId}': doing it anew would change nothing there.");
        return selection.Fault is null ? selection : selection with { Field = "steps" };
    }

    private async Task<RequestOutcome> DecideAsync(
        Guid userId, Guid executionId, PreviewDecision decision, IReadOnlyList<SelectedStep> steps, CancellationToken cancellationToken)
    {
        var isApproval = decision.Decision == "approved";
        var said = new RunChange([])
        {
            Decision = decision,
            Steps = steps,
            Events = [new(isApproval ? JournalEventTypes.PreviewApproved : JournalEventTypes.PreviewRevised, new StepKey(decision.NodeId, 0, decision.Generation))],
        };
        var change = await database.ChangeAsync(
            userId,
            executionId,
            [
                said with { From = [RunStatus.Running], Counts = true },
                // Another preview of the same run has been decided on, and no worker has come yet.
                said with { From = [RunStatus.Queued] },
                said with { From = [RunStatus.Paused], To = RunStatus.Queued, Reason = isApproval ? "approval" : "revision" },
            ],
            cancellationToken);
        return change is { Made: null, Before: RunStatus.Running or RunStatus.Queued or RunStatus.Paused }
            ? NotWaiting(change.Before.Value, decision.NodeId)
            : change.Outcome(
                _ => false,
                state => state switch
                {
                    RunStatus.Stopped or RunStatus.Failed => "resume it first.",
                    _ => "its previews are not waited for any more.",
                });
    }

    private static RequestOutcome NotWaiting(RunStatus state, string nodeId) =>
        new(RequestResult.PreviewNotWaiting, state, $"The preview '{nodeId}' has been decided on, or is being made anew; wait until it shows something.");
}
