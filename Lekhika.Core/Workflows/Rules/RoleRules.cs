namespace Lekhika.Core.Workflows.Rules;

/// <summary>Every node has a role that is known, that this version can run, and that is for nodes of its type; one of them writes.</summary>
internal static class RoleRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var writers = new List<string>();
        foreach (var node in workflow.Definition.Nodes)
        {
            if (node.Data.Role is not { } key || !NodeRole.All.TryGetValue(key, out var role))
            {
                yield return new("unknown_role", $"Node '{node.Id}' has no known role ({CheckedWorkflow.Quoted(node.Data.Role)}).", [node.Id]);
                continue;
            }

            if (role.CanWrite)
            {
                writers.Add(node.Id);
            }

            if (role.Type != node.Type)
            {
                yield return new("role_type", $"Node '{node.Id}' is of type {node.Type}, but its role {key} is for {role.Type} nodes.", [node.Id]);
            }

            if (RoleContracts.For(key) is null)
            {
                yield return new("unsupported_role", $"Node '{node.Id}' has the role {key}, which this version cannot run: take the node out, or give it another role.", [node.Id]);
            }
        }

        if (writers.Count > 1)
        {
            yield return new("writers", $"The nodes {string.Join(", ", writers.Select(CheckedWorkflow.Quoted))} all write chapters, but a book has one writer: keep one of them.", writers);
        }
    }
}
