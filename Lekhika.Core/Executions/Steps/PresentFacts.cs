using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>A stored run as it stands: what each of its nodes has made, in the newest finished generation of each step.</summary>
internal sealed class PresentFacts
{
    private readonly StoredRun _run;
    private readonly ILookup<string, StoredStep> _newest;
    private readonly StepFacts _facts;

    public PresentFacts(StoredRun run, WorkflowGraph graph)
    {
        _run = run;
        _newest = run.Steps.GroupBy(step => (step.Step.NodeId, step.Step.Item)).Select(steps => steps.MaxBy(step => step.Step.Generation)!)
            .OrderBy(step => step.Step.Item).ToLookup(step => step.Step.NodeId);
        _facts = new StepFacts(
            graph, run.Brief, run.Formats, run.Settings,
            id => StepInputs.Join(_newest[id].Select(step => step.Hash)),
            id => RunPlanner.Output([.. _newest[id]]))
        {
            Prompts = run.Prompts,
        };
    }

    /// <summary>The newest finished steps whose inputs were recorded, in the order of the workflow.</summary>
    public IEnumerable<StoredStep> Finished() => _facts.Graph.TopologicalOrder.SelectMany(id => _newest[id]).Where(step => step.Inputs.Count > 0);

    /// <summary>What a step was made of that is another thing now, in words for people.</summary>
    public IReadOnlyList<string> Differences(StoredStep step)
    {
        var node = _facts.Graph.Node(step.Step.NodeId);
        if (RoleContracts.For(node.Data.Role!) is not { } contract)
        {
            return [];
        }

        var items = StepReads.Items(_facts.Graph, node, contract, _run.Brief, _facts.OutputOf) ?? [];
        var element = items.FirstOrDefault(item => item.Item == step.Step.Item).Element;
        return [.. StepReasons.Of(StepInputs.Differences(step.Inputs, RunPlanner.InputsNow(_facts, node, element, step)), _run.Brief, _run.Brief)];
    }
}
