using System.Text;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// Draws filled templates from the library's lists. Of each list the entry used longest ago comes first, and an entry that
/// would say a long sentence again is filled anew or passed over: so a book repeats itself as little as its lists allow.
/// </summary>
internal sealed class Phrasebook(World world, Dice dice)
{
    private const int LongSentence = 9;
    private readonly Dictionary<string, List<int>> decks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> said = new(StringComparer.Ordinal);
    private Dictionary<string, string> frame = new(StringComparer.Ordinal);

    /// <summary>The words of the scene at hand: its people ("s" …), place and things.</summary>
    public Dictionary<string, string> Scene { get; } = new(StringComparer.Ordinal);

    /// <summary>The people of the scene at hand by slot.</summary>
    public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);

    /// <summary>The dice of this phrasebook, for choices that are not drawn from a list.</summary>
    public Dice Dice => dice;

    /// <summary>A filled entry of the list with at most about <paramref name="room"/> words, or null when the list has none that fits the scene.</summary>
    public string? Draw(string list, int room = int.MaxValue)
    {
        var entries = world.Library.Entries(list);
        var deck = Deck(list, entries.Count);
        (string Text, int Index, int Cost)? best = null;
        for (var i = 0; i < deck.Count && best is not { Cost: 0 } && !(i > 24 && best is not null); i++)
        {
            var entry = entries[deck[i]];
            for (var attempt = 0; attempt < 4 && best is not { Cost: 0 } && entry.Slots.All(CanFill); attempt++)
            {
                var text = Expand(entry);
                var cost = Prose.Sentences(text).Where(IsLong).Sum(s => said.GetValueOrDefault(s) * 1000);
                if (Words(text) <= room && (best is null || cost < best.Value.Cost))
                {
                    best = (text, i, cost);
                }
            }
        }

        if (best is not { } found)
        {
            return null;
        }

        var index = deck[found.Index];
        deck.RemoveAt(found.Index);
        deck.Add(index);
        foreach (var sentence in Prose.Sentences(found.Text).Where(IsLong))
        {
            said[sentence] = said.GetValueOrDefault(sentence) + 1;
        }

        return found.Text;
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
    public bool CanFill(string slot) => Known(slot) is not null || world.Library.Entries(ListOf(slot)).Count > 0;

    private string ListOf(string slot) => slot == "sign" ? $"{world.Plot.Name}.sign" : slot.Split('#')[0];

    private static bool IsLong(string sentence) => Words(sentence) >= LongSentence;

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

    private string? Known(string slot)
    {
        if (Scene.TryGetValue(slot, out var word) || world.Words.TryGetValue(slot, out word))
        {
            return word;
        }

        var dot = slot.IndexOf('.');
        return People.TryGetValue(dot < 0 ? slot : slot[..dot], out var person) ? World.Word(person, dot < 0 ? null : slot[(dot + 1)..]) : null;
    }

    private List<int> Deck(string list, int count) =>
        decks.TryGetValue(list, out var deck) ? deck : decks[list] = [.. dice.Permutation(count)];
}
