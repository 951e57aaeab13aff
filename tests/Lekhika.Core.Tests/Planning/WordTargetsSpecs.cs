using Lekhika.Core.Planning;
using Lekhika.Core.Tests.Executions;

namespace Lekhika.Core.Tests.Planning;

public sealed class WordTargetsSpecs
{
    [Fact]
    public void Whatever_a_model_counted_the_targets_make_the_books_words_within_half_and_twice_the_average()
    {
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            var chapters = random.Next(1, 101);
            var words = chapters * random.Next(100, 10_000);
            var given = Enumerable.Range(0, chapters).Select(_ => random.Next(6) switch
            {
                0 => 0,
                1 => -random.Next(1_000),
                2 => random.Next(2_000_000_000),
                _ => random.Next(500, 5_000),
            }).ToList();

            var spread = WordTargets.Spread(RunProgressSpecs.Outline(given).Chapters, words);

            var average = (double)words / chapters;
            spread.Sum(chapter => chapter.TargetWords).ShouldBe(words);
            spread.ShouldAllBe(chapter => chapter.TargetWords >= (average / 2) - 1 && chapter.TargetWords <= (average * 2) + 1, $"{words} over {string.Join(',', given)}");
            spread.Select(chapter => chapter.Number).ShouldBe(Enumerable.Range(1, chapters));
            for (var i = 0; i < chapters; i++)
            {
                for (var j = 0; j < chapters; j++)
                {
                    (given[i] <= given[j] && spread[i].TargetWords > spread[j].TargetWords + 1).ShouldBeFalse("more was given to the chapter that asked for less");
                }
            }
        }
    }

    [Fact]
    public void Proportions_are_kept() =>
        WordTargets.Spread(RunProgressSpecs.Outline([500, 1_000, 1_500]).Chapters, 6_000).Select(chapter => chapter.TargetWords).ShouldBe([1_000, 2_000, 3_000]);

    [Fact]
    public void Without_figures_all_chapters_are_the_same() =>
        WordTargets.Spread(RunProgressSpecs.Outline([0, 0, -1]).Chapters, 1_000).Select(chapter => chapter.TargetWords).ShouldBe([333, 334, 333]);

    [Fact]
    public void One_long_chapter_among_short_ones_is_twice_the_average_and_the_short_ones_share_the_rest() =>
        WordTargets.Spread(RunProgressSpecs.Outline([100_000, 10, 10, 10]).Chapters, 4_000).Select(chapter => chapter.TargetWords).ShouldBe([2_000, 667, 666, 667]);
}
