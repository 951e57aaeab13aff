using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Core.Tests.Workflows;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions.Requests;

public sealed class StepSelectionSpecs
{
    private static readonly WorkflowDefinition Book = Workflow.Book("facts preview gate", "outline>facts outline>gate gate>write write>preview preview>compile facts>compile")
        .With("facts", data => data with { ForEach = "outline.output.chapters" });

    [Fact]
    public void Without_items_all_that_a_node_does_is_selected() =>
        Select("write").ShouldBe("write -1");

    [Theory]
    [InlineData("write", "1 3 3", "write 1, write 3")]
    [InlineData("write", "4", "The node 'write' has no chapter 4; its chapters are 1 to 3.")]
    [InlineData("write", "-1", "The node 'write' has no chapter -1; its chapters are 1 to 3.")]
    [InlineData("arch", "0", "arch 0")]
    [InlineData("arch", "1", "The node 'arch' does one thing only: leave its items out.")]
    [InlineData("facts", "2", "facts 2")]
    [InlineData("facts", "7", "facts 7")]
    [InlineData("facts", "0", "The node 'facts' has not done an element 0.")]
    [InlineData("nobody", "1", "The workflow of this run has no node 'nobody'. It has in, arch, outline, write, compile, out, facts, preview, gate.")]
    public void Items_are_those_that_the_node_has(string node, string items, string selected) =>
        Select(node, [.. items.Split(' ').Select(int.Parse)]).ShouldBe(selected);

    [Fact]
    public void Without_an_outline_there_are_no_chapters_but_a_whole_node()
    {
        var parts = Parts(chapters: null, done: []);
        StepSelection.Of(parts, new("write", [1])).Fault.ShouldBe("The node 'write' has no chapter 1 yet: there is no outline.");
        StepSelection.Of(parts, new("write")).Steps.ShouldBe([new SelectedStep("write", -1)]);
    }

    [Fact]
    public void Of_a_step_that_is_selected_twice_the_first_stays() =>
        StepSelection.All([StepSelection.Of(Parts(), new("arch"), "Braver."), StepSelection.Of(Parts(), new("arch"))]).Steps
            .ShouldBe([new SelectedStep("arch", -1, "Braver.")]);

    [Fact]
    public void One_fault_refuses_all() =>
        StepSelection.All([StepSelection.Of(Parts(), new("arch")), StepSelection.Of(Parts(), new("nobody"))]).Field.ShouldBe("nodeId");

    [Fact]
    public void Dependents_are_those_behind_it_that_have_done_or_shown_something()
    {
        var parts = Parts(done: [new("outline", 0, 1), new("write", 1, 1), new("compile", 0, 1), new("arch", 0, 1)]);
        parts.Dependents("outline", ["preview"]).ShouldBe(["write", "compile", "preview"]);
        parts.Dependents("write", []).ShouldBe(["compile"]);
        parts.Dependents("out", []).ShouldBeEmpty();
    }

    [Fact]
    public void A_preview_shows_the_process_nodes_directly_before_it()
    {
        Parts().ShownBy("preview").ShouldBe(["write"]);
        Parts().ShownBy("write").ShouldBe(["outline"]);
        Parts().LeadsTo("arch", "preview").ShouldBeTrue();
        Parts().LeadsTo("compile", "preview").ShouldBeFalse();
    }

    [Theory]
    [InlineData("write", "write 3")]
    [InlineData("arch", "")]
    [InlineData("compile", "compile 0")]
    [InlineData("facts", "facts 7")]
    public void Unfinished_is_what_was_never_done(string node, string unfinished) => Unfinished(Parts(), node).ShouldBe(unfinished);

    [Fact]
    public void Unfinished_is_what_was_asked_for_anew_and_not_done_since()
    {
        var parts = Parts(asked: [new("write", 1, 2), new("arch", -1, 2)]);
        Unfinished(parts, "write").ShouldBe("write 1, write 3");
        Unfinished(parts, "arch").ShouldBe("arch 0");
    }

    [Fact]
    public void The_newest_generation_is_of_the_step_or_of_all_that_the_node_does()
    {
        var parts = Parts(done: [new("write", 1, 4), new("write", 2, 1)], asked: [new("write", -1, 3), new("write", 2, 2)]);
        parts.Generation(new("write", 1)).ShouldBe(4);
        parts.Generation(new("write", 2)).ShouldBe(3);
        parts.Generation(new("write", -1)).ShouldBe(4);
        parts.Generation(new("arch", 0)).ShouldBe(1);
    }

    private static RunParts Parts(int? chapters = 3, StepKey[]? done = null, StepKey[]? asked = null) =>
        new(Book, chapters, done ?? [new("arch", 0, 1), new("outline", 0, 1), new("write", 1, 1), new("write", 2, 1), new("facts", 2, 1)], asked ?? [], [("facts", 7)]);

    private static string Select(string node, int[]? items = null)
    {
        var selection = StepSelection.Of(Parts(), new(node, items));
        return selection.Fault ?? Text(selection.Steps);
    }

    private static string Unfinished(RunParts parts, string node) => Text(parts.Unfinished(parts.Find(node)!));

    private static string Text(IEnumerable<SelectedStep> steps) => string.Join(", ", steps.Select(step => $"{step.NodeId} {step.Item}"));
}
