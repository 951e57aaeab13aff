using Lekhika.Run.Api;
using Lekhika.Run.Books;

namespace Lekhika.Run.Tests;

public sealed class BookStagesSpecs
{
    private static readonly string[] Formats = ["pdf", "docx"];

    [Fact]
    public void A_waiting_run_has_not_begun_anything() =>
        BookStages.Of(Run("queued", 0), Formats).ShouldAllBe(stage => stage.State == StageState.Waiting && stage.Fraction == 0);

    [Fact]
    public void While_it_is_planned_the_step_is_named()
    {
        var planning = Of(Run("processing", 5) with { CurrentStep = "Outline" }, "Planning");

        (planning.State, planning.Fraction, planning.Detail).ShouldBe((StageState.Active, 0.5, "Outline"));
    }

    [Fact]
    public void Chapters_are_counted_with_their_words()
    {
        var run = Run("processing", 47.5) with { Words = 8412, Chapters = new(5, 12) };

        Of(run, "Planning").State.ShouldBe(StageState.Done);
        var chapters = Of(run, "Chapters");
        (chapters.State, chapters.Fraction, chapters.Detail).ShouldBe((StageState.Active, 0.5, "5 of 12 · 8,412 words"));
        Of(run, "Compiling").State.ShouldBe(StageState.Waiting);
    }

    [Fact]
    public void Each_format_has_a_state_of_its_own()
    {
        var run = Run("processing", 93) with
        {
            Result = new(new Dictionary<string, ExecutionFile> { ["pdf"] = new("succeeded", "/f", "a.pdf", 312_400, null), ["docx"] = new("running", null, null, null, null) }),
        };

        Of(run, "Compiling").State.ShouldBe(StageState.Done);
        Of(run, "PDF").ShouldBe(new Stage("PDF", StageState.Done, 1, "312 KB"));
        Of(run, "Word").State.ShouldBe(StageState.Active);
    }

    [Fact]
    public void A_failed_run_fails_in_the_stage_it_was_in()
    {
        var run = Run("failed", 47.5);

        Of(run, "Planning").State.ShouldBe(StageState.Done);
        Of(run, "Chapters").State.ShouldBe(StageState.Failed);
        Of(run, "Compiling").State.ShouldBe(StageState.Waiting);
    }

    private static Execution Run(string status, double progress) => new("run-1", status, progress, null, 0, null, null, null);

    private static Stage Of(Execution run, string name) => BookStages.Of(run, Formats).Single(stage => stage.Name == name);
}
