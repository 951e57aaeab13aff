using Lekhika.Core.Manuscripts;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// Tells the chapters of one book, always from the first to the last: so each knows what has been said before it and does not
/// say it again, although every chapter is asked for on its own.
/// </summary>
internal sealed class Storyteller
{
    private static readonly string[] Stages = ["open", "block", "talk", "turn", "end"];
    private static readonly int[] DroppedFirst = [1, 0, 3, 2];
    private static readonly string[] Fillers = ["look", "banter", "road", "think", "banter", "motif", "road", "look", "think", "banter", "road", "motif", "callback"];
    private static readonly string[] Tense = ["look", "think", "tense"];
    private static readonly string[] Hours = ["dawn", "morning", "midday", "afternoon", "evening", "night"];

    private readonly World _world;
    private readonly Outline _outline;
    private readonly Phrasebook _phrases;
    private readonly List<List<Scene>> _scenes;
    private readonly List<Scene> _told = [];
    private readonly string _motif;
    private int _turn;

    public Storyteller(World world, Outline outline, long seed)
    {
        (_world, _outline) = (world, outline);
        _phrases = new Phrasebook(_world.Library, new Dice(seed, "tale"));
        _motif = $"motif.{_phrases.Fill("{motifs}")}";
        var meant = new Outliner(_world, seed).Scenes.ToLookup(s => s.Beat, StringComparer.Ordinal);
        _scenes = [.. _outline.Chapters.Select(c => c.Beats.Select(b => meant[b].FirstOrDefault() ?? Foreign(c, b)).ToList())];
    }

    /// <summary>All chapters, in order, as Markdown. Where there is not room for a scene, its beat is told in a sentence.</summary>
    public IReadOnlyList<string> Tell() => [.. _outline.Chapters.Select((_, index) => Tell(index))];

    private static int Count(IEnumerable<string> text) => text.Sum(t => WordCount.Of(t));

    /// <summary>A beat that somebody else wrote: it is told as it stands.</summary>
    private Scene Foreign(OutlineChapter chapter, string beat)
    {
        var place = chapter.Places is [var first, ..] ? first : _world.Places[0].Name;
        return new Scene("foreign", [], beat, new Dictionary<string, string>(StringComparer.Ordinal) { ["beat"] = Prose.Escape(beat.TrimEnd('.')), ["p"] = place }, $"that day at {place}", "", []);
    }

    private string Tell(int index)
    {
        var (chapter, beats, text) = (_outline.Chapters[index], _scenes[index], new List<string>());
        var isLast = index == _outline.Chapters.Count - 1;
        var closing = isLast ? 60 : 32;
        var greatFirst = beats.Index().OrderByDescending(b => b.Item.Tags.Any(t => t is "climax" or "opening" or "resolution")).ThenByDescending(b => b.Index);
        var shown = greatFirst.Take(Math.Max(1, chapter.TargetWords / 200)).Select(b => b.Index).ToList();
        _phrases.Words = _world.Words;
        var weather = _phrases.Fill("{weathers}");
        for (var i = 0; i < beats.Count; i++)
        {
            Enter(index, i, weather);
            var left = shown.Count(s => s >= i);
            var budget = (chapter.TargetWords - Count(text) - closing - (24 * (beats.Count - i - left))) / Math.Max(1, left);
            var lead = text.Count == 0 ? (index == 0 ? "first" : "begin") : beats[i].Words["p"] == _told[^1].Words["p"] ? "later" : "elsewhere";
            text.AddRange(shown.Contains(i) && text.Count > 0 ? ["***"] : []);
            text.AddRange(shown.Contains(i) ? Show(beats[i], lead, budget) : [_phrases.Draw($"{beats[i].Kind}.tell")!]);
            _told.Add(beats[i]);
        }

        var close = isLast ? "close.end" : "close";
        text.Add(_phrases.Draw(close, Math.Max(chapter.TargetWords - Count(text) + 12, 30), cost: Phrasebook.Unbearable) ?? Again(close, 60) ?? _phrases.Draw(close)!);
        return string.Join("\n\n", text);
    }

    /// <summary>Puts the people, the place, the hour and the past of a scene into the phrasebook.</summary>
    private void Enter(int index, int beat, string weather)
    {
        var (chapter, scene) = (_outline.Chapters[index], _scenes[index][beat]);
        var words = _phrases.Words = new(_world.Words, StringComparer.Ordinal) { ["weather"] = weather };
        var hour = Hours[(beat + 1) * (Hours.Length - 1) / (_scenes[index].Count + 1)];
        words["hour"] = _phrases.Fill($"{{hour.{hour}}}");
        words["clock"] = _phrases.Fill($"{{clock.{hour}}}");
        if (!scene.Tags.Contains("alone") && chapter.People.Contains(_world.People["a"].Name))
        {
            var second = (beat + index) % 3 == 2 && chapter.People.Contains(_world.People["b"].Name) && _told.Exists(s => s.Tags.Contains("joining"));
            _world.People[second ? "b" : "a"].Enter(words, "a");
        }

        foreach (var (slot, back) in new[] { ("past", 1), ("older", 5) }.Where(p => _told.Count >= p.Item2))
        {
            words[slot] = _told[^back].Memory;
        }

        foreach (var (slot, word) in scene.Words)
        {
            words[slot] = word;
        }

        if (_scenes.ElementAtOrDefault(index + 1) is { } next && next[0].Words["p"] != words["p"])
        {
            words["np"] = next[0].Words["p"];
        }
    }

    /// <summary>The stages of a scene that fit into the words given, and other paragraphs between them up to that number.</summary>
    private IEnumerable<string> Show(Scene scene, string lead, int budget)
    {
        var opening = _phrases.Draw(lead, budget / 3) ?? _phrases.Draw(lead)!;
        budget -= WordCount.Of(opening);
        var parts = Array.ConvertAll(Stages, stage => _phrases.Draw($"{scene.Kind}.{stage}", cost: Phrasebook.Unbearable) ?? (stage == "talk" ? _phrases.Draw($"{scene.Kind}.tell")! : ""));
        foreach (var optional in DroppedFirst.Where(_ => Count(parts) > (budget * 1.06) + 6))
        {
            parts[optional] = "";
        }

        if (scene.Tags.Contains("alone"))
        {
            _phrases.Words = _phrases.Words.Where(w => w.Key.Split('.')[0] is not ("a" or "b")).ToDictionary(StringComparer.Ordinal);
        }

        var gap = budget - Count(parts);
        for (var (k, misses) = (0, 0); gap > 12 && misses < 26; k++)
        {
            var sort = scene.Tags.Contains("tense") ? Tense[k % Tense.Length] : Fillers[_turn++ % Fillers.Length];
            var list = sort switch { "look" => $"look.{_world.Terrain(_phrases.Words["p"])}", "motif" => _told.Exists(s => s.Tags.Contains("threshold")) ? _motif : "banter", _ => sort };
            var filler = _phrases.Draw(list, gap + 8, cost: 2) ?? (misses > 7 && sort is ("look" or "think" or "road") ? Again(list, gap) : null);
            misses += filler is null ? 1 : 0;
            gap -= WordCount.Of(filler);
            parts[k % 4] = $"{parts[k % 4]}\n\n{filler}".Trim();
        }

        return parts.Where(p => p.Length > 0).Prepend(opening);
    }

    /// <summary>For books longer than the lists reach: a paragraph that was there before, with a lead of its own.</summary>
    private string? Again(string list, int room) =>
        _phrases.Draw("again", 14) is { } lead && _phrases.Draw(list, room) is { } old ? $"{lead} {old}" : null;
}
