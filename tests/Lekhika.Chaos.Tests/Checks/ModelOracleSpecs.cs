using Lekhika.Testing.Simulated;

namespace Lekhika.Chaos.Tests.Checks;

/// <summary>The oracle finds what it is there for.</summary>
public sealed class ModelOracleSpecs
{
    private const long Committed = 10_000_000;

    private static readonly FinishedStep[] Finished = [new("outline", 0, 5_000_000, "quill-1"), new("chapter", 3, Committed, "quill-1"), new("manuscript", 0, 20_000_000, null)];

    private static readonly LoggedRequest[] Rightly = [Request(4_000_000, "outline", null), Request(9_000_000, "chapter", 3)];

    [Fact]
    public void A_request_before_the_commit_is_no_violation_also_the_second_one()
    {
        var word = ModelOracle.Judge([.. Rightly, Request(Committed - 1, "chapter", 3)], Finished, []);

        word.Violations.ShouldBeEmpty();
        word.AskedAgain.ShouldBe(1);
    }

    [Fact]
    public void A_request_after_the_commit_is_a_violation()
    {
        var word = ModelOracle.Judge([.. Rightly, Request(Committed + 400_000, "chapter", 3)], Finished, []);

        word.Violations.ShouldHaveSingleItem().ShouldContain("asked for chapter 3 at 10400000, 400 ms after its completion was committed");
    }

    [Fact]
    public void A_request_about_a_chapter_within_its_step_counts_as_the_step()
    {
        var word = ModelOracle.Judge([.. Rightly, Request(Committed + 400_000, "facts", 3)], Finished, []);

        word.Violations.ShouldHaveSingleItem();
    }

    [Fact]
    public void Only_a_worker_that_has_just_been_thawed_is_excused_and_it_is_counted()
    {
        WakeUp[] wakeUps = [new("w1.1", Committed + 300_000)];

        ModelOracle.Judge([.. Rightly, Request(Committed + 400_000, "chapter", 3, "w1.1")], Finished, wakeUps).ShouldSatisfyAllConditions(
            word => word.Violations.ShouldBeEmpty(),
            word => word.LateWakeUps.ShouldBe(1));
        ModelOracle.Judge([.. Rightly, Request(Committed + 400_000, "chapter", 3, "w2.1")], Finished, wakeUps).Violations.ShouldHaveSingleItem();
        ModelOracle.Judge([.. Rightly, Request(Committed + 1_400_000, "chapter", 3, "w1.1")], Finished, wakeUps).Violations.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_step_that_the_model_never_heard_of_is_a_violation()
    {
        var word = ModelOracle.Judge([Rightly[0]], Finished, []);

        word.Violations.ShouldHaveSingleItem().ShouldContain("chapter 3");
    }

    private static LoggedRequest Request(long at, string kind, int? chapter, string worker = "w1.1") => new(1, at, kind, chapter, false, worker, at + 100_000);
}
