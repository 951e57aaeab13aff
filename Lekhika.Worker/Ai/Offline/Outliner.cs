using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>A beat of the outline as it was meant: its kind, the words in its slots, and how others look back on it ("the bargain with the ferryman").</summary>
internal sealed record Scene(Block Kind, IReadOnlyDictionary<string, string> Words, string Memory);

/// <summary>Answers the outline task; the same world and seed give the same outline, and what its beats mean, again.</summary>
internal sealed class Outliner(World world, long seed)
{
    private const int WordsPerBeat = 430;

    /// <summary>The turns of one arc over the whole book (the dark hour right before the climax, since people and things are parted in between): kind tag, place in the book (0 to 1), the phase it opens, and how soon a short book drops it.</summary>
    private static readonly (string Tag, double At, string Phase, int Rank)[] Arc =
    [
        ("opening", 0, "home", 1), ("summons", 0.06, "home", 3), ("threshold", 0.11, "early", 6), ("joining", 0.3, "early", 7),
        ("turning", 0.52, "late", 5), ("dark", 0.91, "late", 4), ("climax", 0.91, "after", 2), ("resolution", 1, "after", 0),
    ];

    private readonly Dice dice = new(seed, "outline");
    private readonly Dictionary<Template, int> titles = [];
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The outline, and the scene behind the text of each of its beats.</summary>
    public (Outline Outline, IReadOnlyDictionary<string, Scene> Scenes) Outline()
    {
        var phrases = new Phrasebook(world.Library, dice) { Words = world.Everything(world.Places[0].Name) };
        var scenes = new Dictionary<string, Scene>(StringComparer.Ordinal);
        var chapters = new List<OutlineChapter>();
        var words = TargetWords();
        var counts = Array.ConvertAll(words, w => Math.Clamp((int)Math.Round(w / (double)WordsPerBeat), 3, 6));
        var (kinds, tags) = Kinds(counts.Sum());
        var state = phrases.Draw("plan.before")!;
        for (var (c, next) = (0, 0); c < words.Length; c++)
        {
            var here = next..(next + counts[c]);
            var beats = new List<string>();
            var people = new List<string> { "h", "a" };
            var places = new List<string>();
            var names = new List<(Template Pattern, string Title)>();
            var (entry, first) = (state, next);
            for (; next < here.End.Value; next++)
            {
                phrases.Words = world.Everything(PlaceOf(next, tags));
                var (template, scene) = Imagine(kinds[next], phrases);
                beats.Add(Prose.Capital(phrases.Fill(template)));
                scenes.TryAdd(beats[^1], scene);
                people.AddRange(template.Slots.Where(world.People.ContainsKey));
                places.Add(phrases.Words["p"]);
                names.AddRange(world.Library.Entries($"{kinds[next].Name}.title").Concat(world.Library.Entries("title")).Select(t => (t, Prose.Title(phrases.Fill(t)))));
                state = Prose.Capital(phrases.Fill(world.Library.Entries($"{kinds[next].Name}.after")[0]));
            }

            if (Array.IndexOf(tags, "joining") is >= 0 and var joining && joining < next)
            {
                people.Add("b");
            }

            chapters.Add(new OutlineChapter(c + 1, Title(names, c + 1), Purpose(tags[here], phrases), world.People["h"].Name, [.. places.Distinct(StringComparer.Ordinal)], [.. people.Distinct(StringComparer.Ordinal).Select(p => world.People[p].Name)], beats, entry, state, words[c]));
        }

        return (new Outline(chapters), scenes);
    }

    /// <summary>Uneven by weight of plot: the middle and the climax get more; together exactly the brief's words.</summary>
    private int[] TargetWords()
    {
        var n = world.Brief.ChapterCount;
        var weights = Enumerable.Range(0, n).Select(i => 0.92 + (dice.Next(17) / 100.0) + (Math.Abs(((i + 0.5) / n) - 0.88) < 0.07 ? 0.12 : 0)).ToArray();
        var ends = Enumerable.Range(0, n + 1).Select(i => (int)Math.Round(weights[..i].Sum() / weights.Sum() * world.Brief.WordCount)).ToArray();
        return [.. ends.Zip(ends.Skip(1), (start, end) => end - start)];
    }

    /// <summary>A kind for every beat of the book, and the tag it was chosen by: the arc's turns once each, trials between them, the ones used least first.</summary>
    private (List<Block> Kinds, string[] Tags) Kinds(int total)
    {
        var turns = Arc.OrderBy(t => t.Rank).Take(total).OrderBy(t => t.At).ToList();
        var tags = new string[total];
        var last = -1;
        foreach (var (i, turn) in turns.Index())
        {
            var at = Math.Clamp((int)Math.Round(turn.At * (total - 1)), last + 1, total - turns.Count + i);
            tags[at] = turn.Tag;
            Array.Fill(tags, turn.Phase, at + 1, total - at - 1);
            last = at;
        }

        var kinds = new List<Block>();
        var all = world.Library.Blocks("kind");
        foreach (var tag in tags)
        {
            kinds.Add(all.Where(k => k.Tags.Contains(tag)).MinBy(k => (kinds.Count(u => u == k) * (k.Tags.Contains("rare") ? 4000 : 1000)) + (kinds.TakeLast(4).Contains(k) ? 2500 : 0) + dice.Next(1000))!);
        }

        return (kinds, tags);
    }

    /// <summary>One way through the places: home until the threshold, the last place for the climax, then home again.</summary>
    private string PlaceOf(int index, string[] tags)
    {
        var threshold = Math.Max(Array.IndexOf(tags, "threshold"), 0);
        var climax = Array.IndexOf(tags, "climax");
        var between = world.Places.Count - 2;
        var stop = index <= threshold || index > (climax + tags.Length) / 2 || index == tags.Length - 1 ? 0
            : index > climax ? between
            : index == climax ? between + 1
            : 1 + ((index - threshold - 1) * between / Math.Max(1, climax - threshold - 1));
        return world.Places[Math.Clamp(stop, 0, world.Places.Count - 1)].Name;
    }

    /// <summary>Settles what stands in the slots of a beat; from then on the phrasebook says it so.</summary>
    private (Template Beat, Scene Scene) Imagine(Block kind, Phrasebook phrases)
    {
        var beat = dice.Pick(world.Library.Entries($"{kind.Name}.beat"));
        var words = new Dictionary<string, string>(StringComparer.Ordinal) { ["p"] = phrases.Words["p"] };
        foreach (var slot in beat.Slots)
        {
            if (slot == "s")
            {
                var stranger = phrases.Fill("{stranger}").Split(" =");
                new Person(stranger[0], "other", stranger[1] == "f", stranger[0].Split(' ', 2)[^1]).Enter(words, slot);
            }
            else if (world.People.TryGetValue(slot, out var person))
            {
                person.Enter(words, slot);
            }
            else
            {
                words[slot] = phrases.Fill($"{{{slot}}}");
            }
        }

        phrases.Words = new(phrases.Words.Concat(words).DistinctBy(w => w.Key), StringComparer.Ordinal);
        return (beat, new Scene(kind, words, phrases.Fill(world.Library.Entries($"{kind.Name}.memory")[0])));
    }

    private static string Purpose(string[] tags, Phrasebook phrases)
    {
        var turns = Arc.Where(t => tags.Contains(t.Tag)).ToList();
        var main = turns.Count > 0 ? turns.MinBy(t => t.Rank).Tag : tags[0];
        var labels = (turns.Count > 0 ? turns.Select(t => t.Tag) : [main]).Select(t => phrases.Fill($"{{label.{t}}}"));
        return $"{Prose.Capital(string.Join(", ", labels))}: {phrases.Draw($"purpose.{main}")}";
    }

    private string Title(List<(Template Pattern, string Title)> wanted, int number)
    {
        var free = wanted.Where(w => !taken.Contains(w.Title)).DefaultIfEmpty((Pattern: wanted[0].Pattern, Title: $"{wanted[0].Title} ({number})"));
        var (pattern, title) = free.MinBy(w => (titles.GetValueOrDefault(w.Pattern), w.Title.Length > 40));
        titles[pattern] = titles.GetValueOrDefault(pattern) + 1;
        taken.Add(title);
        return title;
    }
}
