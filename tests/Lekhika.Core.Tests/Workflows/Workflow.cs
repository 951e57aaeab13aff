using System.Text.Json;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

/// <summary>
/// Workflows in one line: nodes by id, edges as "a>b". What an id begins with says what the node is: in, arch, outline, write,
/// compile, out, gate, preview; every other is a researcher.
/// </summary>
internal static class Workflow
{
    private static readonly (string Start, NodeType Type, string Role)[] Kinds =
    [
        ("in", NodeType.Input, "story_input"), ("arch", NodeType.Process, "narrative_architect"), ("outline", NodeType.Process, "story_outliner"),
        ("write", NodeType.Process, "content_writer"), ("compile", NodeType.Process, "end_to_end_polisher"), ("out", NodeType.Output, "output_processor"),
        ("gate", NodeType.Condition, "preference_router"), ("preview", NodeType.Preview, "chapter_previewer"), ("", NodeType.Process, "researcher"),
    ];

    public static WorkflowDefinition Of(string nodes, string edges) => new(
        [.. Words(nodes).Select(Node)],
        [.. Words(edges).Select((edge, i) => new WorkflowEdge($"e{i}", edge.Split('>')[0], edge.Split('>')[1]))]);

    /// <summary>A whole book, in > arch > outline > write > compile > out, and more.</summary>
    public static WorkflowDefinition Book(string nodes = "", string edges = "") =>
        Of($"in arch outline write compile out {nodes}", $"in>arch arch>outline outline>write write>compile compile>out {edges}");

    public static WorkflowNode Node(string id)
    {
        var kind = Kinds.First(kind => id.StartsWith(kind.Start, StringComparison.Ordinal));
        return Node(id, kind.Type, kind.Role);
    }

    public static WorkflowNode Node(string id, NodeType type, string? role) => new(id, type, new NodeData { Role = role });

    /// <summary>in > n1 > …, <paramref name="nodes"/> in all, in the order that is worst for a naive search.</summary>
    public static WorkflowDefinition Chain(int nodes)
    {
        string[] ids = ["in", .. Enumerable.Range(1, nodes - 1).Select(n => $"n{n}")];
        return Of(string.Join(' ', ids.Reverse()), string.Join(' ', ids.Zip(ids.Skip(1), (a, b) => $"{a}>{b}").Reverse()));
    }

    /// <summary>The same workflow with other data in one node.</summary>
    public static WorkflowDefinition With(this WorkflowDefinition workflow, string id, Func<NodeData, NodeData> data) =>
        workflow with { Nodes = [.. workflow.Nodes.Select(node => node.Id == id ? node with { Data = data(node.Data) } : node)] };

    /// <summary>The same workflow whose form has these variables.</summary>
    public static WorkflowDefinition Asking(this WorkflowDefinition workflow, params string[] variables) =>
        workflow.With("in", data => data with { InputFields = [.. variables.Select(variable => new InputField(variable))] });

    /// <summary>A condition from "field operator value target", the value as JSON, absent when it is "-".</summary>
    public static WorkflowCondition When(string field, ConditionOperator how, string value, string target) =>
        new(field, how, value == "-" ? null : JsonElement.Parse(value), target);

    /// <summary>The codes of the faults, each once, in order.</summary>
    public static string Codes(this WorkflowDefinition workflow) => string.Join(',', WorkflowValidator.Validate(workflow).Select(fault => fault.Code).Distinct());

    /// <summary>The ids of the nodes that may run once these are done, in order.</summary>
    public static IEnumerable<string> Ready(this WorkflowGraph graph, IReadOnlySet<string> completed) =>
        GraphWalk.Standings(graph, node => completed.Contains(node.Id), _ => new HashSet<string>()).Where(node => node.Value == NodeStanding.Ready).Select(node => node.Key).Order(StringComparer.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
