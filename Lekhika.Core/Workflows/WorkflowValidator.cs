namespace Lekhika.Core.Workflows;

/// <summary>A fault of a workflow: a sentence, and the nodes it is about.</summary>
public sealed record WorkflowFault(string Code, string Message, IReadOnlyList<string> NodeIds);

/// <summary>A workflow that cannot run; the message tells every fault.</summary>
public sealed class InvalidWorkflowException(IReadOnlyList<WorkflowFault> faults)
    : Exception("The workflow cannot run: " + string.Join(" ", faults.Select(fault => fault.Message)))
{
    /// <summary>The faults.</summary>
    public IReadOnlyList<WorkflowFault> Faults { get; } = faults;
}

/// <summary>Checks a workflow before anything of it runs; all faults are told at once.</summary>
public static class WorkflowValidator
{
    /// <summary>Most nodes and edges of one workflow.</summary>
    public const int MaxNodes = 500;

    /// <summary>The faults of <paramref name="definition"/>; empty when it can run.</summary>
    public static IReadOnlyList<WorkflowFault> Validate(WorkflowDefinition definition)
    {
        if (definition.Nodes.Count is 0 or > MaxNodes || definition.Edges.Count > 4 * MaxNodes)
        {
            return [new("size", $"A workflow has 1 to {MaxNodes} nodes and at most {4 * MaxNodes} edges.", [])];
        }

        // A list of a JSON text may hold null, whatever its type says.
        if (definition.Nodes.Any(node => node is null) || definition.Edges.Any(edge => edge is null))
        {
            return [new("null", "A node or an edge of the workflow is null.", [])];
        }

        List<WorkflowFault> faults = [.. Identity(definition), .. Roles(definition), .. Edges(definition)];
        return faults.Count > 0 ? faults : [.. Shape(definition)];
    }

    /// <summary>The graph of a valid workflow; throws <see cref="InvalidWorkflowException"/> for another.</summary>
    public static WorkflowGraph Graph(WorkflowDefinition definition)
    {
        var faults = Validate(definition);
        return faults.Count == 0
            ? new WorkflowGraph(definition)
            : throw new InvalidWorkflowException(faults);
    }

    private static IEnumerable<WorkflowFault> Identity(WorkflowDefinition definition)
    {
        foreach (var group in definition.Nodes.GroupBy(node => node.Id).Where(group => group.Count() > 1))
        {
            yield return new("duplicate_node", $"The id '{group.Key}' is used by {group.Count()} nodes; ids are unique.", [group.Key]);
        }

        foreach (var node in definition.Nodes.Where(node => string.IsNullOrWhiteSpace(node.Id) || node.Id.Length > 100))
        {
            yield return new("node_id", "A node's id has 1 to 100 characters.", [node.Id ?? ""]);
        }
    }

    private static IEnumerable<WorkflowFault> Roles(WorkflowDefinition definition)
    {
        foreach (var node in definition.Nodes)
        {
            if (node.Data.Role is not { } key || !NodeRole.All.TryGetValue(key, out var role))
            {
                yield return new("unknown_role", $"Node '{node.Id}' has no known role ('{node.Data.Role}').", [node.Id]);
            }
            else if (role.Type != node.Type)
            {
                yield return new("role_type", $"Node '{node.Id}' is of type {node.Type}, but its role {key} is for {role.Type} nodes.", [node.Id]);
            }
        }
    }

    private static IEnumerable<WorkflowFault> Edges(WorkflowDefinition definition)
    {
        var ids = definition.Nodes.Select(node => node.Id).ToHashSet();
        foreach (var edge in definition.Edges)
        {
            if (!ids.Contains(edge.Source) || !ids.Contains(edge.Target))
            {
                yield return new("unknown_node", $"Edge '{edge.Id}' goes from '{edge.Source}' to '{edge.Target}', and one of them does not exist.", [edge.Source, edge.Target]);
            }
        }
    }

    private static IEnumerable<WorkflowFault> Shape(WorkflowDefinition definition)
    {
        var circles = Circles.Of(definition);
        if (circles.Count > 0)
        {
            foreach (var circle in circles)
            {
                yield return new("cycle", circle is [var alone] ? $"The node {alone} waits for itself." : $"The nodes {string.Join(", ", circle)} wait for each other in a circle.", circle);
            }

            yield break;
        }

        if (definition.Nodes.Count(node => node.Type == NodeType.Input) != 1)
        {
            yield return new("input", "A workflow has exactly one input node.", [.. definition.Nodes.Where(n => n.Type == NodeType.Input).Select(n => n.Id)]);
        }

        if (definition.Nodes.Count(node => node.Type == NodeType.Output) != 1)
        {
            yield return new("output", "A workflow has exactly one output node.", [.. definition.Nodes.Where(n => n.Type == NodeType.Output).Select(n => n.Id)]);
        }

        // The output waits for every other node, so a node behind it would wait for ever.
        var outputs = definition.Nodes.Where(node => node.Type == NodeType.Output).Select(node => node.Id).ToHashSet();
        var late = definition.Edges.Where(edge => outputs.Contains(edge.Source)).Select(edge => edge.Target).Distinct().Order(StringComparer.Ordinal).ToList();
        if (late.Count > 0)
        {
            yield return new("after_output", $"The output node ends the workflow, but leads on to {string.Join(", ", late)}.", late);
        }

        var unreachable = Unreachable(definition);
        if (unreachable.Count > 0)
        {
            yield return new("unreachable", $"No input leads to {string.Join(", ", unreachable)}.", unreachable);
        }
    }

    private static List<string> Unreachable(WorkflowDefinition definition)
    {
        var reached = definition.Nodes.Where(node => node.Type == NodeType.Input).Select(node => node.Id).ToHashSet();
        var successors = definition.Edges.ToLookup(edge => edge.Source, edge => edge.Target);
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var id))
        {
            foreach (var target in successors[id].Where(reached.Add))
            {
                next.Enqueue(target);
            }
        }

        return [.. definition.Nodes.Select(node => node.Id).Where(id => !reached.Contains(id)).Order(StringComparer.Ordinal)];
    }
}
