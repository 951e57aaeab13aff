using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Decides what of a run is due; pure but for its memory of what was given out. A node is done when every element of its
/// fan-out is, and only then do its successors become due.
/// </summary>
internal sealed class RunScheduler(WorkflowGraph graph, NodeRegistry registry)
{
    private readonly HashSet<StepKey> _given = [];
    private readonly HashSet<string> _skipped = [];
    private readonly Dictionary<string, IReadOnlyList<FanOutItem>> _items = new(StringComparer.Ordinal);

    /// <summary>How each node stands in this state.</summary>
    public IReadOnlyDictionary<string, NodeStanding> Standings(RunState state) => GraphWalk.Standings(
        graph,
        node => IsDone(state, node),
        node => state.Finished[(node.Id, 0)].Read<Decision>().Open.ToHashSet());

    /// <summary>Steps that are due and were not given out yet, in the order of nodes and elements.</summary>
    public IEnumerable<StepContext> Due(RunState state, IReadOnlyDictionary<string, NodeStanding> standings)
    {
        foreach (var id in graph.TopologicalOrder.Where(id => standings[id] == NodeStanding.Ready))
        {
            var node = graph.Node(id);
            foreach (var item in Items(state, node).Where(item => !state.IsFinished(id, item.Item)))
            {
                var step = new StepKey(id, item.Item, state.GenerationOf(id, item.Item));
                if (!_given.Contains(step))
                {
                    yield return new StepContext(node, step, state, item.Element, state.RegenerationOf(id, item.Item));
                }
            }
        }
    }

    /// <summary>Remembers that a step was given out.</summary>
    public void Given(StepKey step) => _given.Add(step);

    /// <summary>A step that was given out may be due again.</summary>
    public void Back(StepKey step) => _given.Remove(step);

    /// <summary>Nodes that no way leads to and that were not told before.</summary>
    public IReadOnlyList<string> NewlySkipped(IReadOnlyDictionary<string, NodeStanding> standings) =>
        [.. graph.TopologicalOrder.Where(id => standings[id] == NodeStanding.Skipped && _skipped.Add(id))];

    /// <summary>Steps may have been asked for anew, and lists be others then.</summary>
    public void Forget() => _items.Clear();

    private bool IsDone(RunState state, WorkflowNode node)
    {
        try
        {
            return Items(state, node).All(item => state.IsFinished(node.Id, item.Item));
        }
        catch (StepFault)
        {
            // Told when the node is due: what has made its list is finished, and must be kept.
            return false;
        }
    }

    /// <summary>The elements of a node before which everything is done: what they are made of changes only when something is done anew.</summary>
    private IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node)
    {
        if (!_items.TryGetValue(node.Id, out var items))
        {
            _items[node.Id] = items = registry.For(node).Items(state, node);
        }

        return items;
    }
}
