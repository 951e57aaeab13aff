using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Decides what of a run is due; pure but for its memory of what was given out. A node is complete when every element of its
/// fan-out is durable, and only then do its successors become due.
/// </summary>
internal sealed class RunScheduler(WorkflowGraph graph, NodeRegistry registry)
{
    private readonly HashSet<StepKey> _given = [];

    /// <summary>Steps that are due and were not given out yet, in order.</summary>
    public IReadOnlyList<(WorkflowNode Node, StepKey Step)> Due(RunState state)
    {
        var complete = new HashSet<string>(StringComparer.Ordinal);
        var due = new List<(WorkflowNode, StepKey)>();
        var looked = new HashSet<string>(StringComparer.Ordinal);
        while (graph.Ready(complete).FirstOrDefault(node => looked.Add(node.Id)) is { } node)
        {
            var steps = registry.For(node).Items(state, node).Select(item => new StepKey(node.Id, item, 1)).ToList();
            if (steps.TrueForAll(state.Outputs.ContainsKey))
            {
                complete.Add(node.Id);
                looked.Remove(node.Id);
            }
            else
            {
                due.AddRange(steps.Where(step => !state.Outputs.ContainsKey(step) && !_given.Contains(step)).Select(step => (node, step)));
            }
        }

        return due;
    }

    /// <summary>Remembers that a step was given out.</summary>
    public void Given(StepKey step) => _given.Add(step);
}
