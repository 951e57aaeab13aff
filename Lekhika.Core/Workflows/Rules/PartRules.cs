namespace Lekhika.Core.Workflows.Rules;

/// <summary>Every part by itself: ids, sizes, and lists that hold null.</summary>
internal static class PartRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        foreach (var group in workflow.Definition.Nodes.GroupBy(node => node.Id).Where(group => group.Count() > 1))
        {
            yield return new("duplicate_node", $"The id '{group.Key}' is used by {group.Count()} nodes; ids are unique.", [group.Key]);
        }

        foreach (var node in workflow.Definition.Nodes.Where(node => string.IsNullOrWhiteSpace(node.Id) || node.Id.Length > 100))
        {
            yield return new("node_id", "A node's id has 1 to 100 characters.", [node.Id ?? ""]);
        }

        foreach (var node in workflow.Definition.Nodes)
        {
            if (node.Data.Conditions?.Contains(null!) == true || node.Data.InputFields?.Contains(null!) == true)
            {
                yield return new("null", $"A condition or an input field of node '{node.Id}' is null.", [node.Id]);
            }

            if (node.Data.Conditions?.Count > WorkflowValidator.MaxConditions)
            {
                yield return new("size", $"Node '{node.Id}' has {node.Data.Conditions.Count} conditions; at most {WorkflowValidator.MaxConditions} are read.", [node.Id]);
            }

            foreach (var (name, prompt) in new[] { ("systemPrompt", node.Data.SystemPrompt), ("userPrompt", node.Data.UserPrompt) })
            {
                if (prompt?.Length > WorkflowValidator.MaxPrompt)
                {
                    yield return new("size", $"The {name} of node '{node.Id}' has {prompt.Length} characters; at most {WorkflowValidator.MaxPrompt} are sent.", [node.Id]);
                }
            }
        }
    }
}
