using Lekhika.Core.Executions;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Tests.Executions;

public sealed class RunProgressSpecs
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 12)]
    [InlineData(7, 100)]
    public void The_steps_before_the_formats_make_the_compiled_share(int steps, int chapters)
    {
        var outline = Outline([.. Enumerable.Range(1, chapters).Select(n => n * 37 % 1_000)]);

        var compiled = (steps * RunProgress.Planning(steps)) + Enumerable.Range(1, chapters).Sum(n => RunProgress.Chapter(outline, n)) + RunProgress.Compilation;

        compiled.ShouldBe(RunProgress.Compiled, 1e-9);
    }

    [Fact]
    public void A_chapter_counts_by_its_words()
    {
        var outline = Outline([1_000, 3_000]);

        RunProgress.Chapter(outline, 1).ShouldBe(18.75, 1e-9);
        RunProgress.Chapter(outline, 2).ShouldBe(56.25, 1e-9);
    }

    [Fact]
    public void Targets_that_a_model_got_wrong_still_make_a_whole()
    {
        var outline = Outline([0, -5, int.MaxValue, int.MaxValue]);

        Enumerable.Range(1, 4).Sum(n => RunProgress.Chapter(outline, n)).ShouldBe(75, 1e-9);
        Enumerable.Range(1, 4).ShouldAllBe(n => RunProgress.Chapter(outline, n) > 0);
    }

    internal static Outline Outline(IReadOnlyList<int> words) => new([.. words.Select((target, i) =>
        new OutlineChapter(i + 1, $"T{i}", "p", "m", [], [], [], "a", "b", target))]);
}
