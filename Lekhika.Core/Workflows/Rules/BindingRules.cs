namespace Lekhika.Core.Workflows.Rules;

/// <summary>What a node reads is made by some node before it.</summary>
internal static class BindingRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var roles = workflow.Definition.Nodes.ToLookup(node => node.Id, node => node.Data.Role ?? "");
        var reached = workflow.Links.From(workflow.Nodes(NodeType.Input).Select(node => node.Id));
        foreach (var node in workflow.Definition.Nodes.Where(node => reached.Contains(node.Id) && workflow.KnowsWayTo(node.Id)))
        {
            List<string> before = [.. workflow.Links.Ancestors(node.Id).SelectMany(id => roles[id])];
            if (RoleContracts.For(node.Data.Role ?? "") is not { } contract || before.Exists(role => !NodeRole.All.ContainsKey(role)))
            {
                // Nobody can say what an unknown role makes; its own fault is told.
                continue;
            }

            foreach (var kind in contract.Reads.Where(kind => !before.Exists(role => RoleContracts.For(role)?.Makes == kind)))
            {
                yield return new(
                    "unbound_input",
                    $"Node '{node.Id}' ({node.Data.Role}) reads the {kind}, which no node before it makes: lead a node with one of these roles to it: {string.Join(", ", RoleContracts.Makers(kind))}.",
                    [node.Id]);
            }
        }
    }
}
