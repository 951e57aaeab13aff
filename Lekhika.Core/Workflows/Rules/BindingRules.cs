namespace Lekhika.Core.Workflows.Rules;

/// <summary>What a node reads is made by some node before it.</summary>
internal static class BindingRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var reached = workflow.Links.From(workflow.Nodes(NodeType.Input).Select(node => node.Id));

        // Nobody can say what an unknown role makes; its own fault is told.
        var guesses = Behind(workflow, node => !NodeRole.All.ContainsKey(node.Data.Role ?? ""));
        var behind = new Dictionary<string, IReadOnlySet<string>>();
        foreach (var node in workflow.Definition.Nodes.Where(node => reached.Contains(node.Id) && workflow.KnowsWayTo(node.Id) && !guesses.Contains(node.Id)))
        {
            foreach (var kind in Contract(node)?.Reads ?? [])
            {
                if (!behind.TryGetValue(kind, out var bound))
                {
                    behind[kind] = bound = Behind(workflow, other => Contract(other)?.Makes == kind);
                }

                if (!bound.Contains(node.Id))
                {
                    yield return new(
                        "unbound_input",
                        $"Node '{node.Id}' ({node.Data.Role}) reads the {kind}, which no node before it makes: lead a node with one of these roles to it: {string.Join(", ", RoleContracts.Makers(kind))}.",
                        [node.Id]);
                }
            }
        }
    }

    private static RoleContract? Contract(WorkflowNode node) => RoleContracts.For(node.Data.Role ?? "");

    /// <summary>The nodes that a way leads to from some node of a sort.</summary>
    private static IReadOnlySet<string> Behind(CheckedWorkflow workflow, Func<WorkflowNode, bool> sort) =>
        workflow.Links.From(workflow.Definition.Nodes.Where(sort).SelectMany(node => workflow.Links.Successors(node.Id)));
}
