namespace Lekhika.Core.Workflows;

/// <summary>A valid workflow as a directed acyclic graph, ready to run. Made by <see cref="WorkflowValidator"/> only.</summary>
public sealed class WorkflowGraph
{
    private readonly Dictionary<string, WorkflowNode> _nodes;
    private readonly WorkflowLinks _links;

    internal WorkflowGraph(WorkflowDefinition definition)
    {
        _nodes = definition.Nodes.ToDictionary(node => node.Id);
        _links = new WorkflowLinks(definition);
        TopologicalOrder = _links.TopologicalOrder();
        var rank = TopologicalOrder.Index().ToDictionary(place => place.Item, place => place.Index);
        Edges = [.. definition.Edges.DistinctBy(edge => (edge.Source, edge.Target)).OrderBy(edge => rank[edge.Source]).ThenBy(edge => rank[edge.Target])];
        Output = definition.Nodes.SingleOrDefault(node => node.Type == NodeType.Output);
    }

    /// <summary>Every node.</summary>
    public IReadOnlyCollection<WorkflowNode> Nodes => _nodes.Values;

    /// <summary>The ids of every node, each after all that lead to it; where several could come next, the first by id does.</summary>
    public IReadOnlyList<string> TopologicalOrder { get; }

    /// <summary>The edges by the <see cref="TopologicalOrder"/> of their sources, then of their targets; a doubled edge once.</summary>
    public IReadOnlyList<WorkflowEdge> Edges { get; }

    /// <summary>The node that hands the manuscript over; null when the workflow makes no files.</summary>
    public WorkflowNode? Output { get; }

    /// <summary>The node with this id; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public WorkflowNode Node(string id) => _nodes[id];

    /// <summary>The role of a node.</summary>
    public static NodeRole Role(WorkflowNode node) => NodeRole.All[node.Data.Role!];

    /// <summary>The nodes that follow a node directly.</summary>
    public IEnumerable<WorkflowNode> Successors(WorkflowNode node) => _links.Successors(node.Id).Select(id => _nodes[id]);

    /// <summary>The nodes that lead to a node directly.</summary>
    public IEnumerable<WorkflowNode> Predecessors(WorkflowNode node) => _links.Predecessors(node.Id).Select(id => _nodes[id]);

    /// <summary>The ids of all nodes from which a way leads to this one, itself not among them; throws <see cref="KeyNotFoundException"/> for an unknown id.</summary>
    public IReadOnlySet<string> Ancestors(string nodeId) => _links.Ancestors(_nodes[nodeId].Id);
}
