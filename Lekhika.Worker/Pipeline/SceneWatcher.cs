using System.Text;
using System.Text.RegularExpressions;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Finds the ends of scenes in a text that arrives in pieces: a thematic break (CommonMark 0.31, section 4.1) on a line of its own. A
/// scene is given out once the first letter of the next one is there, so that it keeps all of the white space behind its break.
/// </summary>
/// <param name="before">Scenes that are there already.</param>
internal sealed partial class SceneWatcher(int before)
{
    /// <summary>More than a break and its surroundings have characters, so that each piece costs little however long the scene is.</summary>
    private const int Reach = 200;

    private readonly StringBuilder _open = new();
    private bool _mayEnd;
    private int _scenes = before;

    /// <summary>The scenes that have ended with this piece, each with its number.</summary>
    public IReadOnlyList<(int Number, string Content)> Add(string piece)
    {
        var looked = Math.Max(0, _open.Length - Reach);
        _open.Append(piece);
        // A break ends with its line, and counts when a letter follows: nothing else can end a scene.
        if (!_mayEnd && !piece.Contains('\n', StringComparison.Ordinal))
        {
            return [];
        }

        var text = _open.ToString();
        List<(int, string)> ended = [];
        var start = 0;
        for (var found = Break().Match(text, looked); found.Success; found = found.NextMatch())
        {
            var end = found.Index + found.Length;
            ended.Add((++_scenes, text[start..end]));
            start = end;
        }

        _open.Remove(0, start);
        _mayEnd = _open.Length > 0 && char.IsWhiteSpace(_open[^1]);
        return ended;
    }

    // Behind something, a blank line, the marks, the end of the line and all white space, before a letter.
    [GeneratedRegex(@"(?<=\S[ \t]*\r?\n[ \t]*\r?\n) {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\r?\n\s*(?=\S)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Break();
}
