namespace Lekhika.Core.Workflows.Rules;

/// <summary>Only nodes that make reports or illustrations run once for each element of a list, and the list is there.</summary>
internal static class FanOutRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        foreach (var node in workflow.Definition.Nodes.Where(node => !string.IsNullOrEmpty(node.Data.ForEach)))
        {
            if (Fault(workflow, node) is { } fault)
            {
                yield return new("for_each", fault, [node.Id]);
            }
        }
    }

    private static string? Fault(CheckedWorkflow workflow, WorkflowNode node)
    {
        var contract = RoleContracts.For(node.Data.Role ?? "");
        if (contract?.Makes == OutputKinds.Chapter)
        {
            return $"Node '{node.Id}' writes every chapter of the outline by itself: take its forEach out.";
        }

        if (contract?.Makes is not (OutputKinds.Report or OutputKinds.Image))
        {
            return $"Node '{node.Id}' cannot run forEach: only nodes with one of these roles can: {string.Join(", ", RoleContracts.Makers(OutputKinds.Report).Concat(RoleContracts.Makers(OutputKinds.Image)))}.";
        }

        return workflow.FaultOf(node, workflow.Reference(node.Data.ForEach!)) is { } fault ? $"The forEach of node '{node.Id}' {fault}." : null;
    }
}
