using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Finds the ends of scenes in a text that arrives in pieces: a thematic break (CommonMark 0.31, section 4.1) on a line of its own. A
/// scene is given out once the first letter of the next one is there, so that it keeps all of the white space behind its break.
/// </summary>
/// <param name="before">Scenes that are there already.</param>
internal sealed partial class SceneWatcher(int before)
{
    // Less than a break and what must stand before it have characters.
    private const int Reach = 100;

    private readonly List<string> _open = [];
    private int _length;
    private bool _mayEnd;
    private int _scenes = before;

    /// <summary>The scenes that have ended with this piece, each with its number.</summary>
    public IReadOnlyList<(int Number, string Content)> Add(string piece)
    {
        var looked = Math.Max(0, _length - Reach);
        _open.Add(piece);
        _length += piece.Length;
        _mayEnd |= MayHoldBreak(piece);
        if (!_mayEnd)
        {
            return [];
        }

        var text = string.Concat(CollectionsMarshal.AsSpan(_open));
        List<(int, string)> ended = [];
        var start = 0;
        for (var found = Break().Match(text, looked); found.Success; found = found.NextMatch())
        {
            var end = found.Index + found.Length;
            ended.Add((++_scenes, text[start..end]));
            start = end;
        }

        _open.Clear();
        _open.Add(text[start..]);
        _length = text.Length - start;
        // Marks at the very end may be the beginning of a break; so may a break be whose next letter has not come.
        _mayEnd = _length > 0 && MayHoldBreak(text.AsSpan(Math.Max(start, text.Length - Reach)));
        return ended;
    }

    /// <summary>Most pieces of a text hold neither two marks in a row nor marks with blanks between them: then there is nothing to look for.</summary>
    private static bool MayHoldBreak(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny('*', '-', '_'); at >= 0; at = text.IndexOfAny('*', '-', '_'))
        {
            var mark = text[at];
            text = text[(at + 1)..];
            var next = text.TrimStart(" \t");
            if (next.IsEmpty || next[0] == mark)
            {
                return true;
            }
        }

        return false;
    }

    // Behind something, a blank line, the marks, the end of the line and all white space, before a letter.
    [GeneratedRegex(@"(?<=\S[ \t]*\r?\n[ \t]*\r?\n) {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\r?\n\s*(?=\S)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Break();
}
