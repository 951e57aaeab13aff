using Lekhika.Core.Workflows;

namespace Lekhika.Chaos.Tests;

/// <summary>A graph that is disturbed.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Workflow">Null: the default book's.</param>
internal sealed record ChaosBook(string Name, WorkflowDefinition? Workflow)
{
    /// <summary>The node that a person looks at.</summary>
    public const string Preview = "preview-1";

    private static readonly ChaosBook Default = new("the default book", null);

    /// <summary>A specialist's report, a gate with a branch that is not taken and a join behind it, and a person who sends the outline back once.</summary>
    private static readonly ChaosBook WithGateAndPerson = new("a book with a gate and a person", new WorkflowDefinition(
        [
            Node("input-1", NodeType.Input, "story_input"),
            Node("facts-1", NodeType.Process, "researcher"),
            new("gate-1", NodeType.Condition, new NodeData
            {
                Role = "quality_gate",
                Conditions = [new("facts-1.summary", ConditionOperator.Exists, null, "architect-1")],
                DefaultRoute = "market-1",
            }),
            Node("market-1", NodeType.Process, "market_analyst"),
            Node("architect-1", NodeType.Process, "narrative_architect"),
            Node("outliner-1", NodeType.Process, "story_outliner"),
            new(Preview, NodeType.Preview, new NodeData { Role = "content_previewer" }),
            Node("writer-1", NodeType.Process, "content_writer"),
            new("compiler-1", NodeType.Process, new NodeData { Role = "end_to_end_polisher", AiEnabled = false }),
            new("output-1", NodeType.Output, new NodeData { Role = "multi_format_output", AiEnabled = false }),
        ],
        [
            new("1", "input-1", "facts-1"), new("2", "facts-1", "gate-1"), new("3", "gate-1", "architect-1"), new("4", "gate-1", "market-1"),
            new("5", "architect-1", "outliner-1"), new("6", "outliner-1", Preview), new("7", Preview, "writer-1"), new("8", "market-1", "writer-1"),
            new("9", "writer-1", "compiler-1"), new("10", "compiler-1", "output-1"),
        ]));

    /// <summary>The graph of a seed: of two seeds one has the person.</summary>
    public static ChaosBook Of(int seed) => seed % 2 == 0 ? WithGateAndPerson : Default;

    private static WorkflowNode Node(string id, NodeType type, string role) => new(id, type, new NodeData { Label = id, Role = role, SelectedModels = ["default"] });
}
