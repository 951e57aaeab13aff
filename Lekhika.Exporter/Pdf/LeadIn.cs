using System.Globalization;
using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// A paragraph that opens a chapter or a scene, taken apart for what a designer does with it: a dropped capital, first words
/// in small capitals. Only scripts with capitals have it (Latin, Greek, Cyrillic), and only sentences that begin with a letter.
/// </summary>
/// <param name="Opening">The quotation mark before the first letter; mostly empty.</param>
/// <param name="Capital">The letter to be dropped; empty: none.</param>
/// <param name="Words">Words after it, as many as can stand beside a dropped capital.</param>
/// <param name="Rest">What follows, its space before it included.</param>
internal sealed record LeadIn(string Opening, string Capital, IReadOnlyList<LeadWord> Words, IReadOnlyList<Inline> Rest)
{
    private const int WordsBesideCapital = 60;
    private const int SmallCapsWords = 4;
    private const int SmallCapsCharacters = 26;

    /// <summary>Shorter paragraphs surely have no dropped capital: it would hang below them. Of the others the template knows which have lines enough.</summary>
    private const int LeastCharacters = 100;

    /// <summary>The lead-in of a chapter, or null when its first block is none.</summary>
    public static LeadIn? Of(IReadOnlyList<Block> blocks, BookDesign design) =>
        (design.DropCaps || design.SmallCapsLeadIn) && blocks is [Paragraph p, ..]
            ? Of(p, design.DropCaps && !p.Content.Any(inline => inline is LineBreak) && PlainText.Of(p.Content).Length >= LeastCharacters, design.SmallCapsLeadIn)
            : null;

    /// <summary>The lead-in of a scene, or null when the paragraph is none.</summary>
    public static LeadIn? OfScene(Paragraph paragraph) => Of(paragraph, dropped: false, smallCaps: true);

    private static LeadIn? Of(Paragraph paragraph, bool dropped, bool smallCaps)
    {
        if (paragraph.Content is not [Core.Manuscripts.Text first, ..])
        {
            return null;
        }

        var text = first.Value;
        var opening = text.Length > 1 && IsOpening(text[0]) ? StringInfo.GetNextTextElement(text) : "";
        if (opening.Length > 0 && text.Length > opening.Length && text[opening.Length] is '\u00A0' or '\u202F')
        {
            // French sets a space that does not break between the mark and the word.
            opening += text[opening.Length];
        }

        var letter = opening.Length < text.Length ? StringInfo.GetNextTextElement(text, opening.Length) : "";
        if (letter.Length == 0 || !HasCapitals(Rune.GetRuneAt(letter, 0)) || !Rune.IsUpper(Rune.GetRuneAt(letter, 0)))
        {
            return null;
        }

        var capital = dropped ? letter : "";
        var kept = dropped ? text[(opening.Length + letter.Length)..] : text;
        var (words, rest) = Taken([new Core.Manuscripts.Text(kept), .. paragraph.Content.Skip(1)], dropped ? WordsBesideCapital : SmallCapsWords);
        return new(dropped ? opening : "", capital, smallCaps ? Marked(words) : words, rest);
    }

    /// <summary>The first words, each with what hangs on it, and what follows them.</summary>
    private static (List<LeadWord> Words, List<Inline> Following) Taken(List<Inline> inlines, int most)
    {
        var words = new List<LeadWord>();
        var open = new List<Inline>();
        for (var i = 0; i < inlines.Count; i++)
        {
            var (text, wrap) = inlines[i] switch
            {
                Core.Manuscripts.Text t => (t.Value, (Func<string, Inline>)(s => new Core.Manuscripts.Text(s))),
                Emphasis { Content: [Core.Manuscripts.Text t] } => (t.Value, s => new Emphasis([new Core.Manuscripts.Text(s)])),
                Strong { Content: [Core.Manuscripts.Text t] } => (t.Value, s => new Strong([new Core.Manuscripts.Text(s)])),
                _ => (null!, null!),
            };
            if (text is null)
            {
                open.Add(inlines[i]);
                continue;
            }

            var at = 0;
            for (var space = text.IndexOf(' ', StringComparison.Ordinal); space >= 0; space = text.IndexOf(' ', at))
            {
                Add(text[at..space], wrap);
                words.Add(new([.. open], false));
                open.Clear();
                at = space + 1;
                if (words.Count == most)
                {
                    List<Inline> rest = at < text.Length ? [wrap(text[at..])] : [];
                    return (words, [.. rest, .. inlines.Skip(i + 1)]);
                }
            }

            Add(text[at..], wrap);
        }

        words.Add(new([.. open], false));
        return (words, []);

        void Add(string text, Func<string, Inline> wrap)
        {
            if (text.Length > 0)
            {
                open.Add(wrap(text));
            }
        }
    }

    /// <summary>The first few words up to a mark that ends a phrase.</summary>
    private static List<LeadWord> Marked(List<LeadWord> words)
    {
        var length = 0;
        for (var i = 0; i < words.Count && i < SmallCapsWords; i++)
        {
            var text = PlainText.Of(words[i].Content);
            length += text.Length;
            if ((i > 0 && length > SmallCapsCharacters) || words[i].Content.Any(inline => inline is not Core.Manuscripts.Text))
            {
                break;
            }

            words[i] = words[i] with { IsSmallCaps = true };
            if (text.Length > 0 && char.IsPunctuation(text[^1]))
            {
                break;
            }
        }

        return words;
    }

    private static bool IsOpening(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.InitialQuotePunctuation || c is '"' or '\'' or '„' or '‚' or '¿' or '¡';

    private static bool HasCapitals(Rune rune) => rune.Value is < 0x250 or (>= 0x370 and < 0x530) or (>= 0x1E00 and < 0x2000);
}

/// <summary>A word of a lead-in.</summary>
internal sealed record LeadWord(IReadOnlyList<Inline> Content, bool IsSmallCaps);
