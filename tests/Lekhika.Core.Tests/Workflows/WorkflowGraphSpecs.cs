using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class WorkflowGraphSpecs
{
    [Fact]
    public void A_join_waits_for_all_its_predecessors_and_the_output_for_everybody()
    {
        var graph = WorkflowValidator.Graph(Workflow.Of("out side join b a in", "in>a in>b in>side a>join b>join join>out"));

        Ready(graph).ShouldBe("in");
        Ready(graph, "in").ShouldBe("a b side");
        Ready(graph, "in", "a").ShouldBe("b side");
        Ready(graph, "in", "a", "b").ShouldBe("join side");
        Ready(graph, "in", "a", "b", "join").ShouldBe("side", "the output would hand the run over before side has ended");
        Ready(graph, "in", "a", "b", "join", "side").ShouldBe("out");
        Ready(graph, "in", "a", "b", "join", "side", "out").ShouldBe("");
    }

    [Fact]
    public void Every_sound_graph_runs_to_its_end()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var count = random.Next(1, 30);
            var ids = Enumerable.Range(0, count).Select(n => $"n{n}").ToList();
            var edges = new List<string> { "in>out" };
            for (var i = 0; i < count; i++)
            {
                edges.Add(i == 0 || random.Next(3) == 0 ? $"in>n{i}" : $"n{random.Next(i)}>n{i}");
                edges.Add(random.Next(3) == 0 ? $"n{i}>out" : $"in>n{i}");
            }

            var graph = WorkflowValidator.Graph(Workflow.Of(string.Join(' ', ["in", "out", .. ids]), string.Join(' ', edges)));
            var completed = new HashSet<string>();
            while (graph.Ready(completed).FirstOrDefault() is { } node)
            {
                completed.Add(node.Id).ShouldBeTrue();
            }

            completed.Count.ShouldBe(count + 2);
        }
    }

    [Fact]
    public void Doubled_edges_lead_to_a_node_once()
    {
        var graph = WorkflowValidator.Graph(Workflow.Of("in a out", "in>a in>a a>out"));

        graph.Successors(graph.Node("in")).Select(node => node.Id).ShouldBe(["a"]);
        Ready(graph, "in").ShouldBe("a");
    }

    private static string Ready(WorkflowGraph graph, params string[] completed) =>
        string.Join(' ', graph.Ready(completed.ToHashSet()).Select(node => node.Id));
}
