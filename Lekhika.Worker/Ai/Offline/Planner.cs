using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>Answers the first planning tasks: requirements and bible.</summary>
internal sealed class Planner(World world, long seed)
{
    private readonly Phrasebook _phrases = new(world.Library, new Dice(seed, "plan")) { Words = world.Everything(world.Places[0].Name) };

    public StoryRequirements Requirements() => new(
        One("logline"),
        $"Written for {world.Brief.Audience.Replace('_', ' ')} readers who hope for {_phrases.Fill("{plan.promise}")}, told in a {world.Brief.Tone.Replace('_', ' ')} tone.",
        [One("theme"), One("theme"), One("theme")],
        One("setting"),
        [world.Places[0].Name, world.People["h"].Name, world.Words["relic"]],
        []);

    public StoryBible Bible() => new(
        One("synopsis"),
        [.. world.People.Values.Select(Describe)],
        [.. world.Places.Select(p => new StoryPlace(p.Name, p.Description))],
        [.. Pairs("timeline").Select(p => new StoryEvent(p[0], p[1]))],
        [.. Pairs("thread").Select(p => new StoryThread(p[0], p[1]))]);

    private StoryPerson Describe(Person person)
    {
        person.Enter(_phrases.Words, "x");
        return new StoryPerson(person.Name, person.Role, $"{One("person")} {One("look")} {One($"heart.{person.Role}")}", One("voice"));
    }

    private string One(string list) => _phrases.Draw($"plan.{list}")!;

    private IEnumerable<string[]> Pairs(string list) => world.Library.Entries($"plan.{list}").Select(t => Array.ConvertAll(_phrases.Fill(t).Split(" | "), Prose.Finish));
}
