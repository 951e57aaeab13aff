using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>Answers the first planning tasks: requirements and bible.</summary>
internal sealed class Planner
{
    private readonly World world;
    private readonly Phrasebook phrases;

    public Planner(World world, long seed)
    {
        this.world = world;
        phrases = new Phrasebook(world.Library, new Dice(seed, "plan")) { Words = world.Everything(world.Places[0].Name) };
    }

    public StoryRequirements Requirements() => new(
        One("plan.logline"),
        $"Written for {world.Brief.Audience.Replace('_', ' ')} readers who hope for {One("plan.promise")}, told in a {world.Brief.Tone.Replace('_', ' ')} tone.",
        [One("plan.theme"), One("plan.theme"), One("plan.theme")],
        One("plan.setting"),
        [world.Places[0].Name, world.People["h"].Name, phrases.Fill("{relic}"), .. Wishes("must_include")],
        [.. Wishes("must_avoid")]);

    public StoryBible Bible() => new(
        One("plan.synopsis"),
        [.. world.People.Values.Select(Describe)],
        [.. world.Places.Select(p => new StoryPlace(p.Name, p.Description))],
        [.. Pairs("plan.timeline").Select(p => new StoryEvent(p[0], p[1]))],
        [.. Pairs("plan.thread").Select(p => new StoryThread(p[0], p[1]))]);

    private StoryPerson Describe(Person person)
    {
        person.Enter(phrases.Words, "x");
        return new StoryPerson(
            person.Name,
            person.Role,
            $"{Prose.Finish(phrases.Fill("{x} ({x.s}/{x.o}), a {x.trade}."))} {One("plan.look")} {One($"plan.heart.{person.Role}")}",
            One("plan.voice"));
    }

    private string One(string list) => phrases.Draw(list) ?? throw new InvalidOperationException($"The offline author's data lack the list '{list}'.");

    private IEnumerable<string[]> Pairs(string list) => world.Library.Entries(list).Select(t => Array.ConvertAll(phrases.Fill(t).Split(" | "), Prose.Finish));

    private IEnumerable<string> Wishes(string key) =>
        world.Brief.Values.GetValueOrDefault(key, "").Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(20);
}
