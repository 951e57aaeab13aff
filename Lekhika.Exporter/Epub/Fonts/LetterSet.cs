using System.Buffers;
using System.Numerics;
using System.Text;

namespace Lekhika.Exporter.Epub.Fonts;

/// <summary>The characters of a text, each once. Made for whole books: a character costs a bit and a nanosecond.</summary>
internal sealed class LetterSet
{
    private readonly ulong[] _basic = new ulong[0x10000 / 64];
    private readonly HashSet<int> _others = [];

    public void Add(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (!char.IsSurrogate(letter))
            {
                _basic[letter >> 6] |= 1UL << (letter & 63);
            }
            else if (Rune.DecodeFromUtf16(text[i..], out var rune, out _) == OperationStatus.Done)
            {
                _others.Add(rune.Value);
                i++;
            }
        }
    }

    /// <summary>The characters in Unicode's order.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _basic.Length; i++)
        {
            for (var word = _basic[i]; word != 0; word &= word - 1)
            {
                text.Append((char)((i << 6) + BitOperations.TrailingZeroCount(word)));
            }
        }

        foreach (var other in _others.Order())
        {
            text.Append(new Rune(other).ToString());
        }

        return text.ToString();
    }
}
