using System.Text.Json;

namespace Lekhika.Core.Workflows;

/// <summary>
/// Chooses the ways out of a condition node. Every condition that holds opens the edge to its target; when none holds, the edge
/// to the default route is opened; when there is no default either, none is. Edges to nodes that no condition and no default
/// names are always open.
/// </summary>
public static class ConditionEvaluator
{
    /// <summary>The ids of <paramref name="successors"/> whose edge is open, each once, in their order. Never throws on strange values.</summary>
    /// <param name="node">The condition node.</param>
    /// <param name="successors">The ids of the nodes that edges lead to from it.</param>
    /// <param name="value">The value of a condition's field in this run; null when it is absent.</param>
    public static IReadOnlyList<string> Routes(WorkflowNode node, IEnumerable<string> successors, Func<string, JsonElement?> value)
    {
        var conditions = node.Data.Conditions?.Where(condition => condition is not null).ToList() ?? [];
        var open = conditions.Where(condition => Holds(condition, value(condition.Field))).Select(condition => condition.Target).ToHashSet();
        var named = conditions.Select(condition => condition.Target).ToHashSet();
        if (!string.IsNullOrEmpty(node.Data.DefaultRoute))
        {
            named.Add(node.Data.DefaultRoute);
            if (open.Count == 0)
            {
                open.Add(node.Data.DefaultRoute);
            }
        }

        return [.. successors.Distinct().Where(id => open.Contains(id) || !named.Contains(id))];
    }

    /// <summary>Whether a condition holds for the value of its field.</summary>
    public static bool Holds(WorkflowCondition condition, JsonElement? actual) => condition.Operator switch
    {
        ConditionOperator.Equals => ConditionValue.Same(actual, condition.Value),
        ConditionOperator.NotEquals => !ConditionValue.Same(actual, condition.Value),
        ConditionOperator.Contains => ConditionValue.Holds(actual, condition.Value),
        ConditionOperator.GreaterThan => ConditionValue.Number(actual) > ConditionValue.Number(condition.Value),
        ConditionOperator.LessThan => ConditionValue.Number(actual) < ConditionValue.Number(condition.Value),
        ConditionOperator.Exists => !ConditionValue.IsEmpty(actual),
        _ => false,
    };
}
