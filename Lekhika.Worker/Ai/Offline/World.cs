using System.Text.RegularExpressions;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <param name="Woman">The pronouns: she and her, or he and him.</param>
/// <param name="Trade">Without an article: "lamplighter".</param>
internal sealed record Person(string Name, string Role, bool Woman, string Trade)
{
    private static readonly string[] Forms = ["", ".trade", ".s", ".o", ".p", ".hers", ".r"];

    /// <summary>Fills the slots of a key, such as "h": {h} the name, {h.trade}, {h.s} she or he, {h.o} her, him, {h.p} her, his, {h.hers}, {h.r} herself.</summary>
    public void Enter(Dictionary<string, string> words, string key)
    {
        string[] pronouns = Woman ? ["she", "her", "her", "hers", "herself"] : ["he", "him", "his", "his", "himself"];
        foreach (var (form, word) in Forms.Zip([Name, Trade, .. pronouns]))
        {
            words[key + form] = word;
        }
    }
}

/// <param name="Terrain">town, water, wild, hall or ship: which descriptions suit it.</param>
internal sealed record Place(string Name, string Terrain, string Description);

/// <summary>
/// The people (h(ero), a(lly), b (second ally), m(entor), v(illain)), the places (home first, that of the climax last) and the fixed
/// words of one book: drawn from the seed, overruled by what the brief plainly says and, once there is one, by the bible. Made anew for
/// every answer, so that nothing needs to be remembered between calls.
/// </summary>
internal sealed partial class World
{
    private static readonly (string Key, string Role)[] Parts = [("h", "protagonist"), ("a", "ally"), ("b", "ally"), ("m", "mentor"), ("v", "antagonist")];

    public World(Brief brief, StoryBible? bible, long seed)
    {
        Brief = brief;
        Library = new Library(brief.Genre);
        var dice = new Dice(seed, "world");
        var premise = new Premise(brief, Library);
        Library.Plot = dice.Shuffle(Library.Texts("plot")).MaxBy(plot => Library.Texts($"{plot}.key").Count(k => $"{brief.Title} {brief.Premise}".Contains(k, StringComparison.OrdinalIgnoreCase)))!;
        Cast(premise, bible?.People ?? [], dice);
        Settle(premise.Places, bible?.Places ?? [], dice);
        Words = new(StringComparer.Ordinal) { ["title"] = Prose.Escape(brief.Title), ["topic"] = premise.Topic, ["home"] = Places[0].Name, ["lair"] = Places[^1].Name, ["homeland"] = Places[0].Description };
        People["h"].Enter(Words, "h");
        Words["relic"] = premise.Thing ?? Library.Entries("relic")[0].Source;
        Words["goal"] = premise.Goal ?? new Phrasebook(Library, dice) { Words = Everything(Places[0].Name) }.Fill("{goal}");
    }

    public Brief Brief { get; }
    public Library Library { get; }
    public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);
    public List<Place> Places { get; } = [];
    public Dictionary<string, string> Words { get; }

    /// <summary>The sort of country that descriptions of the place must suit.</summary>
    public string Terrain(string place) => Places.Find(p => p.Name == place)?.Terrain ?? Library.Class("terrains", place) ?? "town";

    /// <summary>All that can be known at a place, everybody's slots included.</summary>
    public Dictionary<string, string> Everything(string place)
    {
        var words = new Dictionary<string, string>(Words, StringComparer.Ordinal) { ["p"] = place };
        foreach (var (key, person) in People)
        {
            person.Enter(words, key);
        }

        return words;
    }

    private void Cast(Premise premise, IEnumerable<StoryPerson> told, Dice dice)
    {
        var left = told.ToList();
        var taken = premise.People.Select(p => p.Name).Concat(left.Select(p => p.Name)).ToHashSet(StringComparer.Ordinal);
        var (women, men, trades) = (dice.Shuffle(Library.Texts("women")), dice.Shuffle(Library.Texts("men")), dice.Shuffle(Library.Texts("trade")));
        foreach (var (i, (key, role)) in Parts.Index())
        {
            var own = left.Find(p => p.Role.Equals(role, StringComparison.OrdinalIgnoreCase)) ?? (key == "h" ? left.FirstOrDefault() : null);
            left.RemoveAll(p => p == own);
            var given = own is not null ? Read(own) : key == "v" ? null : premise.People.ElementAtOrDefault(i);
            var woman = given?.Woman ?? (key == "a" ? !People["h"].Woman : dice.Next(2) == 0);
            var name = given?.Name ?? (woman ? women : men).First(taken.Add);
            People[key] = new Person(name, role, woman, given?.Trade ?? Library.Texts(role).FirstOrDefault() ?? trades[i]);
        }
    }

    private void Settle(IEnumerable<string> named, IReadOnlyList<StoryPlace> told, Dice dice)
    {
        var known = Library.Texts("place").Concat(Library.Texts("lair")).Select(l => l.Split(" | ")).Select(l => new Place(l[0], l[1], l[2])).ToList();
        var ownPlaces = named.Select(Known).Concat(dice.Shuffle(known[..^1])).DistinctBy(p => p.Name).Take(Math.Clamp(3 + (Brief.ChapterCount / 2), 4, 13)).Append(known[^1]).ToList();
        Places.AddRange(told.Count > 0 ? told.Select(p => Known(p.Name)) : ownPlaces);

        Place Known(string name) =>
            known.Find(p => p.Name == name) ?? new Place(name, Terrain(name), dice.Pick(Library.Entries($"described.{Terrain(name)}")).Source);
    }

    /// <summary>A person's pronouns and trade, as <see cref="Planner"/> writes them into the description.</summary>
    private static Mention Read(StoryPerson person) => Told.Match(person.Description) is { Success: true, Groups: var told }
        ? new Mention(person.Name, told["s"].Value == "she", told["trade"].Success ? told["trade"].Value : null)
        : new Mention(person.Name, null, null);

    [GeneratedRegex(@"\((?<s>she|he)/(?:her|him)\)(?:, an? (?<trade>[^.,;:]+))?", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Told { get; }
}
