using System.Diagnostics;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class WorkflowValidatorSpecs
{
    [Theory]
    [InlineData("in", "")]
    [InlineData("in a", "in>a")]
    [InlineData("in a b c", "in>a in>b a>c b>c")]
    [InlineData("in a", "in>a in>a")]
    [InlineData("in arch outline write compile out", "in>arch arch>outline outline>write write>compile compile>out")]
    public void A_sound_workflow_has_no_fault(string nodes, string edges)
    {
        WorkflowValidator.Validate(Workflow.Of(nodes, edges)).ShouldBeEmpty();
        WorkflowValidator.Graph(Workflow.Of(nodes, edges)).Nodes.Count.ShouldBe(nodes.Split(' ').Length);
    }

    [Theory]
    [InlineData("", "", "size")]
    [InlineData("in a a", "in>a", "duplicate_node")]
    [InlineData("in", "in>gone", "unknown_node")]
    [InlineData("in", "gone>in", "unknown_node")]
    [InlineData("a", "", "input,unreachable")]
    [InlineData("in in2", "", "input")]
    [InlineData("in a", "", "unreachable")]
    [InlineData("in a b", "a>b", "unreachable")]
    [InlineData("in a", "in>a a>a", "cycle")]
    [InlineData("in a b", "gone>a a>b", "unknown_node")]
    public void A_fault_has_its_code_and_a_sentence(string nodes, string edges, string codes)
    {
        Workflow.Of(nodes, edges).Codes().ShouldBe(codes);
        WorkflowValidator.Validate(Workflow.Of(nodes, edges)).ShouldAllBe(fault => fault.Message.EndsWith('.') && fault.Message.Contains(' '));
    }

    [Theory]
    [InlineData("out2", "compile>out2", "output")]
    [InlineData("a", "in>a out>a", "after_output")]
    [InlineData("", "compile>outline", "cycle")]
    [InlineData("", "out>in", "cycle,after_output")]
    public void A_book_has_at_most_one_output_and_ends_with_it(string nodes, string edges, string codes) => Workflow.Book(nodes, edges).Codes().ShouldBe(codes);

    [Theory]
    [InlineData("in a b c", "in>a a>b b>a b>c", "a b")]
    [InlineData("in a", "in>a a>a", "a")]
    [InlineData("in a b", "in>a b>a a>b", "a b")]
    [InlineData("in a", "in>a a>in", "a in")]
    public void Only_the_nodes_of_the_circle_are_named(string nodes, string edges, string circle) =>
        WorkflowValidator.Validate(Workflow.Of(nodes, edges)).ShouldHaveSingleItem().NodeIds.ShouldBe(circle.Split(' '));

    [Fact]
    public void Two_circles_are_two_faults_and_the_way_between_them_is_in_neither()
    {
        var faults = WorkflowValidator.Validate(Workflow.Of("in a b way c d e f", "in>a a>b b>a b>way way>c c>d d>e e>c e>f"));

        faults.Select(fault => $"{fault.Code}: {string.Join(' ', fault.NodeIds)}").ShouldBe(["cycle: a b", "cycle: c d e"]);
        faults.ShouldAllBe(fault => !fault.Message.Contains("way"));
    }

    [Fact]
    public void All_faults_are_told_at_once_whatever_is_wrong_with_the_others()
    {
        var workflow = new WorkflowDefinition(
            [
                Workflow.Node("in", NodeType.Input, "content_writer"), Workflow.Node("x", NodeType.Process, "sorcerer"), Workflow.Node("y", NodeType.Process, null),
                Workflow.Node("out"), Workflow.Node("", NodeType.Process, "editor"), Workflow.Node(new string('n', 101)), Workflow.Node("a"), Workflow.Node("b"), Workflow.Node("gate"), Workflow.Node("preview"),
            ],
            [new("e", "in", "nowhere"), new("e1", "a", "b"), new("e2", "b", "a"), new("e3", "in", "a"), new("e4", "in", "gate"), new("e5", "in", "preview")]);

        var faults = WorkflowValidator.Validate(workflow.With("b", data => data with { ForEach = "out.list", UserPrompt = "{gate.way}" }));

        faults.Select(fault => fault.Code).ShouldBe(
        [
            "node_id", "node_id", "role_type", "unknown_role", "unknown_role", "unsupported_role", "unknown_node", "cycle", "unreachable",
            "unbound_input", "unbound_input", "unbound_input", "unbound_input", "condition", "preview", "for_each", "unknown_variable",
        ]);
        faults[2].NodeIds.ShouldBe(["in"]);
        faults[3].NodeIds.ShouldBe(["x"]);
    }

    [Fact]
    public void Too_many_nodes_or_edges_are_refused_before_anything_is_looked_at()
    {
        WorkflowValidator.Validate(Workflow.Chain(501)).ShouldHaveSingleItem().Code.ShouldBe("size");
        var edges = string.Join(' ', Enumerable.Repeat("in>a", 2_001));
        WorkflowValidator.Validate(Workflow.Of("in a", edges)).ShouldHaveSingleItem().Code.ShouldBe("size");
    }

    [Fact]
    public void A_node_has_prompts_and_conditions_of_a_bounded_size()
    {
        var full = new string('x', 20_000);
        var conditions = Enumerable.Repeat(Workflow.When("mood", ConditionOperator.Exists, "-", "a"), 50).ToList();
        var workflow = Workflow.Of("in gate a", "in>gate gate>a")
            .With("a", data => data with { SystemPrompt = full, UserPrompt = full })
            .With("gate", data => data with { Conditions = conditions });
        workflow.Codes().ShouldBe("");

        var over = workflow.With("a", data => data with { SystemPrompt = full + "x", UserPrompt = full + "x" }).With("gate", data => data with { Conditions = [.. conditions, conditions[0]] });

        WorkflowValidator.Validate(over).Select(fault => $"{fault.Code} {fault.NodeIds[0]}").ShouldBe(["size gate", "size a", "size a"]);
    }

    [Fact]
    public void Null_in_a_list_is_a_fault_not_a_crash()
    {
        Json.Read<WorkflowDefinition>("""{"nodes":[null],"edges":[null]}""").Codes().ShouldBe("null");
        Json.Read<WorkflowDefinition>("""{"nodes":[{"id":"in","type":"input","data":{"role":"story_input","inputFields":[null]}}],"edges":[]}""").Codes().ShouldBe("null");
        Json.Read<WorkflowDefinition>("""{"nodes":[{"id":"in","type":"input","data":{"role":"story_input","conditions":[null]}}],"edges":[]}""").Codes().ShouldBe("null,condition");
    }

    [Fact]
    public void Five_hundred_nodes_are_checked_at_once_whatever_their_order()
    {
        var chain = Workflow.Chain(500);
        var ids = Enumerable.Range(1, 499).Select(n => $"n{n}").ToList();
        var dense = Workflow.Of(
            string.Join(' ', ["in", .. ids]),
            string.Join(' ', [.. ids.Select(id => $"in>{id}"), .. ids.Zip(ids.Skip(1), (a, b) => $"{b}>{a}"), .. ids.Zip(ids.Skip(2), (a, b) => $"{b}>{a}"), .. ids.Zip(ids.Skip(3), (a, b) => $"{b}>{a}")]));
        var ring = Workflow.Of("in " + string.Join(' ', ids), string.Join(' ', ["in>n1", "n499>n1", .. ids.Zip(ids.Skip(1), (a, b) => $"{a}>{b}")]));
        WorkflowValidator.Validate(Workflow.Chain(10));

        var clock = Stopwatch.StartNew();
        WorkflowValidator.Validate(chain).ShouldBeEmpty();
        WorkflowValidator.Validate(dense).ShouldBeEmpty();
        WorkflowValidator.Validate(ring).ShouldHaveSingleItem().NodeIds.Count.ShouldBe(499);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_graph_is_only_made_of_a_sound_workflow() =>
        Should.Throw<InvalidWorkflowException>(() => WorkflowValidator.Graph(Workflow.Of("in a", ""))).Message.ShouldContain("No input leads to a");
}
