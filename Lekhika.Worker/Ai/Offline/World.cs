using System.Text.RegularExpressions;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <param name="Woman">The pronouns: she and her, or he and him.</param>
/// <param name="Trade">Without an article: "lamplighter".</param>
internal sealed record Person(string Name, string Role, bool Woman, string Trade)
{
    private static readonly string[] Forms = ["s", "o", "p", "hers", "r"];

    /// <summary>Fills the slots of a key, such as "h": {h} the name, {h.s} she or he, {h.o} her, him, {h.p} her, his, {h.hers}, {h.r} herself, {h.trade}.</summary>
    public void Enter(Dictionary<string, string> words, string key)
    {
        words[key] = Name;
        words[$"{key}.trade"] = Trade;
        string[] pronouns = Woman ? ["she", "her", "her", "hers", "herself"] : ["he", "him", "his", "his", "himself"];
        foreach (var (form, word) in Forms.Zip(pronouns))
        {
            words[$"{key}.{form}"] = word;
        }
    }
}

/// <param name="Terrain">town, water, wild, hall or ship: which descriptions suit it.</param>
internal sealed record Place(string Name, string Terrain, string Description);

/// <summary>
/// The people, places and words of one book: drawn from the seed, overruled by what the brief plainly says and, once there is
/// a bible, by the bible. Made anew for every answer, so that nothing needs to be remembered between calls.
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
        Library.Plot = Library.Blocks("plot").Where(p => p.Tags[0] == Library.Genre)
            .MaxBy(p => (Library.Texts($"{p.Name}.key").Count(k => $"{brief.Title} {brief.Premise}".Contains(k, StringComparison.OrdinalIgnoreCase)) * 1000) + dice.Next(1000))!.Name;
        Cast(premise, bible, dice);
        Settle(premise, bible, dice);
        Words["title"] = Prose.Escape(brief.Title);
        Words["topic"] = premise.Topic;
        Words["home"] = Places[0].Name;
        Words["lair"] = Places[^1].Name;
        Words["homeland"] = Places[0].Description;
        People["h"].Enter(Words, "h");
        foreach (var (slot, given) in new[] { ("goal", premise.Goal), ("relic", premise.Thing) }.Where(g => g.Item2 is not null))
        {
            Words[slot] = given!;
        }
    }

    public Brief Brief { get; }

    public Library Library { get; }

    /// <summary>The people by their part: h(ero), a(lly), b (second ally), m(entor), v(illain).</summary>
    public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);

    /// <summary>The places, home first, the place of the climax last.</summary>
    public List<Place> Places { get; } = [];

    /// <summary>What fills a slot in the same way through the book: the protagonist's slots, title, topic, home, lair, the premise's goal and relic.</summary>
    public Dictionary<string, string> Words { get; } = new(StringComparer.Ordinal);

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

    public string Terrain(string place) => Places.Find(p => p.Name == place)?.Terrain ?? Library.Class("terrains", place) ?? "town";

    private void Cast(Premise premise, StoryBible? bible, Dice dice)
    {
        var told = bible?.People.ToList() ?? [];
        var taken = premise.People.Select(p => p.Name).Concat(told.Select(p => p.Name)).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<bool, List<string>> { [true] = dice.Shuffle(Library.Texts("women")), [false] = dice.Shuffle(Library.Texts("men")) };
        var trades = dice.Shuffle(Library.Texts("trade"));
        foreach (var (i, (key, role)) in Parts.Index())
        {
            var own = told.Find(p => p.Role.Equals(role, StringComparison.OrdinalIgnoreCase)) ?? (key == "h" ? told.FirstOrDefault() : null);
            told = [.. told.Where(p => p != own)];
            var given = own is not null ? Read(own) : key == "v" ? null : premise.People.ElementAtOrDefault(i);
            var woman = given?.Woman ?? (key == "a" ? !People["h"].Woman : dice.Next(2) == 0);
            var name = given?.Name ?? names[woman].First(n => !taken.Contains(n));
            taken.Add(name);
            People[key] = new Person(name, role, woman, given?.Trade ?? Library.Texts(role).FirstOrDefault() ?? trades[i]);
        }
    }

    private void Settle(Premise premise, StoryBible? bible, Dice dice)
    {
        var known = Library.Texts("place").Concat(Library.Texts("lair")).Select(l => l.Split(" | ")).Select(l => new Place(l[0], l[1], l[2])).ToList();
        var lair = known[^1];
        var others = dice.Shuffle(known[..^1]);
        var wanted = Math.Clamp(4 + (Brief.ChapterCount / 2), 5, 14);
        Places.AddRange(bible is { Places.Count: > 0 } ? bible.Places.Select(p => Known(p.Name)) : premise.Places.Select(Known).Concat(others).DistinctBy(p => p.Name).Take(wanted - 1).Append(lair));

        Place Known(string name)
        {
            var terrain = Terrain(name);
            return known.Find(p => p.Name == name) ?? new Place(name, terrain, dice.Pick(Library.Entries($"described.{terrain}")).Source);
        }
    }

    /// <summary>A person's pronouns and trade, as <see cref="Planner"/> writes them into the description.</summary>
    private static Mention Read(StoryPerson person)
    {
        var told = Told().Match(person.Description);
        return new Mention(person.Name, told.Success ? told.Groups["s"].Value == "she" : null, told.Groups["trade"].Success ? told.Groups["trade"].Value : null);
    }

    [GeneratedRegex(@"\((?<s>she|he)/(?:her|him)\)(?:, an? (?<trade>[^.,;:]+))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Told();
}
