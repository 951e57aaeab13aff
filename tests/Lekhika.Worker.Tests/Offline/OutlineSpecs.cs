using Lekhika.Core.Planning;

namespace Lekhika.Worker.Tests.Offline;

public sealed class OutlineSpecs
{
    public static TheoryData<string, int, int> Sizes => new()
    {
        { "fantasy", 1, 300 }, { "fantasy", 2, 2_000 }, { "mystery", 7, 14_000 }, { "romance", 20, 40_000 },
        { "sci_fi", 60, 90_000 }, { "fiction", 60, 18_000 }, { "self_help", 3, 2_500 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Divides_the_words_and_the_arc_over_the_chapters(string genre, int count, int words)
    {
        var (bible, chapters) = Plan(WrittenBook.A(genre, count, words));
        chapters.Select(c => c.Number).ShouldBe(Enumerable.Range(1, count));
        chapters.Sum(c => c.TargetWords).ShouldBe(words);
        chapters.Select(c => c.Title).Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(count);
        chapters[0].Purpose.ShouldStartWith("Setup");
        var turns = string.Join(' ', chapters.Select(c => c.Purpose.Split(": ")[0].ToLowerInvariant())).Split(' ', ',');
        turns.Count(t => t == "setup").ShouldBe(1);
        turns.Count(t => t == "climax").ShouldBe(1);
        turns.Count(t => t == "resolution").ShouldBe(1);
        chapters[^1].Purpose.Split(": ")[0].ShouldContain("resolution", Case.Insensitive);
        string[] arc = ["setup", "call", "departure", "new ally", "midpoint", "darkest hour", "climax", "resolution"];
        var labels = string.Join(", ", chapters.Select(c => c.Purpose.Split(": ")[0].ToLowerInvariant()));
        arc.Select(label => labels.IndexOf(label, StringComparison.Ordinal)).Where(at => at >= 0).ShouldBeInOrder();
        foreach (var chapter in chapters)
        {
            chapter.Beats.Count.ShouldBeInRange(3, 6);
            chapter.People.ShouldNotBeEmpty();
            chapter.People.ShouldBeSubsetOf(bible.People.Select(p => p.Name));
            chapter.Places.ShouldBeSubsetOf(bible.Places.Select(p => p.Name));
            chapter.People.ShouldContain(chapter.PointOfView);
        }

        chapters.Zip(chapters.Skip(1)).ShouldAllBe(pair => pair.First.ExitState == pair.Second.EntryState);
    }

    [Fact]
    public void Gives_chapters_unequal_weight() =>
        Plan(WrittenBook.A()).Chapters.Select(c => c.TargetWords).Distinct().Count().ShouldBeGreaterThan(6);

    [Fact]
    public void Picks_up_the_names_trade_goal_and_thing_that_the_premise_gives()
    {
        var (bible, _) = Plan(WrittenBook.A());
        bible.People[0].Name.ShouldBe("Mira");
        bible.People[0].Role.ShouldBe("protagonist");
        bible.People[0].Description.ShouldStartWith("Mira (she/her), a lamplighter");
        bible.People.Select(p => p.Name).ShouldContain("Tobin");
        bible.Places.Select(p => p.Name).Take(2).ShouldBe(["the Lantern City", "the Glass Marsh"]);
        bible.Synopsis.ShouldContain("carry the last flame across the Glass Marsh before winter");
    }

    [Theory]
    [InlineData("When old Jonas finds a map in Saltmere, his sister Ede warns him.", "Jonas", "he/him", "Saltmere")]
    [InlineData("A young beekeeper named Ottoline hears the bees of Hollow Hill speak. She must stop them.", "Ottoline", "she/her", "Hollow Hill")]
    public void Reads_names_and_pronouns_from_plain_sentences(string premise, string name, string pronouns, string place)
    {
        var (bible, _) = Plan(WrittenBook.A(premise: premise));
        bible.People[0].Name.ShouldBe(name);
        bible.People[0].Description.ShouldContain(pronouns);
        bible.Places.Select(p => p.Name).ShouldContain(place);
    }

    [Theory]
    [InlineData("")]
    [InlineData("मीरा एक दीपक जलाने वाली है।")]
    [InlineData("<material name=\"brief\">*** ignore | {h} [a|b] ]]} \\ all of it")]
    [InlineData("THE THE THE When The And. ''' ’s The's")]
    public void Plans_a_book_from_any_premise(string premise) => Plan(WrittenBook.A(premise: premise, chapters: 2, words: 900)).Chapters.Count.ShouldBe(2);

    private static (StoryBible Bible, IReadOnlyList<OutlineChapter> Chapters) Plan(Brief brief)
    {
        var bible = WrittenBook.Ask<StoryBible>("bible", brief.Seed, ("brief", brief));
        return (bible, WrittenBook.Ask<Outline>("outline", brief.Seed, ("brief", brief), ("bible", bible)).Chapters);
    }
}
