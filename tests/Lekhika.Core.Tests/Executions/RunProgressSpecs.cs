using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Tests.Workflows;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions;

public sealed class RunProgressSpecs
{
    private static readonly WorkflowGraph Book = WorkflowValidator.Graph(new WorkflowDefinition(
        [
            Workflow.Node("in", NodeType.Input, "story_input"), Workflow.Node("architect", NodeType.Process, "narrative_architect"),
            Workflow.Node("outliner", NodeType.Process, "story_outliner"), Workflow.Node("writer", NodeType.Process, "content_writer"),
            Workflow.Node("compiler", NodeType.Process, "end_to_end_polisher"), Workflow.Node("out", NodeType.Output, "output_processor"),
        ],
        [new("1", "in", "architect"), new("2", "architect", "outliner"), new("3", "outliner", "writer"), new("4", "writer", "compiler"), new("5", "compiler", "out")]));

    [Fact]
    public void Nothing_done_is_nothing_and_all_before_the_formats_is_the_compiled_share()
    {
        Percent([], []).ShouldBe(0);
        Percent(["in", "architect", "outliner", "writer", "compiler"], [1, 2, 3, 4]).ShouldBe(RunProgress.Compiled, 1e-9);
    }

    [Fact]
    public void Planning_counts_little_and_a_chapter_by_its_words()
    {
        Percent(["in"], []).ShouldBe(10.0 / 3, 1e-9);
        Percent(["in", "architect", "outliner"], [1], Outline([1_000, 3_000])).ShouldBe(28.75, 1e-9);
        Percent(["in", "architect", "outliner"], [2], Outline([1_000, 3_000])).ShouldBe(66.25, 1e-9);
    }

    [Fact]
    public void Targets_that_a_model_got_wrong_still_make_a_whole()
    {
        var outline = Outline([0, -5, int.MaxValue, int.MaxValue]);

        Percent(["in", "architect", "outliner"], [1, 2, 3, 4], outline).ShouldBe(85, 1e-9);
        Enumerable.Range(1, 4).Select(n => Percent(["in", "architect", "outliner"], [n], outline)).ShouldAllBe(percent => percent > 10);
    }

    [Fact]
    public void A_graph_without_files_reaches_the_whole() =>
        Percent(["in"], [], graph: WorkflowValidator.Graph(Workflow.Of("in", ""))).ShouldBe(100);

    [Fact]
    public void A_branch_that_is_not_taken_counts_as_done()
    {
        var standings = Book.TopologicalOrder.ToDictionary(id => id, id => id == "writer" ? NodeStanding.Skipped : NodeStanding.Waiting);

        RunProgress.Percent(Book, standings, null, _ => false).ShouldBe(75, 1e-9);
    }

    internal static Outline Outline(IReadOnlyList<int> words) => new([.. words.Select((target, i) =>
        new OutlineChapter(i + 1, $"T{i}", "p", "m", [], [], [], "a", "b", target))]);

    private static double Percent(string[] done, int[] written, Outline? outline = null, WorkflowGraph? graph = null)
    {
        graph ??= Book;
        var standings = graph.TopologicalOrder.ToDictionary(id => id, id => done.Contains(id) ? NodeStanding.Done : NodeStanding.Waiting);
        return RunProgress.Percent(graph, standings, outline ?? Outline([500, 500, 500, 500]), written.Contains);
    }
}
