using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class WorkflowGraphSpecs
{
    [Fact]
    public void A_join_waits_for_all_its_predecessors_and_the_output_for_everybody()
    {
        var graph = WorkflowValidator.Graph(Workflow.Book("side join b a", "in>a in>b in>side a>join b>join join>out"));

        Ready(graph).ShouldBe("in");
        Ready(graph, "in").ShouldBe("a arch b side");
        Ready(graph, "in", "a", "b", "arch").ShouldBe("join outline side");
        Ready(graph, "in", "a", "b", "join", "arch", "outline", "write", "compile").ShouldBe("side", "the output would hand the run over before side has ended");
        Ready(graph, "in", "a", "b", "join", "side", "arch", "outline", "write", "compile").ShouldBe("out");
        Ready(graph, "in", "a", "b", "join", "side", "arch", "outline", "write", "compile", "out").ShouldBe("");
    }

    [Fact]
    public void Doubled_edges_lead_to_a_node_once()
    {
        var graph = WorkflowValidator.Graph(Workflow.Of("in a b", "in>a in>a a>b"));

        Ids(graph.Successors(graph.Node("in"))).ShouldBe("a");
        Ids(graph.Predecessors(graph.Node("a"))).ShouldBe("in");
        graph.Edges.Select(edge => edge.Id).ShouldBe(["e0", "e2"]);
        Ready(graph, "in").ShouldBe("a");
    }

    [Fact]
    public void The_order_of_nodes_and_edges_is_that_of_the_work_and_not_that_of_the_drawing()
    {
        var graph = WorkflowValidator.Graph(Workflow.Of("c b a in", "b>c a>c in>b in>a"));

        graph.TopologicalOrder.ShouldBe(["in", "a", "b", "c"]);
        graph.Edges.Select(edge => $"{edge.Source}>{edge.Target}").ShouldBe(["in>a", "in>b", "a>c", "b>c"]);
    }

    [Fact]
    public void The_ancestors_are_all_nodes_from_which_a_way_leads_and_not_the_node_itself()
    {
        var graph = WorkflowValidator.Graph(Workflow.Of("in a b c side", "in>a a>b b>c in>side"));

        graph.Ancestors("c").Order().ShouldBe(["a", "b", "in"]);
        graph.Ancestors("in").ShouldBeEmpty();
        Should.Throw<KeyNotFoundException>(() => graph.Ancestors("nowhere"));
    }

    [Fact]
    public void A_workflow_without_files_has_no_output()
    {
        WorkflowValidator.Graph(Workflow.Of("in a", "in>a")).Output.ShouldBeNull();
        WorkflowValidator.Graph(Workflow.Book()).Output.ShouldNotBeNull().Id.ShouldBe("out");
    }

    private static string Ids(IEnumerable<WorkflowNode> nodes) => string.Join(' ', nodes.Select(node => node.Id));

    private static string Ready(WorkflowGraph graph, params string[] completed) => string.Join(' ', graph.Ready(completed.ToHashSet()));
}
