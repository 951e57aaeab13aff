using Lekhika.Core.Workflows.Rules;

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

/// <summary>
/// Checks a workflow before anything of it runs; all faults that can be known are told at once. What hangs on another fault (a
/// node behind an edge from nowhere) is not guessed at. <c>docs/workflows.md</c> lists the codes.
/// </summary>
public static class WorkflowValidator
{
    /// <summary>Most nodes of one workflow; it has at most four times as many edges.</summary>
    public const int MaxNodes = 500;

    /// <summary>Most conditions of one node.</summary>
    public const int MaxConditions = 50;

    /// <summary>Most characters of one prompt.</summary>
    public const int MaxPrompt = 20_000;

    /// <summary>Most versions that a preview may ask for.</summary>
    public const int MaxAttempts = 10;

    private static readonly Func<CheckedWorkflow, IEnumerable<WorkflowFault>>[] Rules =
    [
        PartRules.Check, RoleRules.Check, ShapeRules.Check, BindingRules.Check, ConditionRules.Check, PreviewRules.Check, FanOutRules.Check, PictureRules.Check, VariableRules.Check,
    ];

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

        var workflow = new CheckedWorkflow(definition);
        return [.. Rules.SelectMany(rule => rule(workflow))];
    }

    /// <summary>The graph of a valid workflow; throws <see cref="InvalidWorkflowException"/> for another.</summary>
    public static WorkflowGraph Graph(WorkflowDefinition definition)
    {
        var faults = Validate(definition);
        return faults.Count == 0
            ? new WorkflowGraph(definition)
            : throw new InvalidWorkflowException(faults);
    }
}
