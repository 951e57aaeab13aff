using System.Text.Json;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>
/// Says which finished steps of a run would serve another that is made from it, and which would not and why. Pure: it compares recorded
/// inputs with those that the steps would have (<see cref="StepInputs"/>), and writes nothing.
/// </summary>
public static class RunPlanner
{
    /// <summary>
    /// What a run like <paramref name="now"/> would do, made from <paramref name="stored"/>. A step is reused when it is finished in its
    /// newest generation and was made of the same inputs; what comes out of a step that runs is unknown, so those that read it run too.
    /// </summary>
    /// <exception cref="ArgumentException">A node has a role that this version cannot run.</exception>
    public static RunPlan Plan(StoredRun stored, ChangedRun now) => new(new PlanWalk(stored, now).Steps());

    /// <summary>
    /// The finished steps, each in its newest finished generation, that were made of other things than are there now, since something
    /// before them was done anew. Empty when this version cannot read the workflow.
    /// </summary>
    public static IReadOnlyList<StaleStep> Stale(StoredRun stored)
    {
        if (WorkflowValidator.Validate(stored.Workflow).Count > 0)
        {
            return [];
        }

        var facts = new PresentFacts(stored, WorkflowValidator.Graph(stored.Workflow));
        return [.. facts.Finished().Select(step => new StaleStep(step.Step, facts.Differences(step))).Where(step => step.Reasons.Count > 0)];
    }

    /// <summary>What a step would be made of now. What a person wanted of this generation stays wanted: it is no difference.</summary>
    internal static SortedDictionary<string, string> InputsNow(StepFacts facts, WorkflowNode node, string? element, StoredStep earlier)
    {
        var inputs = StepInputs.Of(facts, node, element);
        if (earlier.Inputs.TryGetValue("guidance", out var guidance))
        {
            inputs["guidance"] = guidance;
        }

        return inputs;
    }

    /// <summary>What a node has made: its step's JSON, or the list of its steps' when it fans out.</summary>
    internal static JsonElement? Output(IReadOnlyList<StoredStep> steps) => steps switch
    {
        [] => null,
        [{ Step.Item: 0 } only] => JsonElement.Parse(only.Content),
        _ => JsonSerializer.SerializeToElement(steps.Select(step => JsonElement.Parse(step.Content))),
    };
}
