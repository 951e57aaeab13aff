namespace Lekhika.Core.Workflows.Rules;

/// <summary>Conditions stand on condition nodes, lead along edges, and compare what there is with what can be compared.</summary>
internal static class ConditionRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        var edges = workflow.Definition.Edges.Select(edge => (edge.Source, edge.Target)).ToHashSet();
        foreach (var node in workflow.Definition.Nodes)
        {
            foreach (var message in Faults(workflow, node, edges))
            {
                yield return new("condition", message, [node.Id]);
            }
        }
    }

    private static IEnumerable<string> Faults(CheckedWorkflow workflow, WorkflowNode node, HashSet<(string Source, string Target)> edges)
    {
        var conditions = node.Data.Conditions ?? [];
        var defaultRoute = node.Data.DefaultRoute ?? "";
        if (node.Type != NodeType.Condition)
        {
            if (conditions.Count > 0 || defaultRoute.Length > 0)
            {
                yield return $"Node '{node.Id}' has conditions or a default route, but only condition nodes choose a way: move them to one.";
            }

            yield break;
        }

        if (conditions.Count == 0)
        {
            yield return $"The condition node '{node.Id}' has no conditions, so it chooses nothing: add some, or take the node out.";
        }

        if (defaultRoute.Length > 0 && !edges.Contains((node.Id, defaultRoute)))
        {
            yield return $"The default route of node '{node.Id}' is {CheckedWorkflow.Quoted(defaultRoute)}, but no edge leads there from it.";
        }

        foreach (var (i, condition) in conditions.Take(WorkflowValidator.MaxConditions).Index().Where(indexed => indexed.Item is not null))
        {
            foreach (var fault in Faults(workflow, node, condition, edges))
            {
                yield return $"Condition {i + 1} of node '{node.Id}' {fault}.";
            }
        }
    }

    private static IEnumerable<string> Faults(CheckedWorkflow workflow, WorkflowNode node, WorkflowCondition condition, HashSet<(string Source, string Target)> edges)
    {
        if (string.IsNullOrWhiteSpace(condition.Field))
        {
            yield return "has no field: name a variable of the form, or a value in the output of an earlier node";
        }
        else if (workflow.FaultOf(node, workflow.Reference(condition.Field)) is { } fault)
        {
            yield return fault;
        }

        if (string.IsNullOrEmpty(condition.Target))
        {
            yield return "has no target: name a node that an edge leads to from this one";
        }
        else if (!edges.Contains((node.Id, condition.Target)))
        {
            yield return $"leads to {CheckedWorkflow.Quoted(condition.Target)}, but no edge leads there from the node";
        }

        if (condition.Operator != ConditionOperator.Exists && condition.Value is null)
        {
            yield return "has no value to compare with";
        }
        else if (condition.Operator == ConditionOperator.Contains && ConditionValue.IsEmpty(condition.Value))
        {
            yield return "looks for an empty value, which nothing contains";
        }
        else if (condition.Operator is ConditionOperator.GreaterThan or ConditionOperator.LessThan && ConditionValue.Number(condition.Value) is null)
        {
            yield return "compares numbers, but its value is none";
        }
    }
}
