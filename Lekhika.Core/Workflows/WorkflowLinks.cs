using System.Collections.Concurrent;

namespace Lekhika.Core.Workflows;

/// <summary>
/// The edges of a workflow that may still be faulty: those between nodes that exist, each once. What can be known of the rest of
/// a workflow does not wait for its last edge to be right.
/// </summary>
internal sealed class WorkflowLinks
{
    private readonly List<string> _ids;
    private readonly ILookup<string, string> _predecessors;
    private readonly ILookup<string, string> _successors;

    // A graph is read by every step of a run at the same time.
    private readonly ConcurrentDictionary<string, IReadOnlySet<string>> _ancestors = new(StringComparer.Ordinal);

    public WorkflowLinks(WorkflowDefinition definition)
    {
        _ids = [.. definition.Nodes.Select(node => node.Id).Distinct()];
        var known = _ids.ToHashSet();
        var links = definition.Edges.Where(edge => known.Contains(edge.Source) && known.Contains(edge.Target))
            .Select(edge => (edge.Source, edge.Target)).Distinct().ToList();
        _predecessors = links.ToLookup(link => link.Target, link => link.Source);
        _successors = links.ToLookup(link => link.Source, link => link.Target);
    }

    public IEnumerable<string> Successors(string id) => _successors[id];

    public IEnumerable<string> Predecessors(string id) => _predecessors[id];

    /// <summary>All nodes from which a way leads to this one; itself only when it stands in a circle.</summary>
    public IReadOnlySet<string> Ancestors(string id) => _ancestors.GetOrAdd(id, of => Reached(Predecessors(of), _predecessors));

    /// <summary>These nodes and all that ways lead to from them.</summary>
    public IReadOnlySet<string> From(IEnumerable<string> ids) => Reached(ids, _successors);

    /// <summary>Every node after its predecessors, the first by id where there is a choice; nodes of a circle, and those behind it, are left out.</summary>
    public IReadOnlyList<string> TopologicalOrder()
    {
        var waits = _ids.ToDictionary(id => id, id => Predecessors(id).Count());
        var ready = new SortedSet<string>(_ids.Where(id => waits[id] == 0), StringComparer.Ordinal);
        var order = new List<string>(_ids.Count);
        while (ready.Min is { } id)
        {
            ready.Remove(id);
            order.Add(id);
            ready.UnionWith(Successors(id).Where(next => --waits[next] == 0));
        }

        return order;
    }

    private static HashSet<string> Reached(IEnumerable<string> from, ILookup<string, string> edges)
    {
        var reached = from.ToHashSet();
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var id))
        {
            foreach (var other in edges[id].Where(reached.Add))
            {
                next.Enqueue(other);
            }
        }

        return reached;
    }
}
