using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

/// <summary>Workflows in one line: nodes by id, edges as "a>b". Ids that begin with "in" and "out" are the input and the output.</summary>
internal static class Workflow
{
    public static WorkflowDefinition Of(string nodes, string edges) => new(
        [.. Words(nodes).Select(Node)],
        [.. Words(edges).Select((edge, i) => new WorkflowEdge($"e{i}", edge.Split('>')[0], edge.Split('>')[1]))]);

    public static WorkflowNode Node(string id) => id switch
    {
        _ when id.StartsWith("in", StringComparison.Ordinal) => Node(id, NodeType.Input, "story_input"),
        _ when id.StartsWith("out", StringComparison.Ordinal) => Node(id, NodeType.Output, "output_processor"),
        _ => Node(id, NodeType.Process, "content_writer"),
    };

    public static WorkflowNode Node(string id, NodeType type, string? role) => new(id, type, new NodeData { Role = role });

    /// <summary>in > n1 > … > out, <paramref name="nodes"/> in all, in the order that is worst for a naive search.</summary>
    public static WorkflowDefinition Chain(int nodes)
    {
        string[] ids = ["in", .. Enumerable.Range(1, nodes - 2).Select(n => $"n{n}"), "out"];
        return Of(string.Join(' ', ids.Reverse()), string.Join(' ', ids.Zip(ids.Skip(1), (a, b) => $"{a}>{b}").Reverse()));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
