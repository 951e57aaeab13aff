namespace Lekhika.Core.Workflows.Rules;

/// <summary>The circles of a workflow: its strongly connected components of several nodes, and nodes that wait for themselves.</summary>
internal static class Circles
{
    /// <summary>The ids of each circle in order, the circles in order of their first; by Kosaraju's two searches, without recursion.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(WorkflowLinks links, IEnumerable<WorkflowNode> nodes)
    {
        var left = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            Search(node.Id, links.Successors, seen, left);
        }

        left.Reverse();
        seen.Clear();
        var circles = new List<IReadOnlyList<string>>();
        foreach (var id in left)
        {
            var component = new List<string>();
            Search(id, links.Predecessors, seen, component);
            if (component.Count > 1 || (component is [var alone] && links.Successors(alone).Contains(alone)))
            {
                circles.Add([.. component.Order(StringComparer.Ordinal)]);
            }
        }

        return [.. circles.OrderBy(circle => circle[0], StringComparer.Ordinal)];
    }

    /// <summary>Depth first; a node is added to <paramref name="left"/> when all that follows it has been.</summary>
    private static void Search(string start, Func<string, IEnumerable<string>> edges, HashSet<string> seen, List<string> left)
    {
        if (!seen.Add(start))
        {
            return;
        }

        var path = new Stack<(string Id, IEnumerator<string> Next)>();
        path.Push((start, edges(start).GetEnumerator()));
        while (path.TryPeek(out var at))
        {
            if (!at.Next.MoveNext())
            {
                left.Add(path.Pop().Id);
            }
            else if (seen.Add(at.Next.Current))
            {
                path.Push((at.Next.Current, edges(at.Next.Current).GetEnumerator()));
            }
        }
    }
}
