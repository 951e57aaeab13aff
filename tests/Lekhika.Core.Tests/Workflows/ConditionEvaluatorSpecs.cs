using System.Text.Json;
using Lekhika.Core.Workflows;
using static Lekhika.Core.Workflows.ConditionOperator;

namespace Lekhika.Core.Tests.Workflows;

public sealed class ConditionEvaluatorSpecs
{
    /// <summary>The value of the field, the operator, what it is compared with; "-" is no value.</summary>
    [Theory]
    [InlineData("\"Dark\"", ConditionOperator.Equals, "\"dark\"", true)]
    [InlineData("\" dark \"", ConditionOperator.Equals, "\"DARK\"", true)]
    [InlineData("\"darker\"", ConditionOperator.Equals, "\"dark\"", false)]
    [InlineData("\"5\"", ConditionOperator.Equals, "5", true)]
    [InlineData("5.0", ConditionOperator.Equals, "5", true)]
    [InlineData("5", ConditionOperator.Equals, "\"five\"", false)]
    [InlineData("[\"pdf\"]", ConditionOperator.Equals, "\"pdf\"", true)]
    [InlineData("\"yes\"", ConditionOperator.Equals, "true", true)]
    [InlineData("\"On\"", ConditionOperator.Equals, "true", true)]
    [InlineData("\"TRUE\"", ConditionOperator.Equals, "true", true)]
    [InlineData("1", ConditionOperator.Equals, "true", true)]
    [InlineData("true", ConditionOperator.Equals, "\"yes\"", true)]
    [InlineData("\"maybe\"", ConditionOperator.Equals, "true", false)]
    [InlineData("\"no\"", ConditionOperator.Equals, "true", false)]
    [InlineData("\"no\"", ConditionOperator.Equals, "false", true)]
    [InlineData("\"off\"", ConditionOperator.Equals, "false", true)]
    [InlineData("\"0\"", ConditionOperator.Equals, "false", true)]
    [InlineData("false", ConditionOperator.Equals, "false", true)]
    [InlineData("\"\"", ConditionOperator.Equals, "false", true)]
    [InlineData("-", ConditionOperator.Equals, "false", true)]
    [InlineData("\"maybe\"", ConditionOperator.Equals, "false", false)]
    [InlineData("-", ConditionOperator.Equals, "true", false)]
    [InlineData("-", ConditionOperator.Equals, "\"dark\"", false)]
    [InlineData("\"dark\"", NotEquals, "\"DARK\"", false)]
    [InlineData("\"light\"", NotEquals, "\"dark\"", true)]
    [InlineData("-", NotEquals, "\"dark\"", true)]
    [InlineData("\"yes\"", NotEquals, "true", false)]
    [InlineData("\"A dark night\"", Contains, "\"DARK\"", true)]
    [InlineData("\"A light night\"", Contains, "\"dark\"", false)]
    [InlineData("\"docx, pdf\"", Contains, "\"PDF\"", true)]
    [InlineData("\"docx, epub\"", Contains, "\"pdf\"", false)]
    [InlineData("[\"docx\", \"PDF\"]", Contains, "\"pdf\"", true)]
    [InlineData("[\"docx\", \"pdfs\"]", Contains, "\"pdf\"", false)]
    [InlineData("[1, 2]", Contains, "2", true)]
    [InlineData("{\"pdf\": 1}", Contains, "\"pdf\"", false)]
    [InlineData("-", Contains, "\"pdf\"", false)]
    [InlineData("\"pdf\"", Contains, "\"\"", false)]
    [InlineData("\"20\"", GreaterThan, "3", true)]
    [InlineData("3", GreaterThan, "3", false)]
    [InlineData("\"3.5\"", GreaterThan, "\"3.25\"", true)]
    [InlineData("\"3,5\"", GreaterThan, "3", false)]
    [InlineData("\"20,000\"", GreaterThan, "19999", true)]
    [InlineData("\"5000-8000\"", GreaterThan, "7000", true)]
    [InlineData("\"5000-8000\"", GreaterThan, "8000", false)]
    [InlineData("\"100000+\"", GreaterThan, "70000", true)]
    [InlineData("\"much\"", GreaterThan, "3", false)]
    [InlineData("\"NaN\"", GreaterThan, "3", false)]
    [InlineData("1e999", GreaterThan, "3", false)]
    [InlineData("true", GreaterThan, "0", false)]
    [InlineData("-", GreaterThan, "3", false)]
    [InlineData("-", LessThan, "3", false)]
    [InlineData("\"much\"", LessThan, "3", false)]
    [InlineData("-2", LessThan, "\"-1\"", true)]
    [InlineData("3", LessThan, "3", false)]
    [InlineData("\"x\"", Exists, "-", true)]
    [InlineData("false", Exists, "-", true)]
    [InlineData("0", Exists, "-", true)]
    [InlineData("[0]", Exists, "-", true)]
    [InlineData("\"  \"", Exists, "-", false)]
    [InlineData("null", Exists, "-", false)]
    [InlineData("[]", Exists, "-", false)]
    [InlineData("{}", Exists, "-", false)]
    [InlineData("-", Exists, "-", false)]
    public void A_condition_compares_as_people_mean_it(string actual, ConditionOperator how, string expected, bool holds) =>
        ConditionEvaluator.Holds(Workflow.When("x", how, expected, "a"), actual == "-" ? null : JsonElement.Parse(actual)).ShouldBe(holds);

    [Fact]
    public void No_value_however_strange_is_thrown_at()
    {
        JsonElement?[] values = [null, default(JsonElement), .. new[] { "null", "\"\\ud800\"", "\"\\u0000\"", "1e999", "-0", "[[1],{}]", "[\"\\udfff\"]", "{\"a\":[]}", "\"9999999999-1\"", new string('[', 30) + new string(']', 30) }.Select(json => (JsonElement?)JsonElement.Parse(json))];
        foreach (var (actual, expected, how) in from a in values from e in values from how in Enum.GetValues<ConditionOperator>().Append((ConditionOperator)99) select (a, e, how))
        {
            ConditionEvaluator.Holds(new("x", how, expected, "a"), actual);
        }
    }

    [Theory]
    [InlineData("", null, "always")]
    [InlineData("", "c", "c always")]
    [InlineData("x", "c", "a always")]
    [InlineData("x y", "c", "a b always")]
    [InlineData("y", null, "b always")]
    public void Every_condition_that_holds_opens_its_way_the_default_opens_when_none_does_and_unnamed_ways_are_always_open(string there, string? defaultRoute, string open)
    {
        var node = new WorkflowNode("gate", NodeType.Condition, new NodeData { Conditions = [Workflow.When("x", Exists, "-", "a"), Workflow.When("y", Exists, "-", "b")], DefaultRoute = defaultRoute });
        var here = there.Split(' ').ToHashSet();
        string[] successors = defaultRoute is null ? ["a", "b", "always", "always"] : ["a", "b", "c", "always", "always"];

        string.Join(' ', ConditionEvaluator.Routes(node, successors, field => here.Contains(field) ? JsonElement.Parse("1") : null)).ShouldBe(open);
    }

    [Theory]
    [InlineData("true", "image-1")]
    [InlineData("on", "image-1")]
    [InlineData("false", "cover-gate")]
    [InlineData("", "cover-gate")]
    [InlineData(null, "cover-gate")]
    public void The_image_gate_of_the_client_flows_leads_to_images_when_they_are_wanted_and_past_them_when_not(string? sent, string route)
    {
        var gate = new WorkflowNode("img-gate", NodeType.Condition, Json.Read<NodeData>("""
            {"role": "preference_router", "conditions": [{"field": "include_images", "operator": "equals", "value": true, "target": "image-1"}], "defaultRoute": "cover-gate"}
            """));
        var form = sent is null ? new Dictionary<string, string>() : new() { ["include_images"] = sent };

        ConditionEvaluator.Routes(gate, ["image-1", "cover-gate"], field => FieldReference.Parse(field, new HashSet<string>()).Resolve(form, _ => null)).ShouldBe([route]);
    }
}
