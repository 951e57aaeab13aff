using System.Text.RegularExpressions;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>A person as somebody mentions one; null is what is not said.</summary>
internal sealed record Mention(string Name, bool? Woman, string? Trade);

/// <summary>
/// What a brief plainly says: people in the order in which they are named, places with their article ("the Lantern City"), the goal
/// ("carry the last flame across the marsh"), the thing it is about ("the last flame"), and what a book of non-fiction is about.
/// Found by the look of the words, without understanding.
/// </summary>
internal sealed partial class Premise
{
    /// <summary>More of a premise is not read: names stand at its beginning, and a model's window ends too.</summary>
    private const int Read = 4000;

    private readonly Library _library;
    private readonly string _text;

    public Premise(Brief brief, Library library)
    {
        _library = library;
        _text = Prose.Escape(brief.Premise.Length > Read ? brief.Premise[..Read] : brief.Premise);
        var common = _library.Texts("common").SelectMany(l => l.Split(' ')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Names.Matches(_text))
        {
            var all = match.Groups["name"].Value.Split(' ');
            var words = all.SkipWhile(w => common.Contains(w.Split('\'', '’')[0])).ToArray();
            var name = string.Join(' ', words).Split(["'s", "’s"], StringSplitOptions.None)[0];
            var first = name.Split(' ')[0];
            var the = match.Groups["the"].Success && words.Length == all.Length;
            if (words.Length is > 0 and <= 5 && (match.Groups["in"].Success || _library.Class("terrains", name) is not null))
            {
                Places.Add(the ? $"the {name}" : name);
            }
            else if (!the && words.Length is 1 or 2 && !People.Exists(p => p.Name == first) && IsPerson(match, words.Length == all.Length, first))
            {
                People.Add(new Mention(first, Woman(first, match.Index), Trade(name)));
            }
        }

        Goal = Found(Goals.Match(_text));
        Thing = Found(Things.Match(Goal ?? ""));
        Topic = Found(Topics.Match($"{Prose.Escape(brief.Title)}. {_text}")) ?? Prose.Escape(brief.Title.Split(':')[0].Trim());
    }

    public List<Mention> People { get; } = [];
    public List<string> Places { get; } = [];
    public string? Goal { get; }
    public string? Thing { get; }
    public string Topic { get; }

    [GeneratedRegex(@"(?<start>(?<=(?:^|[.!?:;""“\n])\s*))?(?:\b(?<in>(?i:in|near|across|through|at|into|outside|beyond|under)) )?(?<the>\b[Tt]he )?\b(?<name>\p{Lu}[\p{L}'’-]+(?: (?:of (?:the )?)?\p{Lu}[\p{L}'’-]+)*)(?<after>(?=,| (?:and|is|was|has|must|will|who|[a-z]+s)\b))?", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Names { get; }
    [GeneratedRegex(@"\b(?:(?<she>she|her)|he|his|him)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 2000)] private static partial Regex Pronouns { get; }
    [GeneratedRegex(@"\b(?:must|has to|sets? out to|tries to|wants to|needs to|vows to|is hired to|is sent to) (?<what>[a-z][^.;:!?,\n]{7,90})", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Goals { get; }
    [GeneratedRegex(@"^(?:carry|find|steal|return|protect|deliver|recover|bring|guard|retrieve|hide|take|keep) (?<what>(?:the|a|an) (?:[\w'’-]+ ){0,2}?[\w'’-]+?)(?= (?:across|to|before|from|through|home|back|into|and|of|in|at|that|which|safe|out)\b|$)", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Things { get; }
    [GeneratedRegex(@"\b(?:about|how to|guide to|art of|introduction to) (?<what>[^.,;:!?\n]{3,60})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 2000)] private static partial Regex Topics { get; }

    private static string? Found(Match match) => match.Success ? match.Groups["what"].Value.Trim() : null;

    /// <summary>Every sentence begins with a capital, so there a name must be known or go on like one.</summary>
    private bool IsPerson(Match match, bool first, string name) =>
        !(first && match.Groups["start"].Success) || match.Groups["after"].Success || _library.Has("women", name) || _library.Has("men", name);

    private bool? Woman(string name, int at) =>
        _library.Has("women", name) ? true : Pronouns.Match(_text, at) is { Success: true } pronoun ? pronoun.Groups["she"].Success : _library.Has("men", name) ? false : null;

    private string? Trade(string name) =>
        Found(Regex.Match(_text, $@"{name}, (?:an?|the) (?<what>[a-z][a-z -]{{2,40}}?)(?=,|\.| who\b| whose\b| in\b| of\b| from\b| at\b| with\b| must\b| and\b)|\b[Aa]n? (?<what>[a-z][a-z -]{{2,40}}?),? (?:named|called) {name}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2)));
}
