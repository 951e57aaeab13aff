using System.Diagnostics;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class WorkflowValidatorSpecs
{
    [Theory]
    [InlineData("in out", "in>out")]
    [InlineData("in a out", "in>a a>out")]
    [InlineData("in a b c out", "in>a in>b a>c b>c c>out")]
    [InlineData("in a b out", "in>a in>b a>out")]
    [InlineData("in a out", "in>a in>a a>out")]
    public void A_sound_workflow_has_no_fault(string nodes, string edges)
    {
        WorkflowValidator.Validate(Workflow.Of(nodes, edges)).ShouldBeEmpty();
        WorkflowValidator.Graph(Workflow.Of(nodes, edges)).Nodes.Count.ShouldBe(nodes.Split(' ').Length);
    }

    [Theory]
    [InlineData("", "", "size")]
    [InlineData("in in out", "in>out", "duplicate_node")]
    [InlineData("in out", "in>out in>gone", "unknown_node")]
    [InlineData("in out", "gone>out in>out", "unknown_node")]
    [InlineData("a out", "a>out", "input,unreachable")]
    [InlineData("in in2 out", "in>out in2>out", "input")]
    [InlineData("in a", "in>a", "output")]
    [InlineData("in out out2", "in>out in>out2", "output")]
    [InlineData("in a out", "in>out", "unreachable")]
    [InlineData("in a b out", "in>out a>b b>out", "unreachable")]
    [InlineData("in out", "", "unreachable")]
    [InlineData("in a out", "in>out out>a", "after_output")]
    [InlineData("in a out", "in>a a>a a>out", "cycle")]
    public void A_fault_has_its_code_and_a_sentence(string nodes, string edges, string codes)
    {
        var faults = WorkflowValidator.Validate(Workflow.Of(nodes, edges));

        faults.Select(fault => fault.Code).Distinct().ShouldBe(codes.Split(','));
        faults.ShouldAllBe(fault => fault.Message.EndsWith('.') && fault.Message.Contains(' '));
    }

    [Theory]
    [InlineData("in a b out", "in>a a>b b>a b>out", "a b")]
    [InlineData("in a out", "in>a a>a a>out", "a")]
    [InlineData("in a b out", "in>a b>a a>b", "a b")]
    [InlineData("in out", "in>out out>in", "in out")]
    public void Only_the_nodes_of_the_circle_are_named(string nodes, string edges, string circle) =>
        WorkflowValidator.Validate(Workflow.Of(nodes, edges)).Where(fault => fault.Code == "cycle").ShouldHaveSingleItem()
            .NodeIds.ShouldBe(circle.Split(' '));

    [Fact]
    public void Two_circles_are_two_faults_and_the_way_between_them_is_in_neither()
    {
        var faults = WorkflowValidator.Validate(Workflow.Of("in a b way c d e out", "in>a a>b b>a b>way way>c c>d d>e e>c e>out"));

        faults.Select(fault => $"{fault.Code}: {string.Join(' ', fault.NodeIds)}").ShouldBe(["cycle: a b", "cycle: c d e"]);
        faults.ShouldAllBe(fault => !fault.Message.Contains("way"));
    }

    [Fact]
    public void An_unknown_role_and_a_role_of_another_type_are_told_with_every_other_fault_of_the_parts()
    {
        var faults = WorkflowValidator.Validate(new WorkflowDefinition(
            [
                Workflow.Node("in", NodeType.Input, "content_writer"), Workflow.Node("x", NodeType.Process, "sorcerer"), Workflow.Node("y", NodeType.Process, null),
                Workflow.Node("out"), Workflow.Node("", NodeType.Process, "editor"), Workflow.Node(new string('n', 101), NodeType.Process, "editor"),
            ],
            [new("e", "in", "nowhere")]));

        faults.Select(fault => fault.Code).ShouldBe(["node_id", "node_id", "role_type", "unknown_role", "unknown_role", "unknown_node"]);
        faults[2].NodeIds.ShouldBe(["in"]);
        faults[3].NodeIds.ShouldBe(["x"]);
    }

    [Fact]
    public void Every_role_is_taken_by_a_node_of_its_type()
    {
        NodeRole.All.Count.ShouldBe(31);
        foreach (var role in NodeRole.All.Values)
        {
            WorkflowValidator.Validate(new WorkflowDefinition([Workflow.Node("n", role.Type, role.Key)], [])).ShouldNotContain(fault => fault.Code.Contains("role"), role.Key);
        }
    }

    [Fact]
    public void Too_many_nodes_or_edges_are_refused_before_anything_is_looked_at()
    {
        WorkflowValidator.Validate(Workflow.Chain(501)).ShouldHaveSingleItem().Code.ShouldBe("size");
        var edges = string.Join(' ', Enumerable.Repeat("in>out", 2_001));
        WorkflowValidator.Validate(Workflow.Of("in out", edges)).ShouldHaveSingleItem().Code.ShouldBe("size");
    }

    [Fact]
    public void Null_in_a_list_is_a_fault_not_a_crash()
    {
        var definition = Json.Read<WorkflowDefinition>("""{"nodes":[null],"edges":[null]}""");

        WorkflowValidator.Validate(definition).ShouldHaveSingleItem().Code.ShouldBe("null");
    }

    [Fact]
    public void Five_hundred_nodes_are_checked_at_once_whatever_their_order()
    {
        var chain = Workflow.Chain(500);
        var ids = Enumerable.Range(1, 498).Select(n => $"n{n}").ToList();
        var dense = Workflow.Of(
            string.Join(' ', ["in", "out", .. ids]),
            string.Join(' ', [.. ids.Select(id => $"in>{id}"), .. ids.Select(id => $"{id}>out"), .. ids.Zip(ids.Skip(1), (a, b) => $"{b}>{a}"), .. ids.Zip(ids.Skip(2), (a, b) => $"{b}>{a}")]));
        var ring = Workflow.Of("in out " + string.Join(' ', ids), string.Join(' ', ["in>n1", "n498>out", "n498>n1", .. ids.Zip(ids.Skip(1), (a, b) => $"{a}>{b}")]));
        WorkflowValidator.Validate(Workflow.Chain(10));

        var clock = Stopwatch.StartNew();
        WorkflowValidator.Validate(chain).ShouldBeEmpty();
        WorkflowValidator.Validate(dense).ShouldBeEmpty();
        WorkflowValidator.Validate(ring).ShouldHaveSingleItem().NodeIds.Count.ShouldBe(498);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_graph_is_only_made_of_a_sound_workflow() =>
        Should.Throw<InvalidWorkflowException>(() => WorkflowValidator.Graph(Workflow.Of("in a out", "in>out"))).Message.ShouldContain("No input leads to a");
}
