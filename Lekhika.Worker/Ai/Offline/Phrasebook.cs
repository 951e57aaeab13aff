using System.Text.RegularExpressions;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// Draws filled templates from the library's lists. Of each list the entry used longest ago comes first, and an entry that
/// would say a long sentence again is filled anew, in other words, or passed over: a book repeats itself as little as its lists allow.
/// </summary>
internal sealed class Phrasebook(Library library, Dice dice)
{
    /// <summary>The cost of a text at which it may not be said again.</summary>
    public const int Unbearable = 1000;
    private const int Attempts = 5;
    private readonly Dictionary<string, List<Template>> _decks = new(StringComparer.Ordinal);
    private readonly HashSet<Template> _spent = [];
    private readonly Dictionary<string, int> _said = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _otherWords = library.Texts("reword").Select(l => l.Split(" = ")).ToLookup(p => p[0], p => p[1], StringComparer.Ordinal);
    private readonly Regex _rewordable = new($@"(?<!\p{{L}})(?:{string.Join('|', library.Texts("reword").Select(l => Regex.Escape(l.Split(" = ")[0])))})(?!\p{{L}})", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));
    private Dictionary<string, string> _frame = [];

    /// <summary>What the scene at hand puts into the slots; other slots are filled from the list of their name.</summary>
    public Dictionary<string, string> Words { get; set; } = [];

    /// <summary>A printed entry of the list with at most <paramref name="room"/> words, or null when the list has none that fits the scene.</summary>
    /// <param name="cost">Rather nothing than something of this cost, which is 1 for each short paragraph or sentence that was said before.</param>
    public string? Draw(string list, int room = int.MaxValue, int cost = int.MaxValue)
    {
        (Template Entry, string Text, int Cost)? best = null;
        foreach (var entry in Deck(list).Where(e => best is not { Cost: 0 } && (cost == int.MaxValue || !_spent.Contains(e)) && e.Slots.All(CanFill)))
        {
            for (var attempt = 0; attempt < Attempts && best is not { Cost: 0 }; attempt++)
            {
                var text = Prose.Print(Fill(entry));
                text = attempt > 1 ? _rewordable.Replace(text, m => dice.Next(2) == 0 ? dice.Pick([.. _otherWords[m.Value]]) : m.Value) : text;
                if (WordCount.Of(text) > room)
                {
                    break;
                }

                var own = Repeatable(text).Sum(Cost);
                best = best is null || own < best.Value.Cost ? (entry, text, own) : best;
                if (own >= cost && attempt == Attempts - 1)
                {
                    _spent.Add(entry);
                }
            }
        }

        if (best is not { } found || found.Cost >= cost)
        {
            return null;
        }

        Deck(list).Remove(found.Entry);
        Deck(list).Add(found.Entry);
        foreach (var piece in Repeatable(found.Text))
        {
            _said[piece] = _said.GetValueOrDefault(piece) + 1;
        }

        return found.Text;
    }

    /// <summary>A template with its slots filled, not yet print.</summary>
    public string Fill(Template template)
    {
        _frame = [];
        return template.Fill(Word, dice);
    }

    public string Fill(string template) => Fill(new Template(template));

    private bool CanFill(string slot) => Words.ContainsKey(slot) || library.Entries(slot).Count > 0;

    private string Word(string slot)
    {
        if (!Words.TryGetValue(slot, out var word) && !_frame.TryGetValue(slot, out word))
        {
            var entry = Deck(slot).Find(e => e.Slots.All(CanFill)) ?? throw new InvalidOperationException($"The offline author's data have nothing for '{slot}'.");
            Deck(slot).Remove(entry);
            Deck(slot).Add(entry);
            _frame[slot] = word = entry.Fill(Word, dice);
        }

        return word;
    }

    /// <summary>A short paragraph or a long sentence may come again once, with reluctance; a long paragraph never.</summary>
    private int Cost(string piece) => !_said.TryGetValue(piece, out var times) ? 0 : times > 1 || (piece[0] == '¶' && WordCount.Of(piece) > 12) ? times * Unbearable : times;

    /// <summary>What a reader would notice when it came a second time: long sentences, and every paragraph but the shortest.</summary>
    private static IEnumerable<string> Repeatable(string text) =>
        Prose.Sentences(text).Where(s => WordCount.Of(s) > 8).Concat(text.Split("\n\n").Where(p => WordCount.Of(p) > 3).Select(p => $"¶{p}"));

    private List<Template> Deck(string list) => _decks.TryGetValue(list, out var deck) ? deck : _decks[list] = dice.Shuffle(library.Entries(list));
}
