using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions.Steps;

public sealed class RunPlannerSpecs
{
    private static readonly string[] Reused = ["in", "bible", "outline", "writer 1", "writer 2", "writer 3"];

    [Fact]
    public void Without_a_change_everything_serves_but_the_book_and_its_files()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book));

        Told(plan).ShouldBe(["in", "bible", "outline", "writer 1", "writer 2", "writer 3", "book: made for each run", "out: after book"]);
        plan.Steps.Where(step => step.Action == PlannedAction.Reuse).Select(step => step.Source).ShouldAllBe(source => source != null);
        plan.Reuse.ShouldBe(new PlanTotals(6, 600, 300));
        plan.Run.ShouldBe(new PlanTotals(2, 0, 0));
    }

    [Fact]
    public void A_changed_brief_is_told_by_its_fields_and_everything_behind_runs_after_it()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book), brief: FinishedRun.Brief(("tone", "cold"), ("premise", "A map moves the coast.")));

        Told(plan).ShouldBe(
        [
            "in: brief: premise, tone", "bible: brief: premise, tone; after in", "outline: brief: premise, tone; after in; after bible",
            "writer 1: brief: premise, tone; after bible; after outline", "writer 2: brief: premise, tone; after bible; after outline",
            "writer 3: brief: premise, tone; after bible; after outline", "book: after in; after outline; after writer", "out: after book",
        ]);
        plan.Reuse.Steps.ShouldBe(0);
        plan.Run.Steps.ShouldBe(8);
    }

    [Fact]
    public void Until_there_is_an_outline_the_brief_says_how_many_chapters_run()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book), brief: FinishedRun.Brief(("chapter_count", "5")));

        plan.Steps.Where(step => step.NodeId == "writer").Select(step => step.Item).ShouldBe([1, 2, 3, 4, 5]);
        var added = plan.Steps.Single(step => step is { NodeId: "writer", Item: 5 });
        added.Reasons.ShouldBe(["never finished", "after bible", "after outline"]);
        added.OutputTokens.ShouldBe(420, "1,500 words in five chapters, 1.4 tokens a word");
        added.InputTokens.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Another_authors_name_changes_the_title_page_alone()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book), brief: FinishedRun.Brief(("author_name", "Noor Ali")));
        Told(plan).ShouldBe([.. Reused, "book: title page", "out: after book"]);
    }

    [Fact]
    public void Other_formats_or_settings_are_the_outputs_alone()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book), formats: ["epub"], settings: """{"pageSize": "A5"}""");
        Told(plan).ShouldBe([.. Reused, "book: made for each run", "out: formats; settings; after book"]);
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("model")]
    public void A_change_of_one_node_runs_that_node_and_what_reads_it(string what)
    {
        var changed = FinishedRun.Book.With("writer", data => what == "model" ? data with { SelectedModels = ["own:big"] } : data with { UserPrompt = "Rhyme." });

        var plan = Plan(FinishedRun.Of(FinishedRun.Book), changed);

        Told(plan).ShouldBe(["in", "bible", "outline", $"writer 1: {what}", $"writer 2: {what}", $"writer 3: {what}", "book: after writer", "out: after book"]);
        plan.Run.ShouldBe(new PlanTotals(5, 300, 150));
        plan.Reuse.ShouldBe(new PlanTotals(3, 300, 150));
    }

    [Fact]
    public void Another_seed_runs_whatever_asks_a_model()
    {
        var plan = Plan(FinishedRun.Of(FinishedRun.Book), brief: FinishedRun.Brief() with { Seed = 8 });
        Told(plan)[0].ShouldBe("in: seed");
    }

    [Fact]
    public void A_chapter_that_was_never_finished_runs_alone()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        run = run with { Steps = [.. run.Steps.Where(step => step.Step is not { NodeId: "writer", Item: 2 })] };
        Told(Plan(run)).ShouldBe(["in", "bible", "outline", "writer 1", "writer 2: never finished", "writer 3", "book: after writer", "out: after book"]);
    }

    [Fact]
    public void A_new_node_that_reports_to_nobody_leaves_the_chapters_alone()
    {
        var changed = FinishedRun.Workflow(
            "in:story_input bible:narrative_architect outline:story_outliner writer:content_writer facts:fact_checker book:end_to_end_polisher out:multi_format_output",
            "in>bible bible>outline outline>writer writer>facts facts>book book>out");

        Told(Plan(FinishedRun.Of(FinishedRun.Book), changed)).ShouldBe([.. Reused, "facts: new node", "book: made for each run", "out: after book"]);
    }

    [Fact]
    public void A_new_report_is_read_by_all_that_plan_and_write_behind_it()
    {
        var changed = FinishedRun.Workflow(
            "in:story_input bible:narrative_architect facts:fact_checker outline:story_outliner writer:content_writer book:end_to_end_polisher out:multi_format_output",
            "in>bible bible>facts facts>outline outline>writer writer>book book>out");

        Told(Plan(FinishedRun.Of(FinishedRun.Book), changed)).Take(5).ShouldBe(["in", "bible", "facts: new node", "outline: after facts", "writer 1: after outline; after facts"]);
    }

    [Fact]
    public void A_variable_of_a_prompt_is_an_input_wherever_its_value_comes_from()
    {
        var prompted = FinishedRun.Book.With("writer", data => data with { UserPrompt = "Write as {author_name} would, in the spirit of {in.text}." });
        var run = FinishedRun.Of(prompted);

        Told(Plan(run)).ShouldContain("writer 1");
        Told(Plan(run, brief: FinishedRun.Brief(("author_name", "Noor Ali")))).ShouldContain("writer 1: variable author_name");
        RunPlanner.Stale(run.Finish("in", generation: 2, text: "another")).Single(step => step.Step is { NodeId: "writer", Item: 1 }).Reasons.ShouldBe(["variable in.text"]);
    }

    [Fact]
    public void A_node_with_another_role_makes_another_thing()
    {
        var changed = FinishedRun.Workflow(
            "in:story_input bible:narrative_architect outline:story_outliner writer:content_writer book:end_to_end_polisher extra:narrative_architect out:multi_format_output",
            "in>bible bible>outline outline>writer writer>book book>out in>extra extra>out");
        var stored = FinishedRun.Of(changed.With("extra", data => data with { Role = "fact_checker" }));
        Told(Plan(stored, changed)).ShouldContain("extra: role");
    }

    [Fact]
    public void A_chapter_that_was_regenerated_with_guidance_serves_in_its_newest_generation()
    {
        var run = FinishedRun.Of(FinishedRun.Book).Finish("writer", generation: 2, guidance: "Less rain.");

        var plan = Plan(run);

        Told(plan).ShouldBe([.. Reused, "book: chapter", "out: after book"]);
        plan.Steps.Single(step => step is { NodeId: "writer", Item: 1 }).Source.ShouldBe(new StepKey("writer", 1, 2));
        RunPlanner.Stale(run).Select(step => step.Step.NodeId).ShouldBe(["book"]);
    }

    [Fact]
    public void A_generation_that_was_asked_for_and_is_not_there_has_never_finished()
    {
        var run = FinishedRun.Of(FinishedRun.Book) with { Regenerated = [new StepKey("writer", 2, 2)] };
        Told(Plan(run)).ShouldContain("writer 2: never finished");
        Told(Plan(run)).ShouldContain("writer 1");
    }

    [Fact]
    public void Steps_of_before_inputs_were_recorded_run()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        run = run with { Steps = [.. run.Steps.Select(step => step with { Inputs = new Dictionary<string, string>(), Hash = null })] };
        Told(Plan(run))[0].ShouldBe("in: this version of Lekhika works differently");
        RunPlanner.Stale(run).ShouldBeEmpty();
    }

    [Fact]
    public void A_run_that_cannot_be_read_is_stale_nowhere()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        RunPlanner.Stale(run with { Workflow = new WorkflowDefinition([], []) }).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_made_of_an_outline_that_is_no_more_is_stale()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        RunPlanner.Stale(run).ShouldBeEmpty();

        var stale = RunPlanner.Stale(run.Finish("outline", generation: 2, text: "another"));

        stale.Select(step => $"{step.Step.NodeId} {step.Step.Item}: {string.Join("; ", step.Reasons)}").ShouldBe(
            ["writer 1: outline", "writer 2: outline", "writer 3: outline", "book 0: outline"]);
    }

    [Fact]
    public void The_same_answer_a_second_time_makes_nothing_stale()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        RunPlanner.Stale(run.Finish("outline", generation: 2)).ShouldBeEmpty();
    }

    internal static RunPlan Plan(StoredRun stored, WorkflowDefinition? workflow = null, Brief? brief = null, string[]? formats = null, string? settings = null) =>
        RunPlanner.Plan(stored, new ChangedRun(WorkflowValidator.Graph(workflow ?? stored.Workflow), brief ?? stored.Brief, formats ?? stored.Formats, settings ?? stored.Settings));

    /// <summary>Each step as "node item: reasons", with nothing behind the name of one that is reused.</summary>
    internal static IReadOnlyList<string> Told(RunPlan plan) =>
        [.. plan.Steps.Select(step => step.NodeId + (step.Item == 0 ? "" : $" {step.Item}") + step.Action switch
        {
            PlannedAction.Reuse => "",
            PlannedAction.Run => ": " + string.Join("; ", step.Reasons),
            var action => $": {action.ToString().ToLowerInvariant()}",
        })];
}
