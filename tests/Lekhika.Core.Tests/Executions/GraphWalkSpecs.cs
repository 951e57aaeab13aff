using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Tests.Workflows;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions;

public sealed class GraphWalkSpecs
{
    /// <summary>in > gate > (left | right) > join > after, and side beside it all.</summary>
    private static readonly WorkflowGraph Gated = WorkflowValidator.Graph(new WorkflowDefinition(
        [
            Workflow.Node("in", NodeType.Input, "story_input"),
            Gate("gate", "left", "right"),
            Report("left"), Report("right"), Report("far-right"), Report("join"), Report("after"), Report("side"),
        ],
        [
            new("1", "in", "gate"), new("2", "gate", "left"), new("3", "gate", "right"), new("4", "right", "far-right"),
            new("5", "left", "join"), new("6", "far-right", "join"), new("7", "join", "after"), new("8", "in", "side"),
        ]));

    [Theory]
    [InlineData("", "", "in:Ready")]
    [InlineData("in", "", "in:Done gate:Ready side:Ready")]
    [InlineData("in gate", "left", "in:Done gate:Done left:Ready right:Skipped far-right:Skipped side:Ready")]
    [InlineData("in gate left", "left", "in:Done gate:Done left:Done right:Skipped far-right:Skipped join:Ready side:Ready")]
    [InlineData("in gate left join after side", "left", "in:Done gate:Done left:Done right:Skipped far-right:Skipped join:Done after:Done side:Done")]
    [InlineData("in gate left", "left right", "in:Done gate:Done left:Done right:Ready side:Ready")]
    [InlineData("in gate", "", "in:Done gate:Done left:Skipped right:Skipped far-right:Skipped join:Skipped after:Skipped side:Ready")]
    public void Branches_that_are_not_taken_are_skipped_and_joins_behind_them_still_fire(string done, string open, string expected)
    {
        var standings = GraphWalk.Standings(Gated, node => Words(done).Contains(node.Id), _ => Words(open).ToHashSet());

        standings.Count.ShouldBe(8);
        standings.Where(node => node.Value != NodeStanding.Waiting).OrderBy(node => node.Key).Select(node => $"{node.Key}:{node.Value}")
            .ShouldBe(Words(expected).Order(StringComparer.CurrentCulture), ignoreOrder: true);
    }

    [Fact]
    public void The_output_waits_for_nodes_that_do_not_lead_to_it_and_not_for_skipped_ones()
    {
        var graph = WorkflowValidator.Graph(new WorkflowDefinition(
            [
                Workflow.Node("in", NodeType.Input, "story_input"), Workflow.Node("architect", NodeType.Process, "narrative_architect"), Workflow.Node("outliner", NodeType.Process, "story_outliner"),
                Workflow.Node("writer", NodeType.Process, "content_writer"), Workflow.Node("compiler", NodeType.Process, "end_to_end_polisher"),
                Gate("gate", "side"), Report("side"), Workflow.Node("out", NodeType.Output, "output_processor"),
            ],
            [
                new("1", "in", "architect"), new("2", "architect", "outliner"), new("3", "outliner", "writer"), new("4", "writer", "compiler"), new("5", "compiler", "out"),
                new("6", "in", "gate"), new("7", "gate", "side"),
            ]));
        NodeStanding Output(string done, string open) => GraphWalk.Standings(graph, node => Words(done).Contains(node.Id), _ => Words(open).ToHashSet())["out"];

        Output("in architect outliner writer compiler", "").ShouldBe(NodeStanding.Waiting, "the gate has not decided");
        Output("in architect outliner writer compiler gate", "side").ShouldBe(NodeStanding.Waiting, "its branch is not done");
        Output("in architect outliner writer compiler gate", "").ShouldBe(NodeStanding.Ready);
        Output("in architect outliner writer gate side", "side").ShouldBe(NodeStanding.Waiting);
        Output("in architect outliner writer compiler gate side out", "side").ShouldBe(NodeStanding.Done);
    }

    [Fact]
    public void Whatever_gates_decide_every_run_comes_to_an_end()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var count = random.Next(2, 25);
            List<WorkflowNode> nodes = [Workflow.Node("in", NodeType.Input, "story_input")];
            List<WorkflowEdge> edges = [];
            for (var i = 0; i < count; i++)
            {
                var before = Enumerable.Range(0, random.Next(1, 4)).Select(_ => nodes[random.Next(nodes.Count)].Id).Distinct().ToList();
                edges.AddRange(before.Select(source => new WorkflowEdge($"{source}-{i}", source, $"n{i}")));
                nodes.Add(random.Next(3) == 0 ? Workflow.Node($"n{i}", NodeType.Condition, "quality_gate") : Report($"n{i}"));
            }

            nodes = [.. nodes.Select(node => node.Type != NodeType.Condition ? node : edges.Where(edge => edge.Source == node.Id).Select(edge => edge.Target).ToArray() is { Length: > 0 } targets
                ? Gate(node.Id, targets)
                : Report(node.Id))];
            var graph = WorkflowValidator.Graph(new WorkflowDefinition(nodes, edges));
            var done = new HashSet<string>();
            var decided = new Dictionary<string, HashSet<string>>();
            while (GraphWalk.Standings(graph, node => done.Contains(node.Id), node => decided[node.Id]) is var standings && standings.FirstOrDefault(node => node.Value == NodeStanding.Ready).Key is { } next)
            {
                done.Add(next).ShouldBeTrue();
                decided[next] = [.. graph.Successors(graph.Node(next)).Select(node => node.Id).Where(_ => random.Next(2) == 0)];
            }

            var end = GraphWalk.Standings(graph, node => done.Contains(node.Id), node => decided[node.Id]);
            end.Values.ShouldAllBe(standing => standing == NodeStanding.Done || standing == NodeStanding.Skipped);
        }
    }

    private static WorkflowNode Gate(string id, params string[] targets) => new(id, NodeType.Condition, new NodeData
    {
        Role = "quality_gate",
        Conditions = [.. targets.Select(target => new WorkflowCondition("genre", ConditionOperator.Exists, null, target))],
    });

    private static WorkflowNode Report(string id) => Workflow.Node(id, NodeType.Process, "researcher");

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
