using System.Text.RegularExpressions;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <param name="Woman">The pronouns: she and her, or he and him.</param>
/// <param name="Trade">Without an article: "lamplighter".</param>
internal sealed record Person(string Name, string Role, bool Woman, string Trade);

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
        Library = Library.For(GenreOf(brief));
        var dice = new Dice(seed, "world");
        var premise = new PremiseReader(brief, Library);
        Plot = Library.Plots.FirstOrDefault(p => bible?.Synopsis.Contains(First($"{p.Name}.threat"), StringComparison.Ordinal) ?? false)
            ?? dice.Pick(Library.Plots.GroupBy(p => Library.Sources($"{p.Name}.key").Count(k => $"{brief.Title} {brief.Premise}".Contains(k, StringComparison.OrdinalIgnoreCase))).MaxBy(g => g.Key)!.ToList());
        foreach (var word in new[] { "threat", "relic", "goal", "secret", "price", "stake", "trade", "setting" })
        {
            Words[word] = First($"{Plot.Name}.{word}");
        }

        Words["goal"] = premise.Goal ?? Words["goal"];
        Words["relic"] = premise.Thing ?? Words["relic"];
        Words["topic"] = Prose.Escape(premise.Topic);
        Words["title"] = Prose.Escape(brief.Title);
        Cast(premise, dice);
        Words["goal"] = FillPeople(Words["goal"]).Replace("{topic}", Words["topic"], StringComparison.Ordinal);
        Words["price"] = FillPeople(Words["price"]);
        Words["secret"] = FillPeople(Words["secret"]);
        Settle(premise, dice);
        Obey(bible);
        Words["homename"] = Places[0].Name;
        Words["lairname"] = Places[^1].Name;
    }

    public Brief Brief { get; }

    public Library Library { get; }

    public Plot Plot { get; }

    /// <summary>The people by their part: h(ero), a(lly), b (second ally), m(entor), v(illain).</summary>
    public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);

    /// <summary>The places, home first, the place of the climax last.</summary>
    public List<Place> Places { get; } = [];

    /// <summary>The words that stay the same through the book: threat, relic, goal, secret, price, stake, topic, title.</summary>
    public Dictionary<string, string> Words { get; } = new(StringComparer.Ordinal);

    public Place Place(string name) => Places.Find(p => p.Name == name) ?? new Place(name, PremiseReader.Terrain(name, Library) ?? "town", "");

    /// <summary>A person by slot name ("h", "h.s" for she, ".o" her or him, ".p" her or his, ".r" herself), or null.</summary>
    public static string? Word(Person person, string? form) => form switch
    {
        null => person.Name,
        "s" => person.Woman ? "she" : "he",
        "o" => person.Woman ? "her" : "him",
        "p" => person.Woman ? "her" : "his",
        "r" => person.Woman ? "herself" : "himself",
        "trade" => person.Trade,
        _ => null,
    };

    /// <summary>Strangers are named by their trade ("the ferryman"); the list gives their sex after an equals sign.</summary>
    public Person Stranger(string name)
    {
        var entry = Library.Sources("stranger").FirstOrDefault(s => s.StartsWith($"{name} =", StringComparison.OrdinalIgnoreCase));
        return new Person(name, "other", entry is null || entry.EndsWith('f'), name.Split(' ', 2)[^1]);
    }

    private static string GenreOf(Brief brief)
    {
        var genre = brief.Genre.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        return genre switch
        {
            _ when genre.Contains("fantas") || genre.Contains("fairy") || genre.Contains("magic") => "fantasy",
            _ when genre.Contains("myster") || genre.Contains("thriller") || genre.Contains("crime") || genre.Contains("detective") => "mystery",
            _ when genre.Contains("roman") || genre.Contains("love") => "romance",
            _ when genre.Contains("sci_fi") || genre.Contains("science_fiction") || genre.Contains("space") => "scifi",
            "fiction" or "general" or "" or "children" or "young_adult" or "literary" => "general",
            _ when genre.Contains("adventure") || (genre.Contains("fiction") && !genre.Contains("non")) => "general",
            _ => "nonfiction",
        };
    }

    private string First(string list) => Library.Sources(list).Count > 0 ? Library.Sources(list)[0] : "";

    private void Cast(PremiseReader premise, Dice dice)
    {
        var free = new Dictionary<bool, Queue<string>>
        {
            [true] = Shuffled("women", dice),
            [false] = Shuffled("men", dice),
        };
        var trades = Shuffled("trade", dice);
        for (var i = 0; i < Parts.Length; i++)
        {
            var (key, role) = Parts[i];
            var given = i < premise.People.Count && key != "v" ? premise.People[i] : default;
            var woman = given.Woman ?? (key == "a" ? !People["h"].Woman : dice.Next(2) == 0);
            var name = given.Name;
            while (name is null || People.Values.Any(p => p.Name == name) || (given.Name is null && premise.People.Exists(p => p.Name == name)))
            {
                name = free[woman].Dequeue();
            }

            var trade = given.Trade ?? (key == "h" && Words["trade"].Length > 0 ? Words["trade"] : key is "v" or "m" && First($"{Plot.Name}.{key}") is { Length: > 0 } own ? own : trades.Dequeue());
            People[key] = new Person(name, role, woman, trade);
        }
    }

    private void Settle(PremiseReader premise, Dice dice)
    {
        var wanted = Math.Clamp(4 + (Brief.ChapterCount / 2), 5, 14);
        var lair = First($"{Plot.Name}.lair").Split(" | ");
        foreach (var name in premise.Places.Take(wanted - 2))
        {
            var terrain = PremiseReader.Terrain(name, Library) ?? "town";
            var own = Library.Sources("place").Select(l => l.Split(" | ")).FirstOrDefault(l => l[0] == name)?[2];
            Places.Add(new Place(name, terrain, own ?? dice.Pick(Library.Sources($"described.{terrain}"))));
        }

        foreach (var line in Shuffled("place", dice).Select(l => l.Split(" | ")))
        {
            if (Places.Count < wanted - 1 && Places.TrueForAll(p => p.Name != line[0]))
            {
                Places.Add(new Place(line[0], line[1], line[2]));
            }
        }

        Places.Add(new Place(lair[0], lair[1], lair[2]));
    }

    private void Obey(StoryBible? bible)
    {
        if (bible is null)
        {
            return;
        }

        var left = bible.People.ToList();
        foreach (var (key, role) in Parts)
        {
            var person = left.Find(p => p.Role.Equals(role, StringComparison.OrdinalIgnoreCase)) ?? (key == "h" ? left.FirstOrDefault() : null);
            if (person is not null)
            {
                left.Remove(person);
                var told = Told().Match(person.Description);
                var woman = told.Success ? told.Groups["s"].Value == "she" : People[key].Woman;
                People[key] = new Person(person.Name, role, woman, told.Groups["trade"].Success ? told.Groups["trade"].Value : People[key].Trade);
            }
        }

        if (bible.Places.Count > 0)
        {
            var known = Library.Sources("place").Concat([First($"{Plot.Name}.lair")]).Select(l => l.Split(" | ")).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);
            Places.Clear();
            Places.AddRange(bible.Places.Select(p => new Place(p.Name, known.GetValueOrDefault(p.Name) ?? PremiseReader.Terrain(p.Name, Library) ?? "town", p.Description)));
        }
    }

    private string FillPeople(string text) => PersonSlot().Replace(text, m => Word(People[m.Groups["key"].Value], m.Groups["form"].Success ? m.Groups["form"].Value : null) ?? m.Value);

    private Queue<string> Shuffled(string list, Dice dice)
    {
        var entries = Library.Sources(list);
        return new(dice.Permutation(entries.Count).Select(i => entries[i]));
    }

    [GeneratedRegex(@"\((?<s>she|he)/(?:her|him)\)(?:, an? (?<trade>[^.,;:]+))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Told();

    [GeneratedRegex(@"\{(?<key>[habmv])(?:\.(?<form>[a-z]+))?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex PersonSlot();
}
