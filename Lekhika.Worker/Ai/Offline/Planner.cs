using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>Answers the planning tasks: requirements, bible and outline.</summary>
internal sealed class Planner(World world, long seed)
{
    /// <summary>The turns of one arc over the whole book (the dark hour right before the climax, since people and things are parted in between): kind tag, place in the book (0 to 1), and how soon a short book drops it.</summary>
    private static readonly (string Tag, double At, int Rank)[] Arc =
    [
        ("opening", 0, 1), ("summons", 0.06, 3), ("threshold", 0.11, 6), ("joining", 0.3, 7),
        ("turning", 0.52, 5), ("dark", 0.91, 4), ("climax", 0.91, 2), ("resolution", 1, 0),
    ];

    private readonly Phrasebook phrases = new(world, new Dice(seed, "plan"));

    public StoryRequirements Requirements()
    {
        Introduce();
        var brief = world.Brief;
        return new StoryRequirements(
            One("plan.logline"),
            $"Written for {(brief.Audience.Length > 0 ? brief.Audience.Replace('_', ' ') : "general")} readers who hope for {One("plan.promise")}{(brief.Tone.Length > 0 ? $", told in a {brief.Tone.Replace('_', ' ')} tone" : "")}.",
            [One("plan.theme"), One("plan.theme"), One("plan.theme")],
            One("plan.setting"),
            [.. world.Places.Take(1).Select(p => p.Name), world.People["h"].Name, world.Words["relic"], .. Wishes("must_include")],
            [.. Wishes("must_avoid")]);
    }

    public StoryBible Bible()
    {
        Introduce();
        var people = world.People.Select(p =>
        {
            phrases.People["x"] = p.Value;
            return new StoryPerson(
                p.Value.Name,
                p.Value.Role,
                $"{p.Value.Name} ({(p.Value.Woman ? "she/her" : "he/him")}), {(Prose.Finish($"a {p.Value.Trade}").StartsWith("An", StringComparison.Ordinal) ? "an" : "a")} {p.Value.Trade}. {One("plan.look")} {One($"plan.heart.{p.Value.Role}")}",
                One("plan.voice"));
        }).ToList();
        return new StoryBible(
            One("plan.synopsis"),
            people,
            [.. world.Places.Select(p => new StoryPlace(p.Name, p.Description))],
            [.. world.Library.Entries("plan.timeline").Select(t => Prose.Finish(phrases.Raw(t)).Split(" | ")).Select(t => new StoryEvent(t[0], Prose.Finish(t[1])))],
            [.. world.Library.Entries("plan.thread").Select(t => Prose.Finish(phrases.Raw(t)).Split(" | ")).Select(t => new StoryThread(t[0], Prose.Finish(t[1])))]);
    }

    public Outline Outline()
    {
        Introduce();
        var words = TargetWords();
        var counts = words.Select(w => Math.Clamp((int)Math.Round(w / 430.0), 3, 6)).ToArray();
        var kinds = Kinds(counts.Sum());
        var titles = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var patterns = new Dictionary<Template, int>();
        var chapters = new List<OutlineChapter>();
        var joined = false;
        var state = One("plan.before");
        for (var (c, beat) = (0, 0); c < counts.Length; beat += counts[c++])
        {
            var people = new List<string> { world.People["h"].Name };
            var places = new List<string>();
            var beats = new List<string>();
            var names = new List<(Template Pattern, string Title)>();
            string after = "";
            foreach (var (kind, index) in kinds.Skip(beat).Take(counts[c]).Select((k, i) => (k, beat + i)))
            {
                joined |= kind.Tags.Contains("joining");
                var place = PlaceOf(index, kinds);
                phrases.Scene.Clear();
                phrases.Scene["p"] = place.Name;
                foreach (var slot in world.Library.Entries($"{kind.Name}.beat").SelectMany(b => b.Slots).Where(s => !s.Contains('.') && s != "p").Distinct(StringComparer.Ordinal))
                {
                    if (!phrases.People.ContainsKey(slot) && !world.Words.ContainsKey(slot))
                    {
                        phrases.Scene[slot] = slot == "s" ? phrases.Raw(new Template("{stranger}")).Split(" =")[0] : phrases.Raw(new Template($"{{{slot}}}"));
                    }
                }

                var template = phrases.Dice.Pick(kind.Beats);
                beats.Add(Capital(phrases.Raw(template)));
                people.AddRange(template.Slots.Where(phrases.People.ContainsKey).Select(s => phrases.People[s].Name));
                places.Add(place.Name);
                after = Capital(phrases.Raw(phrases.Dice.Pick(world.Library.Entries($"{kind.Name}.after"))));
                names.AddRange(world.Library.Entries($"{kind.Name}.title").Select(t => (t, Prose.Title(phrases.Raw(t)))));
            }

            people.Add(world.People["a"].Name);
            if (joined)
            {
                people.Add(world.People["b"].Name);
            }

            var chapterKinds = kinds.GetRange(beat, counts[c]);
            chapters.Add(new OutlineChapter(c + 1, NewTitle(names, places, titles, patterns), Purpose(chapterKinds, (double)beat / kinds.Count), world.People["h"].Name, [.. places.Distinct(StringComparer.Ordinal)], [.. people.Distinct(StringComparer.Ordinal)], beats, state, after, words[c]));
            state = after;
        }

        return new Outline(chapters);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Introduce()
    {
        foreach (var (key, person) in world.People)
        {
            phrases.People[key] = person;
        }

        phrases.Scene["p"] = world.Places[0].Name;
        phrases.Scene["lair"] = world.Places[^1].Name;
        phrases.Scene["homeland"] = world.Places[0].Description;
    }

    private string One(string list) => phrases.Draw(list) ?? throw new InvalidOperationException($"The offline author's data lack the list '{list}'.");

    private IEnumerable<string> Wishes(string key) =>
        world.Brief.Values.TryGetValue(key, out var wish) ? wish.Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(20) : [];

    /// <summary>Uneven by weight of plot: the middle and the climax get more; together exactly the brief's words.</summary>
    private int[] TargetWords()
    {
        var n = world.Brief.ChapterCount;
        var dice = new Dice(seed, "weights");
        var weights = Enumerable.Range(0, n).Select(i => 0.92 + (dice.Next(17) / 100.0) + (Math.Abs(((i + 0.5) / n) - 0.88) < 0.07 ? 0.12 : 0) - (i == n - 1 && n > 2 ? 0.06 : 0)).ToArray();
        var cut = new int[n + 1];
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += weights[i] / weights.Sum();
            cut[i + 1] = (int)Math.Round(sum * world.Brief.WordCount);
        }

        return [.. Enumerable.Range(0, n).Select(i => cut[i + 1] - cut[i])];
    }

    /// <summary>A kind for every beat of the book: the arc's turns once each, trials between them, the ones used least first.</summary>
    private List<SceneKind> Kinds(int total)
    {
        var turns = Arc.OrderBy(t => t.Rank).Take(total).OrderBy(t => t.At).ToList();
        var fixedAt = new Dictionary<int, string>();
        for (var (i, last) = (0, -1); i < turns.Count; i++)
        {
            last = Math.Clamp((int)Math.Round(turns[i].At * (total - 1)), last + 1, total - turns.Count + i);
            fixedAt[last] = turns[i].Tag;
        }

        var uses = world.Library.Kinds.ToDictionary(k => k.Name, _ => 0, StringComparer.Ordinal);
        var kinds = new List<SceneKind>();
        var phase = "home";
        var met = false;
        for (var i = 0; i < total; i++)
        {
            if (fixedAt.TryGetValue(i, out var tag))
            {
                phase = tag switch { "threshold" or "joining" => "early", "turning" or "dark" => "late", "climax" => "after", _ => phase };
            }

            met |= tag == "joining";
            var kind = world.Library.Kinds
                .Where(k => k.Tags.Contains(tag ?? phase) && (met || !k.Tags.Contains("b")))
                .MinBy(k => (uses[k.Name] * (k.Tags.Contains("rare") ? 4000 : 1000)) + (kinds.TakeLast(4).Contains(k) ? 2500 : 0) + phrases.Dice.Next(1000))!;
            uses[kind.Name]++;
            kinds.Add(kind);
        }

        return kinds;
    }

    /// <summary>One way through the places: home until the threshold, the last place for the climax, then home again.</summary>
    private Place PlaceOf(int index, List<SceneKind> kinds)
    {
        var threshold = Math.Max(kinds.FindIndex(k => k.Tags.Contains("threshold")), 0);
        var climax = kinds.FindIndex(k => k.Tags.Contains("climax"));
        climax = climax < 0 ? kinds.Count : climax;
        var between = world.Places.Count - 2;
        return index switch
        {
            0 => world.Places[0],
            _ when index == climax => world.Places[^1],
            _ when index > climax => world.Places[index == kinds.Count - 1 || index > (climax + kinds.Count) / 2 ? 0 : between],
            _ when index <= threshold => world.Places[0],
            _ => world.Places[1 + Math.Min(between - 1, (index - threshold - 1) * between / Math.Max(1, climax - threshold - 1))],
        };
    }

    private string Purpose(List<SceneKind> kinds, double at)
    {
        var turns = Arc.Where(t => kinds.Exists(k => k.Tags.Contains(t.Tag))).Select(t => t.Tag).ToList();
        var labels = turns.Select(t => phrases.Draw($"purpose.{t}.label")!).ToList();
        if (labels.Count == 0)
        {
            labels.Add(at > 0.91 ? "Aftermath" : at > 0.52 ? "Mounting trouble" : "Rising action");
        }

        var main = turns.Count == 0 ? (at > 0.91 ? "after" : at > 0.52 ? "late" : at > 0.11 ? "early" : "home") : Arc.Where(t => turns.Contains(t.Tag)).MinBy(t => t.Tag == "climax" ? -1 : t.Rank).Tag;
        return $"{Capital(string.Join(", ", labels).ToLowerInvariant())}: {phrases.Draw($"purpose.{main}") ?? ""}";
    }

    private string NewTitle(List<(Template Pattern, string Title)> wanted, List<string> places, HashSet<string> taken, Dictionary<Template, int> patterns)
    {
        var chosen = wanted.OrderBy(w => patterns.GetValueOrDefault(w.Pattern)).ThenBy(w => w.Title.Length > 40).FirstOrDefault(w => patterns.GetValueOrDefault(w.Pattern) < 2 && taken.Add(w.Title));
        var found = chosen.Title;
        if (found is not null)
        {
            patterns[chosen.Pattern] = patterns.GetValueOrDefault(chosen.Pattern) + 1;
        }

        for (var i = 0; found is null; i++)
        {
            phrases.Scene["p"] = places[i % places.Count];
            var title = Prose.Title(phrases.Draw("title")!);
            found = taken.Add(title) ? title : i > 200 && taken.Add($"{title} ({i})") ? title : null;
        }

        return found;
    }
}
