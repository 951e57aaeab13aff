namespace Lekhika.Core.Workflows;

/// <summary>A valid workflow as a directed acyclic graph, ready to run. Made by <see cref="WorkflowValidator"/> only.</summary>
public sealed class WorkflowGraph
{
    private readonly Dictionary<string, WorkflowNode> _nodes;
    private readonly ILookup<string, string> _predecessors;
    private readonly ILookup<string, string> _successors;

    internal WorkflowGraph(WorkflowDefinition definition)
    {
        _nodes = definition.Nodes.ToDictionary(node => node.Id);
        _predecessors = definition.Edges.ToLookup(edge => edge.Target, edge => edge.Source);
        _successors = definition.Edges.ToLookup(edge => edge.Source, edge => edge.Target);
    }

    /// <summary>Every node.</summary>
    public IReadOnlyCollection<WorkflowNode> Nodes => _nodes.Values;

    /// <summary>The node with this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public WorkflowNode Node(string id) => _nodes[id];

    /// <summary>The role of a node.</summary>
    public static NodeRole Role(WorkflowNode node) => NodeRole.All[node.Data.Role!];

    /// <summary>The nodes that follow a node directly.</summary>
    public IEnumerable<WorkflowNode> Successors(WorkflowNode node) => _successors[node.Id].Distinct().Select(id => _nodes[id]);

    /// <summary>
    /// Nodes that are not in <paramref name="completed"/> and whose predecessors all are, in order of their ids. The output node
    /// hands the whole run over, so it waits for every other node.
    /// </summary>
    public IEnumerable<WorkflowNode> Ready(IReadOnlySet<string> completed) =>
        _nodes.Values
            .Where(node => !completed.Contains(node.Id)
                && (node.Type == NodeType.Output ? completed.Count == _nodes.Count - 1 : _predecessors[node.Id].All(completed.Contains)))
            .OrderBy(node => node.Id, StringComparer.Ordinal);
}
