using Lekhika.Core.Workflows;
using static Lekhika.Core.Workflows.ConditionOperator;

namespace Lekhika.Core.Tests.Workflows.Rules;

public sealed class ConditionRuleSpecs
{
    [Theory]
    [InlineData("mood", ConditionOperator.Equals, "\"dark\"", "a", "")]
    [InlineData("Mood", Exists, "-", "b", "")]
    [InlineData("research.found", Exists, "-", "a", "")]
    [InlineData("in.logline", NotEquals, "\"\"", "a", "")]
    [InlineData("mood", GreaterThan, "3", "a", "")]
    [InlineData("mood", LessThan, "\"3.5\"", "a", "")]
    [InlineData(" ", Exists, "-", "a", "has no field")]
    [InlineData("other", Exists, "-", "a", "the variable 'other', which the form does not declare")]
    [InlineData("a.found", Exists, "-", "a", "the node 'a', which does not run before it")]
    [InlineData("gate.way", Exists, "-", "a", "the node 'gate', which does not run before it")]
    [InlineData("mood", Exists, "-", "", "has no target")]
    [InlineData("mood", Exists, "-", "in", "leads to 'in', but no edge leads there")]
    [InlineData("mood", Exists, "-", "c", "leads to 'c', but no edge leads there")]
    [InlineData("mood", ConditionOperator.Equals, "-", "a", "has no value")]
    [InlineData("mood", Contains, "\"\"", "a", "an empty value")]
    [InlineData("mood", GreaterThan, "\"much\"", "a", "compares numbers")]
    [InlineData("mood", LessThan, "true", "a", "compares numbers")]
    public void A_condition_leads_along_an_edge_and_compares_what_there_is(string field, ConditionOperator how, string value, string target, string wrong)
    {
        var faults = WorkflowValidator.Validate(Gate(data => data with { Conditions = [Workflow.When("mood", Exists, "-", "a"), Workflow.When(field, how, value, target)] }).Asking("mood"));

        if (wrong.Length == 0)
        {
            faults.ShouldBeEmpty();
            return;
        }

        var fault = faults.ShouldHaveSingleItem();
        fault.Code.ShouldBe("condition");
        fault.NodeIds.ShouldBe(["gate"]);
        fault.Message.ShouldStartWith("Condition 2 of node 'gate' ");
        fault.Message.ShouldContain(wrong);
    }

    [Fact]
    public void An_open_form_takes_any_variable() =>
        Gate(data => data with { Conditions = [Workflow.When("whatever", Exists, "-", "a")] }).Codes().ShouldBe("");

    [Fact]
    public void A_condition_node_has_conditions_and_a_default_that_an_edge_leads_to()
    {
        var exists = Workflow.When("mood", Exists, "-", "a");

        Gate(data => data with { Conditions = [exists], DefaultRoute = "b" }).Codes().ShouldBe("");
        Gate(data => data with { Conditions = [exists], DefaultRoute = "" }).Codes().ShouldBe("");
        Gate(data => data with { Conditions = [exists], DefaultRoute = "c" }).Codes().ShouldBe("condition");
        Gate(data => data with { Conditions = [] }).Codes().ShouldBe("condition");
        Gate(data => data with { DefaultRoute = "b" }).Codes().ShouldBe("condition");
    }

    [Fact]
    public void Only_a_condition_node_chooses()
    {
        var gate = Gate(data => data with { Conditions = [Workflow.When("mood", Exists, "-", "a")] });

        gate.With("a", data => data with { Conditions = [] }).Codes().ShouldBe("");
        gate.With("research", data => data with { Conditions = [Workflow.When("mood", Exists, "-", "gate")] }).Codes().ShouldBe("condition");
        gate.With("research", data => data with { DefaultRoute = "gate" }).Codes().ShouldBe("condition");
    }

    [Fact]
    public void A_target_whose_node_is_missing_is_told_once() =>
        Workflow.Of("in gate", "in>gate gate>gone").With("gate", data => data with { Conditions = [Workflow.When("mood", Exists, "-", "gone")] }).Codes().ShouldBe("unknown_node");

    private static WorkflowDefinition Gate(Func<NodeData, NodeData> data) =>
        Workflow.Of("in research gate a b c", "in>research research>gate gate>a gate>b a>c b>c").With("gate", data);
}
