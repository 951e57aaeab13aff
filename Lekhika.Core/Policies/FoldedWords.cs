using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lekhika.Core.Policies;

/// <summary>
/// The words of a text, one after another, with their letters folded as Unicode does for comparison without case (one letter to one, and ß to ss).
/// Marks stay: é is not e. A word is a run of letters, marks and digits; in the scripts that are written without blanks (Chinese, Japanese, Thai, Lao,
/// Khmer, Burmese) each letter is one. Characters that nobody sees do not part words. Nothing is normalised: a letter with its mark as one character
/// and as two are different.
/// </summary>
internal ref struct FoldedWords(ReadOnlySpan<char> text)
{
    /// <summary>Longest word that is told from others; what is longer is no phrase's.</summary>
    private const int Longest = 256;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>What of ASCII is in no word.</summary>
    private static readonly SearchValues<char> Between = SearchValues.Create(string.Concat(Enumerable.Range(0, 128).Select(code => (char)code).Where(character => !char.IsAsciiLetterOrDigit(character))));

    private ReadOnlySpan<char> _rest = text;
    private ReadOnlySpan<char> _word;
    private bool _isFolded;
    private readonly char[] _letters = new char[Longest];

    /// <summary>The word; valid until the next one.</summary>
    public ReadOnlySpan<char> Current
    {
        get
        {
            if (!_isFolded)
            {
                _ = Ascii.ToLower(_word, _letters, out var length);
                _word = _letters.AsSpan(0, length);
                _isFolded = true;
            }

            return _word;
        }
    }

    /// <summary>Letters of the word.</summary>
    public readonly int Length => _word.Length;

    /// <summary>A number from 0 to 63 that equal words have alike; for one of at least one letter.</summary>
    public readonly int Mark => MarkOf(_word);

    public static List<string> Of(string text)
    {
        var words = new FoldedWords(text);
        var all = new List<string>();
        while (words.MoveNext())
        {
            all.Add(words.Current.ToString());
        }

        return all;
    }

    /// <summary>Of the first and the last letter, in whichever case they are.</summary>
    public static int MarkOf(ReadOnlySpan<char> word) => ((word[0] | ' ') + (7 * (word[^1] | ' '))) % 64;

    /// <summary>Goes to the next word; false when there is none.</summary>
    public bool MoveNext() => MoveNextPlain() ?? MoveNextFolded();

    /// <summary>Most words of most texts stand between characters of ASCII, are of ASCII themselves and no longer than a phrase's; null when the next one may be none of those.</summary>
    private bool? MoveNextPlain()
    {
        var rest = _rest;
        var start = rest.IndexOfAnyExcept(Between);
        if (start < 0)
        {
            return false;
        }

        var length = rest[start..].IndexOfAnyExcept(Plain);
        var end = length < 0 ? rest.Length : start + length;
        if (start == end || end - start > Longest || (end < rest.Length && !char.IsAscii(rest[end])))
        {
            _rest = rest[start..];
            return null;
        }

        // Most words are no phrase's, by their length and mark alone: only what is asked for is folded.
        _word = rest[start..end];
        _isFolded = false;
        _rest = rest[end..];
        return true;
    }

    private bool MoveNextFolded()
    {
        var (length, isOpen, isAlone) = (0, false, false);
        for (; !_rest.IsEmpty; _rest = _rest[Step(out _)..])
        {
            // Most of most texts; nothing of it is a mark, unseen, or stands alone.
            if (char.IsAscii(_rest[0]))
            {
                var isWord = char.IsAsciiLetterOrDigit(_rest[0]);
                if (isOpen && (isAlone || !isWord))
                {
                    break;
                }

                if (isWord)
                {
                    isOpen = true;
                    length = length + 2 > Longest ? Longest + 1 : length + 1;
                    _letters[Math.Min(length, Longest) - 1] = char.ToLowerInvariant(_rest[0]);
                }

                continue;
            }

            Step(out var rune);
            var (isMark, isLetter) = (IsMark(rune), Rune.IsLetterOrDigit(rune));
            if (isOpen && !isMark && !IsUnseen(rune) && (isAlone || !isLetter || StandsAlone(rune.Value)))
            {
                break;
            }

            if (isMark || isLetter)
            {
                isAlone |= StandsAlone(rune.Value);
                isOpen = true;
                length = Append(rune, length);
            }
        }

        _word = length <= Longest ? _letters.AsSpan(0, length) : [];
        _isFolded = true;
        return isOpen;
    }

    /// <summary>The next character and how long it is; a blank for what is no Unicode.</summary>
    private readonly int Step(out Rune rune)
    {
        if (char.IsAscii(_rest[0]))
        {
            rune = new Rune(_rest[0]);
            return 1;
        }

        if (Rune.DecodeFromUtf16(_rest, out rune, out var length) == OperationStatus.Done)
        {
            return length;
        }

        rune = new Rune(' ');
        return 1;
    }

    private readonly int Append(Rune rune, int length)
    {
        if (rune.Value is 'ß' or 'ẞ')
        {
            return Append(new Rune('s'), Append(new Rune('s'), length));
        }

        if (length + 2 > Longest)
        {
            return Longest + 1;
        }

        // Up and down again: sigma has two small forms.
        return length + Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).EncodeToUtf16(_letters.AsSpan(length));
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static bool StandsAlone(int letter) =>
        letter is (>= 0x0E01 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x30FF)
            or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
