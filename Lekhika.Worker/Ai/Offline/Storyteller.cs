using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>A beat of the outline, read back: its kind (null when this program did not write it) and the words in its slots.</summary>
internal sealed record Scene(string Beat, SceneKind? Kind, IReadOnlyDictionary<string, string> Words);

/// <summary>
/// Tells the chapters of one book, always from the first to the last: so each knows what has been said before it and does not
/// say it again, although every chapter is asked for on its own.
/// </summary>
internal sealed class Storyteller
{
    private static readonly string[] Stages = ["open", "block", "talk", "turn", "end"];
    private static readonly string[][] Fillers = [["look", "banter", "road"], ["banter", "think", "motif"], ["road", "motif", "callback", "look"], ["think", "banter", "road"]];
    private static readonly string[] LastFillers = ["think", "road", "banter", "think", "road", "banter", "callback"];
    private static readonly string[] Tense = ["look", "think", "tense"];
    private static readonly string[] Hours = ["dawn", "morning", "midday", "afternoon", "evening", "night"];

    private readonly World world;
    private readonly Outline outline;
    private readonly Phrasebook phrases;
    private readonly List<List<Scene>> scenes;
    private readonly string motif;
    private Place? standing;
    private int turn;

    public Storyteller(World world, Outline outline, long seed)
    {
        this.world = world;
        this.outline = outline;
        phrases = new Phrasebook(world, new Dice(seed, "tale"));
        motif = phrases.Dice.Pick(world.Library.Sources("motifs"));
        scenes = [.. outline.Chapters.Select(c => c.Beats.Select(Read).ToList())];
    }

    /// <summary>All chapters, in order, as Markdown.</summary>
    public IReadOnlyList<string> Tell() => [.. outline.Chapters.Select((_, index) => Tell(index))];

    private Scene Read(string beat)
    {
        foreach (var kind in world.Library.Kinds)
        {
            if (kind.Beats.Select(b => b.Match(beat)).FirstOrDefault(m => m is not null) is { } words)
            {
                return new Scene(beat, kind, words);
            }
        }

        return new Scene(beat, null, new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private string Tell(int index)
    {
        var chapter = outline.Chapters[index];
        var beats = scenes[index];
        var text = new List<string>();
        var shown = Shown(beats, Math.Clamp(chapter.TargetWords / 200, 1, beats.Count));
        phrases.Scene.Clear();
        phrases.Scene["weather"] = phrases.Raw(new Template("{weathers}"));
        var closing = index == outline.Chapters.Count - 1 ? 60 : 40;
        for (var i = 0; i < beats.Count; i++)
        {
            SetScene(index, i, chapter);
            var used = text.Sum(Phrasebook.Words);
            if (!shown[i])
            {
                text.Add(phrases.Draw($"{beats[i].Kind?.Name ?? "foreign"}.tell")!);
                continue;
            }

            var left = beats.Index().Skip(i);
            var unshown = left.Count(b => !shown[b.Index]);
            var budget = (chapter.TargetWords - used - closing - (unshown * 24)) / Math.Max(1, left.Count(b => shown[b.Index]));
            if (i == 0 || text.Count == 0)
            {
                text.Add(phrases.Draw(index == 0 ? "first" : "begin", budget / 3) ?? phrases.Draw("begin")!);
            }
            else
            {
                text.Add("***");
                text.Add(phrases.Draw(standing == Here(beats[i], chapter) ? "later" : "elsewhere", budget / 3) ?? phrases.Draw("later")!);
            }

            standing = Here(beats[i], chapter);
            text.AddRange(Show(beats[i], budget - Phrasebook.Words(text[^1])));
        }

        SetScene(index, beats.Count - 1, chapter);
        foreach (var list in LastFillers)
        {
            var missing = chapter.TargetWords - text.Sum(Phrasebook.Words) - (closing * 3 / 4);
            if (missing > (index == outline.Chapters.Count - 1 ? 60 : 12) && phrases.Draw(list, missing + 6, fresh: true) is { } more)
            {
                text.Add(more);
            }
        }

        var room = chapter.TargetWords - text.Sum(Phrasebook.Words);
        var close = index == outline.Chapters.Count - 1 ? "close.end" : "close";
        text.Add(phrases.Draw(close, Math.Max(room + 12, 30), fresh: true) ?? Again(close, 60) ?? phrases.Draw(close)!);
        return string.Join("\n\n", text);
    }

    /// <summary>Which beats become scenes when there is not room for all: the arc's turns first, then the last ones; the others are told in a sentence.</summary>
    private static bool[] Shown(List<Scene> beats, int count)
    {
        var first = beats.Index().OrderByDescending(b => b.Item.Kind?.Tags.Overlaps(["climax", "opening", "resolution"]) ?? false).ThenByDescending(b => b.Index).Take(count).Select(b => b.Index).ToHashSet();
        return [.. beats.Index().Select(b => first.Contains(b.Index))];
    }

    private Place Here(Scene scene, OutlineChapter chapter) =>
        world.Place(scene.Words.GetValueOrDefault("p") ?? (chapter.Places.Count > 0 ? chapter.Places[0] : world.Places[0].Name));

    private void SetScene(int index, int beat, OutlineChapter chapter)
    {
        var scene = scenes[index][beat];
        var weather = phrases.Scene["weather"];
        phrases.Scene.Clear();
        phrases.People.Clear();
        phrases.Scene["weather"] = weather;
        var hour = Hours[(beat + 1) * (Hours.Length - 1) / (scenes[index].Count + 1)];
        phrases.Scene["hour"] = phrases.Raw(new Template($"{{hour.{hour}}}"));
        phrases.Scene["clock"] = phrases.Raw(new Template($"{{clock.{hour}}}"));
        foreach (var (key, person) in world.People)
        {
            var inChapter = chapter.People.Contains(person.Name, StringComparer.Ordinal);
            if (key == "h" || (key is "a" or "b" && inChapter) || scene.Words.ContainsKey(key))
            {
                phrases.People[key] = person;
            }
        }

        if (chapter.PointOfView != world.People["h"].Name && world.People.Values.FirstOrDefault(p => p.Name == chapter.PointOfView) is { } eyes)
        {
            phrases.People["h"] = eyes;
        }

        if (scene.Kind?.Tags.Contains("alone") ?? false)
        {
            phrases.People.Remove("a");
            phrases.People.Remove("b");
        }
        else if (phrases.People.TryGetValue("b", out var second) && !scene.Words.ContainsKey("b") && !scene.Words.ContainsKey("a") && (beat + index) % 3 == 2)
        {
            (phrases.People["a"], phrases.People["b"]) = (second, phrases.People.GetValueOrDefault("a") ?? second);
        }

        foreach (var (key, word) in scene.Words.Where(w => !phrases.People.ContainsKey(w.Key)))
        {
            phrases.Scene[key] = word;
        }

        if (scene.Words.TryGetValue("s", out var stranger))
        {
            phrases.Scene.Remove("s");
            phrases.People["s"] = world.Stranger(stranger);
        }

        var before = scenes.Take(index).SelectMany(c => c).Concat(scenes[index].Take(beat)).Where(s => s.Kind is not null).SelectMany(s => s.Kind!.Tags).ToHashSet(StringComparer.Ordinal);
        if (before.Contains("summons") && !before.Contains("dark") && !(scene.Kind?.Tags.Contains("dark") ?? false))
        {
            phrases.Scene["carried"] = world.Words["relic"];
        }

        phrases.Scene["beat"] = Prose.Escape(scene.Beat.TrimEnd('.'));
        phrases.Scene["p"] = Here(scene, chapter).Name;
        Remember("past", index, beat, -1);
        Remember("older", index, beat, -5);
        if (index + 1 < outline.Chapters.Count && Here(scenes[index + 1][0], outline.Chapters[index + 1]) != Here(scene, chapter))
        {
            phrases.Scene["np"] = Here(scenes[index + 1][0], outline.Chapters[index + 1]).Name;
        }
    }

    /// <summary>An earlier beat as a noun ("the bargain with the ferryman"), for a slot of that name.</summary>
    private void Remember(string slot, int index, int beat, int back)
    {
        var all = scenes.SelectMany((c, i) => c.Select((s, b) => (Scene: s, At: (i * 100) + b))).ToList();
        var now = all.FindIndex(s => s.At == (index * 100) + beat);
        if (now + back >= 0 && all[now + back].Scene is { Kind: { } kind } scene)
        {
            phrases.Scene[slot] = world.Library.Entries($"{kind.Name}.memory") is [var memory, ..]
                ? Filled(memory, scene.Words) : "";
        }
    }

    private string Filled(Template template, IReadOnlyDictionary<string, string> words)
    {
        var to = new System.Text.StringBuilder();
        template.Expand(to, slot => words.GetValueOrDefault(slot) ?? world.Words.GetValueOrDefault(slot) ?? slot, phrases.Dice);
        return to.ToString();
    }

    /// <summary>A paragraph that the book has had, with a lead of its own: for books longer than the lists reach.</summary>
    private string? Again(string list, int room) =>
        phrases.Draw("again", 14) is { } lead && phrases.Draw(list, room) is { } old ? $"{lead} {old}" : null;

    private List<string> Show(Scene scene, int budget)
    {
        var name = scene.Kind?.Name ?? "foreign";
        var parts = Stages.Select(stage => phrases.Draw($"{name}.{stage}", fresh: true) ?? (stage == "talk" ? phrases.Draw($"{name}.tell") : null) ?? "").ToList();
        foreach (var optional in new[] { 1, 0, 3, 2 })
        {
            if (parts.Sum(Phrasebook.Words) > budget * 1.06 + 6)
            {
                parts[optional] = "";
            }
        }

        var tense = scene.Kind?.Tags.Contains("tense") ?? false;
        var after = Stages.Select(_ => new List<string>()).ToList();
        var gap = budget - parts.Sum(Phrasebook.Words);
        for (var (k, misses) = (0, 0); gap > 16 && misses < 16; k++)
        {
            turn++;
            var slot = k % Fillers.Length;
            var category = tense ? Tense[k % Tense.Length] : Fillers[slot][turn / 2 % Fillers[slot].Length];
            var list = category switch { "look" => $"look.{world.Place(phrases.Scene["p"]).Terrain}", "motif" => $"motif.{motif}", _ => category };
            var filler = phrases.Draw(list, gap + 10, fresh: true);
            if (filler is null && misses > 7 && (category is "look" or "think" or "road"))
            {
                filler = Again(list, gap);
            }

            if (filler is null)
            {
                misses++;
                continue;
            }

            if (k == 9 && gap > 150 && !tense && phrases.Draw("interlude") is { } interlude)
            {
                after[^1].Add("***");
                after[^1].Add(interlude);
                gap -= Phrasebook.Words(interlude);
            }

            after[k >= 9 && !tense ? ^1 : slot].Add(filler);
            gap -= Phrasebook.Words(filler);
        }

        return [.. parts.Zip(after).SelectMany(p => p.Second.Prepend(p.First)).Where(p => p.Length > 0)];
    }
}
