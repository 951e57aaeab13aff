using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// A beat as it was meant: its kind with the tags that say when in a story it may happen, the words in its slots, how people look
/// back on it, how things stand after it, and titles that it could lend to its chapter.
/// </summary>
internal sealed record Scene(string Kind, IReadOnlyList<string> Tags, string Beat, IReadOnlyDictionary<string, string> Words, string Memory, string After, IReadOnlyList<(Template Pattern, string Title)> Titles);

/// <summary>Answers the outline task; the same world and seed give the same outline, and what its beats mean, again.</summary>
internal sealed class Outliner
{
    private const int WordsPerBeat = 430;

    /// <summary>The turns of one arc over the whole book (the dark hour right before the climax, since people and things are parted in between): kind tag, place in the book (0 to 1), the phase it opens, and how soon a short book drops it.</summary>
    private static readonly (string Tag, double At, string Phase, int Rank)[] Arc =
    [
        ("opening", 0, "home", 1), ("summons", 0.06, "home", 3), ("threshold", 0.11, "early", 6), ("joining", 0.3, "early", 7),
        ("turning", 0.52, "late", 5), ("dark", 0.9, "late", 4), ("climax", 0.91, "after", 2), ("resolution", 1, "after", 0),
    ];

    private readonly World _world;
    private readonly Dice _dice;
    private readonly Phrasebook _phrases;
    private readonly List<string> _used = [];
    private readonly List<Template> _patterns = [];

    public Outliner(World world, long seed)
    {
        (_world, _dice) = (world, new Dice(seed, "outline"));
        _phrases = new Phrasebook(_world.Library, _dice) { Words = _world.Everything(_world.Places[0].Name) };
        var state = _phrases.Draw("plan.before")!;
        var targets = TargetWords();
        var counts = Array.ConvertAll(targets, t => Math.Clamp((int)Math.Round(t / (double)WordsPerBeat), 3, 6));
        var tags = Tags(counts.Sum());
        Scenes = [.. tags.Select((tag, i) => Imagine(Kind(tag), PlaceOf(i, tags)))];
        var chapters = new List<OutlineChapter>();
        for (var (c, start) = (0, 0); c < targets.Length; start += counts[c++])
        {
            var own = Scenes.GetRange(start, counts[c]);
            var joined = Scenes[..(start + counts[c])].Exists(s => s.Tags.Contains("joining"));
            var people = _world.People.Where(p => p.Key is "h" or "a" || (p.Key == "b" && joined) || own.Exists(s => s.Words.ContainsKey(p.Key))).Select(p => p.Value.Name);
            var title = Title([.. own.SelectMany(s => s.Titles)], chapters);
            chapters.Add(new OutlineChapter(c + 1, title, Purpose(own, tags[start]), _world.People["h"].Name, [.. own.Select(s => s.Words["p"]).Distinct(StringComparer.Ordinal)], [.. people], [.. own.Select(s => s.Beat)], state, own[^1].After, targets[c]));
            state = own[^1].After;
        }

        Outline = new Outline(chapters);
    }

    public Outline Outline { get; }
    public List<Scene> Scenes { get; }

    /// <summary>Uneven, with more for the climax; together exactly the brief's words.</summary>
    private int[] TargetWords()
    {
        var n = _world.Brief.ChapterCount;
        var weights = Enumerable.Range(0, n).Select(i => 0.92 + (_dice.Next(17) / 100.0) + (Math.Abs(((i + 0.5) / n) - 0.88) < 0.07 ? 0.12 : 0)).ToArray();
        var ends = Enumerable.Range(0, n + 1).Select(i => (int)Math.Round(weights.Take(i).Sum() / weights.Sum() * _world.Brief.WordCount)).ToArray();
        return [.. ends.Zip(ends.Skip(1), (start, end) => end - start)];
    }

    /// <summary>For every beat of the book the turn that it is, each once, or the phase between two turns.</summary>
    private static string[] Tags(int total)
    {
        var turns = Arc.OrderBy(t => t.Rank).Take(total).OrderBy(t => t.At).ToList();
        var tags = new string[total];
        var next = 0;
        foreach (var (i, turn) in turns.Index())
        {
            next = Math.Clamp((int)Math.Round(turn.At * (total - 1)), next, total - turns.Count + i);
            tags[next++] = turn.Tag;
            Array.Fill(tags, turn.Phase, next, total - next);
        }

        return tags;
    }

    /// <summary>Of the kinds with a tag the one used least and not lately, as the line of its list: name and tags.</summary>
    private string[] Kind(string tag)
    {
        var kind = _world.Library.Texts("kind").Select(k => k.Split(' ')).Where(k => k.Contains(tag))
            .MinBy(k => (_used.Count(u => u == k[0]) * (k.Contains("rare") ? 4000 : 1000)) + (_used.TakeLast(4).Contains(k[0]) ? 2500 : 0) + _dice.Next(1000))!;
        _used.Add(kind[0]);
        return kind;
    }

    /// <summary>One way through the places: home until the threshold, the last place for the climax, then home again.</summary>
    private string PlaceOf(int index, string[] tags)
    {
        var (threshold, climax, last) = (Math.Max(Array.IndexOf(tags, "threshold"), 0), Array.IndexOf(tags, "climax"), _world.Places.Count - 1);
        var stop = index <= threshold || index > (climax + tags.Length) / 2 || index == tags.Length - 1 ? 0
            : index >= climax ? last - Math.Min(1, index - climax)
            : 1 + ((index - threshold - 1) * (last - 1) / Math.Max(1, climax - threshold - 1));
        return _world.Places[Math.Clamp(stop, 0, last)].Name;
    }

    private Scene Imagine(string[] kind, string place)
    {
        var words = _phrases.Words = _world.Everything(place);
        var beat = _dice.Pick(_world.Library.Entries($"{kind[0]}.beat"));
        foreach (var slot in beat.Slots.Where(s => !words.ContainsKey(s)))
        {
            words[slot] = _phrases.Fill($"{{{slot}}}");
            if (words[slot].Split(" =") is [var name, var sex])
            {
                new Person(name, "other", sex == "f", name).Enter(words, slot);
            }
        }

        var own = words.Where(w => beat.Slots.Contains(w.Key.Split('.')[0]) || w.Key == "p").ToDictionary(StringComparer.Ordinal);
        var titles = _world.Library.Entries($"{kind[0]}.title").Concat(_world.Library.Entries("title")).Select(t => (t, Prose.Title(_phrases.Fill(t)))).ToList();
        return new Scene(kind[0], kind[1..], Prose.Capital(_phrases.Fill(beat)), own, _phrases.Fill($"{{{kind[0]}.memory}}"), Prose.Capital(_phrases.Fill($"{{{kind[0]}.after}}")), titles);
    }

    private string Purpose(List<Scene> scenes, string phase)
    {
        var turns = Arc.Where(t => scenes.Exists(s => s.Tags.Contains(t.Tag))).OrderBy(t => t.At).ToList();
        var labels = turns.Select(t => t.Tag).DefaultIfEmpty(phase).Select(tag => _phrases.Fill($"{{label.{tag}}}"));
        return $"{Prose.Capital(string.Join(", ", labels))}: {_phrases.Fill($"{{purpose.{(turns.Count > 0 ? turns.MinBy(t => t.Rank).Tag : phase)}}}")}";
    }

    /// <summary>A title that no chapter has yet, of the pattern used least.</summary>
    private string Title(List<(Template Pattern, string Title)> wanted, List<OutlineChapter> chapters)
    {
        var free = wanted.Where(w => !chapters.Exists(c => c.Title.Equals(w.Title, StringComparison.OrdinalIgnoreCase)));
        var chosen = free.MinBy(w => (_patterns.Count(p => p == w.Pattern), w.Title.Length > 40));
        _patterns.Add(chosen.Pattern);
        return chosen.Title ?? $"{wanted[0].Title} ({chapters.Count + 1})";
    }
}
