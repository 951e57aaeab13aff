using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions.Steps;

/// <summary>What a new version of the platform's prompts means for finished runs.</summary>
public sealed class PublishedPromptPlanSpecs
{
    private static readonly string[] Planned = ["in", "bible", "outline"];

    [Fact]
    public void Another_text_of_the_platform_s_is_named_as_the_reason_with_both_versions()
    {
        var run = FinishedRun.Of(FinishedRun.Book);

        Told(run, Published(2, "In the house style.")).ShouldBe(
            [.. Planned, .. Enumerable.Range(1, 3).Select(n => $"writer {n}: prompt: the platform's version 2, 0 before"), "book: after writer", "out: after book"]);
        RunPlanner.Stale(run).ShouldBeEmpty("the run keeps its own version");
    }

    [Fact]
    public void A_version_with_the_same_words_is_no_reason()
    {
        var run = FinishedRun.Of(FinishedRun.Book, prompts: Published(1, "In the house style."));

        Told(run, Published(4, "In the house style.")).ShouldBe([.. Planned, "writer 1", "writer 2", "writer 3", "book: made for each run", "out: after book"]);
        Told(run, PromptSet.Embedded)[3].ShouldBe("writer 1: prompt: the platform's version 0, 1 before");
    }

    [Fact]
    public void A_node_with_both_texts_of_its_own_does_not_mind()
    {
        var own = FinishedRun.Book.With("writer", data => data with { SystemPrompt = "Mine.", UserPrompt = "Write." });

        Told(FinishedRun.Of(own), Published(1, "In the house style."))[3].ShouldBe("writer 1");
    }

    [Fact]
    public void A_prompt_that_its_node_has_changed_as_well_is_a_prompt()
    {
        var run = FinishedRun.Of(FinishedRun.Book);
        var changed = FinishedRun.Book.With("writer", data => data with { UserPrompt = "Rhyme." });

        Told(run, Published(1, "In the house style."), changed)[3].ShouldBe("writer 1: prompt");
        Told(run, Published(1, "In the house style."), FinishedRun.Book.With("writer", data => data with { AiEnabled = false }))[3].ShouldContain("prompt");
    }

    [Fact]
    public void A_variable_of_a_published_text_is_an_input_of_its_steps()
    {
        var run = FinishedRun.Of(FinishedRun.Book, prompts: Published(1, "For {author_name}, chapter {chapter_number}."));

        run.Steps.First(step => step.Step.NodeId == "writer").Inputs.Keys.ShouldContain("variable author_name");
        var told = RunPlannerSpecs.Told(RunPlanner.Plan(run, Same(run, run.Prompts) with { Brief = FinishedRun.Brief(("author_name", "Noor Ali")) }));
        told.ShouldBe([.. Planned, "writer 1: variable author_name", "writer 2: variable author_name", "writer 3: variable author_name", "book: title page; after writer", "out: after book"]);
    }

    private static PromptSet Published(int version, string system) => new([new PromptTemplate("chapter", version, system, null)]);

    private static IReadOnlyList<string> Told(StoredRun run, PromptSet prompts, WorkflowDefinition? workflow = null) =>
        RunPlannerSpecs.Told(RunPlanner.Plan(run, Same(workflow is null ? run : run with { Workflow = workflow }, prompts)));

    private static ChangedRun Same(StoredRun run, PromptSet prompts) => new(WorkflowValidator.Graph(run.Workflow), run.Brief, run.Formats, run.Settings) { Prompts = prompts };
}
