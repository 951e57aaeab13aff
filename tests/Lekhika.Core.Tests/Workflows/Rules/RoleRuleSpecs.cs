using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows.Rules;

public sealed class RoleRuleSpecs
{
    private static readonly string[] NotYet = ["audiobook_output", "audiobook_previewer", "editor"];

    [Fact]
    public void Every_role_is_taken_by_a_node_of_its_type_and_has_a_contract_unless_this_version_cannot_run_it()
    {
        NodeRole.All.Count.ShouldBe(31);
        foreach (var role in NodeRole.All.Values)
        {
            var codes = new WorkflowDefinition([Workflow.Node("n", role.Type, role.Key)], []).Codes();

            codes.Contains("unsupported_role").ShouldBe(NotYet.Contains(role.Key), role.Key);
            codes.ShouldNotContain("role_type");
            codes.ShouldNotContain("unknown_role");
            (RoleContracts.For(role.Key) is null).ShouldBe(NotYet.Contains(role.Key), role.Key);
        }

        RoleContracts.For("sorcerer").ShouldBeNull();
    }

    [Fact]
    public void Every_kind_that_a_role_reads_is_made_by_another()
    {
        var contracts = NodeRole.All.Keys.Select(RoleContracts.For).OfType<RoleContract>().ToList();

        contracts.Count.ShouldBe(28);
        contracts.SelectMany(contract => contract.Reads).Distinct().ShouldAllBe(kind => RoleContracts.Makers(kind).Any());
        NodeRole.All.Values.Where(role => role.CanWrite).ShouldAllBe(role => RoleContracts.For(role.Key)!.Makes == OutputKinds.Chapter);
        RoleContracts.Makers(OutputKinds.Outline).ShouldBe(["content_architect", "story_outliner"]);
    }

    [Fact]
    public void A_book_has_one_writer()
    {
        Workflow.Book().Codes().ShouldBe("");

        var fault = WorkflowValidator.Validate(Workflow.Book("write2", "outline>write2 write2>compile")).ShouldHaveSingleItem();

        (fault.Code, string.Join(' ', fault.NodeIds)).ShouldBe(("writers", "write write2"));
    }

    [Theory]
    [InlineData("in arch outline write", "in>arch arch>outline outline>write", "")]
    [InlineData("in outline", "in>outline", "outline: bible")]
    [InlineData("in write", "in>write", "write: bible, write: outline")]
    [InlineData("in arch outline write", "in>arch arch>outline in>write", "write: bible, write: outline")]
    [InlineData("in out", "in>out", "out: manuscript")]
    [InlineData("in arch outline compile out", "in>arch arch>outline outline>compile compile>out", "compile: chapter")]
    public void What_a_node_reads_is_made_by_a_node_before_it(string nodes, string edges, string missing)
    {
        var faults = WorkflowValidator.Validate(Workflow.Of(nodes, edges));

        faults.ShouldAllBe(fault => fault.Code == "unbound_input" && fault.Message.Contains(" reads the "));
        string.Join(", ", faults.Select(fault => $"{fault.NodeIds[0]}: {fault.Message.Split(" reads the ")[1].Split(',')[0]}")).ShouldBe(missing);
    }

    [Fact]
    public void The_roles_that_make_what_is_missing_are_named() =>
        WorkflowValidator.Validate(Workflow.Of("in outline", "in>outline")).ShouldHaveSingleItem()
            .Message.ShouldEndWith("lead a node with one of these roles to it: narrative_architect, plot_architect.");

    [Fact]
    public void What_an_unknown_role_would_make_is_not_guessed_at()
    {
        var workflow = Workflow.Book();

        (workflow with { Nodes = [.. workflow.Nodes.Select(node => node.Id == "outline" ? Workflow.Node("outline", NodeType.Process, "outliner") : node)] }).Codes().ShouldBe("unknown_role");
    }
}
