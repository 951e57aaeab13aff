namespace Lekhika.Core.Workflows.Rules;

/// <summary>Prompts name only what there is, and forms ask only for what something uses.</summary>
internal static class VariableRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var used = new HashSet<string>([.. CheckedWorkflow.OfBrief, .. CheckedWorkflow.OfFiles]);
        foreach (var node in workflow.Definition.Nodes)
        {
            List<FieldReference> inPrompts = [.. InPrompts(node).Select(workflow.Reference)];
            var unknown = inPrompts.Where(reference => !IsProvided(workflow, node, reference)).Select(reference => $"{{{reference.Field}}}").ToList();
            if (unknown.Count > 0)
            {
                yield return new(
                    "unknown_variable",
                    $"The prompts of node '{node.Id}' name {string.Join(", ", unknown)}, which nothing provides: declare them in the inputFields of the input node, name a value of a node before this one, or take them out.",
                    [node.Id]);
            }

            used.UnionWith(inPrompts.Concat(Fields(node).Select(workflow.Reference))
                .Where(reference => reference.NodeId is null).Select(reference => FieldReference.Normal(reference.Field)));
        }

        if (workflow.Definition.Nodes.Any(PictureRules.Makes))
        {
            used.UnionWith(PictureWishes.Variables);
        }

        foreach (var node in workflow.Nodes(NodeType.Input))
        {
            var unused = (node.Data.InputFields ?? []).Where(field => field is not null && !used.Contains(FieldReference.Normal(field.Variable)))
                .Select(field => CheckedWorkflow.Quoted(field.Variable)).Distinct().ToList();
            if (unused.Count > 0)
            {
                yield return new(
                    "unused_input",
                    $"The form of node '{node.Id}' asks for {string.Join(", ", unused)}, which nothing uses: name them in a prompt or a condition, or take the fields out.",
                    [node.Id]);
            }
        }
    }

    private static bool IsProvided(CheckedWorkflow workflow, WorkflowNode node, FieldReference reference)
    {
        var name = FieldReference.Normal(reference.Field);
        return workflow.FaultOf(node, reference) is null
            || (reference.NodeId is null && (CheckedWorkflow.OfBrief.Contains(name) || (IsWriter(node) && PromptVariables.OfChapters.Contains(name))));
    }

    private static bool IsWriter(WorkflowNode node) => NodeRole.All.GetValueOrDefault(node.Data.Role ?? "")?.CanWrite == true;

    private static IEnumerable<string> InPrompts(WorkflowNode node) =>
        PromptVariables.In(node.Data.SystemPrompt).Concat(PromptVariables.In(node.Data.UserPrompt)).Distinct();

    private static IEnumerable<string> Fields(WorkflowNode node) =>
        (node.Data.Conditions ?? []).Select(condition => condition?.Field).Append(node.Data.ForEach).OfType<string>();
}
