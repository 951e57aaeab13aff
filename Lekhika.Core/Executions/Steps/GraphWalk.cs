using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>How a node of a run stands.</summary>
public enum NodeStanding
{
    /// <summary>Something before it is not done.</summary>
    Waiting,

    /// <summary>Everything before it is done; it is not.</summary>
    Ready,

    /// <summary>Its output is there.</summary>
    Done,

    /// <summary>No way leads to it in this run.</summary>
    Skipped,
}

/// <summary>
/// How every node of a run stands, from what is done alone. A node's edges are open when it is done, those of a condition node as far
/// as its decision opened them; a node behind closed edges only is skipped, and so are its own. A join waits until all
/// its edges are known, and runs when one of them is open. The output node hands the whole run over: it waits for every other node.
/// </summary>
public static class GraphWalk
{
    /// <summary>The standing of each node, by id.</summary>
    /// <param name="isDone">Whether the node's output is there; asked only of nodes that everything before is done of.</param>
    /// <param name="open">The successors that a finished condition node has opened; asked only of such.</param>
    public static IReadOnlyDictionary<string, NodeStanding> Standings(
        WorkflowGraph graph, Func<WorkflowNode, bool> isDone, Func<WorkflowNode, IReadOnlySet<string>> open)
    {
        var standings = new Dictionary<string, NodeStanding>(graph.Nodes.Count, StringComparer.Ordinal);
        var opened = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var id in graph.TopologicalOrder)
        {
            var node = graph.Node(id);
            if (node.Type != NodeType.Output)
            {
                Stand(node);
            }
        }

        if (graph.Output is { } output)
        {
            Stand(output);
            if (standings[output.Id] == NodeStanding.Ready && standings.Any(other => other.Key != output.Id && other.Value is NodeStanding.Waiting or NodeStanding.Ready))
            {
                standings[output.Id] = NodeStanding.Waiting;
            }
        }

        return standings;

        void Stand(WorkflowNode node)
        {
            var standing = Before(node);
            if (standing == NodeStanding.Ready && isDone(node))
            {
                standing = NodeStanding.Done;
                if (node.Type == NodeType.Condition)
                {
                    opened[node.Id] = open(node);
                }
            }

            standings[node.Id] = standing;
        }

        NodeStanding Before(WorkflowNode node)
        {
            var (any, isOpen) = (false, false);
            foreach (var before in graph.Predecessors(node))
            {
                any = true;
                switch (standings[before.Id])
                {
                    case NodeStanding.Waiting or NodeStanding.Ready:
                        return NodeStanding.Waiting;
                    case NodeStanding.Done:
                        isOpen |= before.Type != NodeType.Condition || opened[before.Id].Contains(node.Id);
                        break;
                }
            }

            return !any || isOpen ? NodeStanding.Ready : NodeStanding.Skipped;
        }
    }
}
