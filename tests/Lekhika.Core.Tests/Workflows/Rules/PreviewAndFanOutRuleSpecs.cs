using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows.Rules;

public sealed class PreviewAndFanOutRuleSpecs
{
    [Theory]
    [InlineData("in a preview", "in>a a>preview", "")]
    [InlineData("in preview", "in>preview", "preview")]
    [InlineData("in a preview preview2", "in>a a>preview preview>preview2", "preview")]
    [InlineData("in preview", "gone>preview", "unknown_node")]
    public void A_preview_shows_the_work_of_the_process_node_right_before_it(string nodes, string edges, string codes) => Workflow.Of(nodes, edges).Codes().ShouldBe(codes);

    [Theory]
    [InlineData(null, "")]
    [InlineData(1, "")]
    [InlineData(10, "")]
    [InlineData(0, "preview")]
    [InlineData(11, "preview")]
    public void A_preview_ends_some_time(int? attempts, string codes) =>
        Workflow.Of("in a preview", "in>a a>preview").With("preview", data => data with { MaxAttempts = attempts }).Codes().ShouldBe(codes);

    [Theory]
    [InlineData("a", "in.topics", "")]
    [InlineData("a", "key_topics", "")]
    [InlineData("a", "", "")]
    [InlineData("a", "b.topics", "does not run before it")]
    [InlineData("a", "topics", "the form does not declare")]
    [InlineData("arch", "key_topics", "only nodes with one of these roles can: character_developer, ")]
    [InlineData("write", "key_topics", "writes every chapter of the outline by itself")]
    [InlineData("in", "key_topics", "only nodes with one of these roles can")]
    public void Only_a_node_that_makes_a_report_runs_for_each_element_of_a_list_that_is_there(string id, string field, string wrong)
    {
        var workflow = Workflow.Book("a b", "in>a in>b").Asking("key_topics").With("b", data => data with { UserPrompt = "{key_topics}" });

        var faults = WorkflowValidator.Validate(workflow.With(id, data => data with { ForEach = field }));

        if (wrong.Length == 0)
        {
            faults.ShouldBeEmpty();
            return;
        }

        var fault = faults.ShouldHaveSingleItem();
        (fault.Code, string.Join(' ', fault.NodeIds)).ShouldBe(("for_each", id));
        fault.Message.ShouldContain(wrong);
    }
}
