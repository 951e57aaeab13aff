using System.Text;
using System.Text.RegularExpressions;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// Draws filled templates from the library's lists. Of each list the entry used longest ago comes first, and an entry that
/// would say a long sentence again is filled anew or passed over: so a book repeats itself as little as its lists allow.
/// </summary>
internal sealed partial class Phrasebook(World world, Dice dice)
{
    private const int LongSentence = 9;
    private const int ShortParagraph = 12;
    private const int Unbearable = 1000;
    private readonly Dictionary<string, List<int>> decks = new(StringComparer.Ordinal);
    private readonly HashSet<Template> spent = [];
    private readonly Dictionary<string, int> said = new(StringComparer.Ordinal);
    private Dictionary<string, string> frame = new(StringComparer.Ordinal);

    /// <summary>The words of the scene at hand: its people ("s" …), place and things.</summary>
    public Dictionary<string, string> Scene { get; } = new(StringComparer.Ordinal);

    /// <summary>The people of the scene at hand by slot.</summary>
    public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);

    /// <summary>The dice of this phrasebook, for choices that are not drawn from a list.</summary>
    public Dice Dice => dice;

    /// <summary>A filled entry of the list with at most <paramref name="room"/> words, or null when the list has none that fits the scene.</summary>
    /// <param name="fresh">Rather nothing than something that was said before.</param>
    public string? Draw(string list, int room = int.MaxValue, bool fresh = false)
    {
        var entries = world.Library.Entries(list);
        var deck = Deck(list, entries.Count);
        (string Text, int Index, int Cost)? best = null;
        for (var i = 0; i < deck.Count && best is not { Cost: 0 } && !(i > 12 && best is not null); i++)
        {
            var entry = entries[deck[i]];
            if ((fresh && spent.Contains(entry)) || !entry.Slots.All(CanFill))
            {
                continue;
            }

            for (var attempt = 0; attempt < 5 && best is not { Cost: 0 }; attempt++)
            {
                var text = attempt > 1 ? Reword(Expand(entry)) : Expand(entry);
                if (Words(text) > room)
                {
                    break;
                }

                var cost = Repeatable(text).Sum(Cost);
                best = best is null || cost < best.Value.Cost ? (text, i, cost) : best;
                if (cost >= Unbearable && attempt == 4)
                {
                    spent.Add(entry);
                }
            }
        }

        if (best is not { } found || (fresh && found.Cost >= Unbearable))
        {
            return null;
        }

        var index = deck[found.Index];
        deck.RemoveAt(found.Index);
        deck.Add(index);
        foreach (var piece in Repeatable(found.Text))
        {
            said[piece] = said.GetValueOrDefault(piece) + 1;
        }

        return found.Text;
    }

    /// <summary>The same in other words, where the list of such words has any; half of them, by the dice, so that it differs each time.</summary>
    private string Reword(string text)
    {
        foreach (var (words, others) in world.Library.Rewordings)
        {
            if (dice.Next(2) == 0)
            {
                text = words.Replace(text, others);
            }
        }

        return text;
    }

    /// <summary>One template filled with the scene's words, printed paragraphs parted by empty lines.</summary>
    public string Expand(Template template)
    {
        frame = new(StringComparer.Ordinal);
        return Print(template);
    }

    /// <summary>The template filled, unfinished: for beats, which are read again.</summary>
    public string Raw(Template template)
    {
        frame = new(StringComparer.Ordinal);
        var to = new StringBuilder();
        template.Expand(to, Fill, dice);
        return to.ToString();
    }

    public static int Words(string text) => Core.Manuscripts.WordCount.Of(text);

    /// <summary>Whether this scene knows the slot's word.</summary>
    public bool CanFill(string slot)
    {
        slot = slot.EndsWith(".the", StringComparison.Ordinal) ? slot[..^4] : slot;
        return Known(slot) is not null || world.Library.Entries(ListOf(slot)).Count > 0;
    }

    private string ListOf(string slot) => slot == "sign" ? $"{world.Plot.Name}.sign" : slot.Split('#')[0];

    /// <summary>A short line may come again, a long sentence once; a paragraph never.</summary>
    private int Cost(string piece) => said.GetValueOrDefault(piece) switch
    {
        0 => 0,
        1 when piece[0] != '¶' || Words(piece) <= ShortParagraph => 1,
        _ => Unbearable,
    };

    /// <summary>What a reader would notice when it came a second time: long sentences, and every paragraph but the shortest.</summary>
    private static IEnumerable<string> Repeatable(string text) =>
        Prose.Sentences(text).Where(s => Words(s) >= LongSentence).Concat(text.Split("\n\n").Where(p => Words(p) >= LongSentence / 2).Select(p => $"¶{p}"));

    private string Print(Template template)
    {
        var to = new StringBuilder();
        template.Expand(to, Fill, dice);
        return string.Join("\n\n", Prose.Paragraphs(to.ToString()));
    }

    private string Fill(string slot)
    {
        if (Known(slot) is { } known)
        {
            return known;
        }

        if (!frame.TryGetValue(slot, out var drawn))
        {
            var list = ListOf(slot);
            var entries = world.Library.Entries(list);
            var deck = Deck(list, entries.Count);
            var at = deck.FindIndex(i => entries[i].Slots.All(CanFill));
            var index = deck[Math.Max(at, 0)];
            deck.Remove(index);
            deck.Add(index);
            var to = new StringBuilder();
            entries[index].Expand(to, Fill, dice);
            frame[slot] = drawn = to.ToString();
        }

        return drawn;
    }

    /// <summary>Fills "clue.the" by naming again what "clue" has introduced: "a key with a number filed off" is now "the key".</summary>
    private static string Again(string thing)
    {
        var cut = Qualifier().Match(thing);
        thing = cut.Success ? thing[..cut.Index] : thing;
        return thing.Split(' ', 2) is ["a" or "an", var noun] ? $"the {noun}" : thing;
    }

    private string? Known(string slot)
    {
        if (slot.EndsWith(".the", StringComparison.Ordinal))
        {
            return Again(Fill(slot[..^4]));
        }

        if (Scene.TryGetValue(slot, out var word) || world.Words.TryGetValue(slot, out word))
        {
            return word;
        }

        var dot = slot.IndexOf('.');
        return People.TryGetValue(dot < 0 ? slot : slot[..dot], out var person) ? World.Word(person, dot < 0 ? null : slot[(dot + 1)..]) : null;
    }

    [GeneratedRegex(@",| (?:in|with|that|of a|on|signed|made|behind|filed|at|to|from|for|wearing|teaching|moored|standing|as|each|by|gone|over|not|so|which|whose|and)\b", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Qualifier();

    private List<int> Deck(string list, int count) =>
        decks.TryGetValue(list, out var deck) ? deck : decks[list] = [.. dice.Permutation(count)];
}
