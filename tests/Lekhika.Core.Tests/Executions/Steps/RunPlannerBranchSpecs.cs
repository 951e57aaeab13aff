using System.Text.Json;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions.Steps;

public sealed class RunPlannerBranchSpecs
{
    private const string Nodes = "in:story_input gate:preference_router facts:fact_checker world:world_builder bible:narrative_architect outline:story_outliner writer:content_writer book:end_to_end_polisher out:multi_format_output";
    private const string Edges = "in>gate gate>facts gate>world facts>bible world>bible bible>outline outline>writer writer>book book>out";

    [Fact]
    public void A_branch_that_is_not_taken_is_skipped()
    {
        var run = Run(Gated("images"), without: "facts");
        Told(run).ShouldBe(["in", "gate", "facts: skip", "world", "bible", "outline", "writer 1", "writer 2", "writer 3", "book: made for each run", "out: after book"]);
    }

    [Fact]
    public void A_decision_that_the_form_turns_is_made_again_and_opens_the_other_branch()
    {
        var run = Run(Gated("images"), without: "facts");

        var told = Told(run, brief: FinishedRun.Brief(("images", "yes")));

        told[1].ShouldBe("gate: field images");
        told.ShouldContain("world: skip");
        told.Single(step => step.StartsWith("facts", StringComparison.Ordinal)).ShouldStartWith("facts: never finished");
    }

    [Fact]
    public void Where_a_decision_rests_on_what_runs_nobody_knows_yet_which_branch_is_taken()
    {
        var workflow = Gated("in.text");
        var told = Told(Run(workflow, without: "facts"), workflow.With("in", data => data with { UserPrompt = "Ask more." }));

        told.ShouldContain("gate: after in");
        told.ShouldContain("world: after in; after gate");
        told.Single(step => step.StartsWith("facts", StringComparison.Ordinal)).ShouldEndWith("after gate");
    }

    [Fact]
    public void A_decision_with_other_ways_out_is_made_again()
    {
        var run = Run(Gated("images"), without: "facts");
        var changed = run.Workflow with { Edges = [.. run.Workflow.Edges, new WorkflowEdge("new", "gate", "bible")] };
        Told(run, changed).ShouldContain("gate: ways out");
    }

    [Fact]
    public void A_preview_waits_and_what_does_not_read_the_answer_serves()
    {
        var workflow = FinishedRun.Workflow(
            "in:story_input bible:narrative_architect outline:story_outliner look:content_previewer writer:content_writer book:end_to_end_polisher out:multi_format_output",
            "in>bible bible>outline outline>look look>writer writer>book book>out");
        Told(FinishedRun.Of(workflow)).ShouldBe(["in", "bible", "outline", "look: wait", "writer 1", "writer 2", "writer 3", "book: made for each run", "out: after book"]);
    }

    [Fact]
    public void A_fan_out_over_a_list_has_a_step_for_each_element_and_runs_those_that_differ()
    {
        const string Fanned = "in:story_input list:researcher each:fact_checker bible:narrative_architect outline:story_outliner writer:content_writer book:end_to_end_polisher out:multi_format_output";
        var workflow = FinishedRun.Workflow(Fanned, "in>list list>each each>bible bible>outline outline>writer writer>book book>out").With("each", data => data with { ForEach = "list.findings" });
        var run = new StoredRun(workflow, FinishedRun.Brief(), ["pdf"], "{}").Finish("in").Finish("list");
        run = run with { Steps = [.. run.Steps.Select(step => step.Step.NodeId == "list" ? step with { Content = """{"findings": ["salt", "tide"]}""" } : step)] };

        Told(run).ShouldContain("each 1: never finished");
        Told(run).ShouldContain("each 2: never finished");
        Told(run).ShouldNotContain("each 3: never finished");
    }

    private static WorkflowDefinition Gated(string field) => FinishedRun.Workflow(Nodes, Edges).With("gate", data => data with
    {
        Conditions = [new WorkflowCondition(field, ConditionOperator.Equals, JsonSerializer.SerializeToElement("yes"), "facts")],
        DefaultRoute = "world",
    });

    private static StoredRun Run(WorkflowDefinition workflow, string without) =>
        WorkflowValidator.Graph(workflow).TopologicalOrder.Where(id => id != without)
            .Aggregate(new StoredRun(workflow, FinishedRun.Brief(), ["pdf"], "{}"), (run, id) => run.Finish(id));

    private static IReadOnlyList<string> Told(StoredRun run, WorkflowDefinition? workflow = null, Lekhika.Core.Planning.Brief? brief = null) =>
        RunPlannerSpecs.Told(RunPlannerSpecs.Plan(run, workflow, brief));
}
