using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Requests;

/// <summary>Steps that are to be done anew.</summary>
/// <param name="NodeId">The node; null for the one with which the run failed.</param>
/// <param name="Items">Elements of its fan-out, such as chapters; null for all that it does.</param>
/// <param name="Guidance">What a person wants to be different; at most 4,000 characters.</param>
/// <param name="Fault">What was wrong with the earlier answer; at most 4,000 characters.</param>
/// <param name="Rerun">Further nodes that are done anew after it.</param>
/// <param name="WithDependents">Whether all that depend on it are.</param>
public sealed record Regenerate(
    string? NodeId, IReadOnlyList<int>? Items, string? Guidance, string? Fault, IReadOnlyList<string> Rerun, bool WithDependents)
{
    /// <summary>As the client has called the guidance.</summary>
    public string GuidanceField { get; init; } = "guidance";
}

/// <summary>
/// What a person or a program may ask of parts of a run that rests. What is asked anew gets the next generation; everything else stays
/// as it is, and what was made of an earlier generation stays usable.
/// </summary>
public sealed class StepRequestStore(TenantDatabase database, RunRequestStore runs)
{
    private static readonly IReadOnlyList<RunStatus> Resting = RunChange.Allowed(RunCommand.Resume, RunStatus.Queued);

    /// <summary>Has steps done anew, with guidance when there is some.</summary>
    public Task<RequestOutcome> RegenerateAsync(Guid userId, Guid executionId, Regenerate request, CancellationToken cancellationToken) =>
        AnewAsync(
            userId,
            executionId,
            ground => Select(ground, request),
            cancellationToken,
            policy => ContentRefusal.Find(policy, (request.GuidanceField, request.Guidance), ("validationError", request.Fault)));

    /// <summary>Has all that these nodes do done anew.</summary>
    public Task<RequestOutcome> RerunAsync(Guid userId, Guid executionId, IReadOnlyList<string> nodes, CancellationToken cancellationToken) =>
        AnewAsync(userId, executionId, ground => Nodes(ground, nodes, "nodes"), cancellationToken);

    /// <summary>
    /// Lets a run go on, and tells the node with which it failed what to do differently, in all its steps that are not done yet.
    /// </summary>
    /// <returns>The outcome, and whether there was a node to tell.</returns>
    public async Task<(RequestOutcome Outcome, bool IsGuided)> ResumeAsync(Guid userId, Guid executionId, string guidance, CancellationToken cancellationToken)
    {
        var ground = await RunGround.ReadAsync(database, userId, executionId, cancellationToken);
        if (ground is not null && ContentRefusal.Find(ground.Policy, ("regenerateContext.manualInstruction", guidance)) is { } refusal)
        {
            return (RequestOutcome.Refused(refusal), false);
        }

        List<SelectedStep> steps = ground is { Status: RunStatus.Failed, FailedNode: { } failed } && ground.Parts.Find(failed) is { } node
            ? [.. ground.Parts.Unfinished(node).Select(step => step with { Guidance = guidance }).Where(step => ground.Parts.Generation(step) < StepSelection.MaxGenerations)]
            : [];
        return (await runs.GoOnAsync(userId, executionId, "resume", steps, cancellationToken), steps.Count > 0);
    }

    private async Task<RequestOutcome> AnewAsync(
        Guid userId, Guid executionId, Func<RunGround, StepSelection> select, CancellationToken cancellationToken, Func<ContentPolicy, ContentRefusal?>? check = null)
    {
        if (await RunGround.ReadAsync(database, userId, executionId, cancellationToken) is not { } ground)
        {
            return RequestOutcome.NotFound;
        }

        if (check?.Invoke(ground.Policy) is { } refusal)
        {
            return RequestOutcome.Refused(refusal);
        }

        var selection = select(ground);
        if (selection.Fault is { } fault)
        {
            return RequestOutcome.Invalid(selection.Field!, fault);
        }

        if (Resting.Contains(ground.Status) && UsedUp(ground.Parts, selection.Steps) is { } usedUp)
        {
            return usedUp;
        }

        var change = await database.ChangeAsync(
            userId, executionId, [new RunChange(Resting, RunStatus.Queued) { Pausing = false, Steps = selection.Steps, Reason = "regenerate" }], cancellationToken);
        return change.Outcome(
            _ => false,
            state => state switch
            {
                RunStatus.Stopping => "ask again when it has stopped.",
                RunStatus.Exporting => "ask again when its files are made, or stop it first.",
                // Between the look and the change somebody else has asked for the last generation.
                _ when Resting.Contains(state) => "a step of these has been done anew too often.",
                _ => "stop or pause it first.",
            });
    }

    private static StepSelection Select(RunGround ground, Regenerate request)
    {
        if ((request.NodeId ?? ground.FailedNode) is not { } nodeId)
        {
            return new([], "nodeId", "Say which node; this run has not failed with one.");
        }

        var dependents = request.WithDependents ? ground.Parts.Dependents(nodeId, ground.Previews.Select(preview => preview.NodeId)) : [];
        return StepSelection.All(
        [
            StepSelection.Of(ground.Parts, new(nodeId, request.Items), request.Guidance, request.Fault),
            Nodes(ground, [.. request.Rerun.Where(id => id != nodeId)], "rerun"),
            Nodes(ground, dependents, "rerun"),
        ]);
    }

    private static StepSelection Nodes(RunGround ground, IReadOnlyList<string> nodes, string field)
    {
        var selection = StepSelection.All(nodes.Select(id => StepSelection.Of(ground.Parts, new(id))));
        return selection.Fault is null ? selection : selection with { Field = field };
    }

    /// <summary>The refusal when one of the steps has had all its generations.</summary>
    internal static RequestOutcome? UsedUp(RunParts parts, IReadOnlyList<SelectedStep> steps) =>
        steps.FirstOrDefault(step => parts.Generation(step) >= StepSelection.MaxGenerations) is { } last
            ? new(RequestResult.GenerationsUsedUp, Message:
                $"The node '{last.NodeId}'{(last.Item > 0 ? $" has done {last.Item}" : " has been done")} {StepSelection.MaxGenerations} times already, and no step is done more often. Start a new run.")
            : null;
}
