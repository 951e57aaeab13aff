namespace Lekhika.Core.Workflows.Rules;

/// <summary>A preview has something to show, and ends some time.</summary>
internal static class PreviewRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var processes = workflow.Nodes(NodeType.Process).Select(node => node.Id).ToHashSet();
        foreach (var node in workflow.Nodes(NodeType.Preview))
        {
            if (workflow.KnowsWayTo(node.Id) && !workflow.Links.Predecessors(node.Id).Any(processes.Contains))
            {
                yield return new("preview", $"The preview '{node.Id}' has nothing to show: lead an edge to it from the process node whose work a person shall see.", [node.Id]);
            }

            if (node.Data.MaxAttempts is < 1 or > WorkflowValidator.MaxAttempts)
            {
                yield return new("preview", $"The maxAttempts of the preview '{node.Id}' are {node.Data.MaxAttempts}; 1 to {WorkflowValidator.MaxAttempts} can be asked for.", [node.Id]);
            }
        }
    }
}
