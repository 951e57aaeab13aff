using System.Text.RegularExpressions;
using Lekhika.Core.Planning;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>What a brief plainly says: names with their sex and trade, places, the goal. Found by the look of the words, without understanding.</summary>
internal sealed partial class PremiseReader
{
    /// <summary>More of a premise is not read: names stand at its beginning, and a model's window ends too.</summary>
    private const int Read = 4000;

    private readonly Library library;
    private readonly string text;

    public PremiseReader(Brief brief, Library library)
    {
        this.library = library;
        text = brief.Premise.Length > Read ? brief.Premise[..Read] : brief.Premise;
        FindNames();
        var goal = GoalPattern().Match(text);
        Goal = goal.Success ? goal.Groups["goal"].Value.Trim() : null;
        var thing = Goal is null ? null : ThingPattern().Match(Goal);
        Thing = thing is { Success: true } ? thing.Groups["thing"].Value : null;
        var topic = TopicPattern().Match($"{brief.Title}. {text}");
        Topic = topic.Success ? topic.Groups["topic"].Value.Trim() : brief.Title.Split(':')[0].Trim();
    }

    /// <summary>People in the order in which they are named, with the pronoun that follows them most and the trade, where the premise tells them.</summary>
    public List<(string Name, bool? Woman, string? Trade)> People { get; } = [];

    /// <summary>Places, with their article ("the Lantern City").</summary>
    public List<string> Places { get; } = [];

    /// <summary>What the protagonist must do, as a verb phrase ("carry the last flame across the marsh").</summary>
    public string? Goal { get; }

    /// <summary>The thing the goal is about ("the last flame").</summary>
    public string? Thing { get; }

    /// <summary>What a book of non-fiction is about.</summary>
    public string Topic { get; }

    /// <summary>The kind of country a place's name speaks of: town, water, wild, hall or ship; null when it does not say.</summary>
    public static string? Terrain(string place, Library library)
    {
        var words = place.Split([' ', '-', '’', '\''], StringSplitOptions.RemoveEmptyEntries);
        return library.Sources("terrains").Select(line => line.Split(": "))
            .FirstOrDefault(t => t[1].Split(' ').Any(end => words.Any(w => w.TrimEnd('s').EndsWith(end.TrimEnd('s'), StringComparison.OrdinalIgnoreCase))))?[0];
    }

    private void FindNames()
    {
        var common = library.Sources("common").SelectMany(l => l.Split(' ')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = library.Sources("women").Concat(library.Sources("men")).ToHashSet(StringComparer.Ordinal);
        foreach (Match match in NamePattern().Matches(text))
        {
            var words = match.Value.Split(' ').SkipWhile(common.Contains).ToArray();
            if (words.Length is 0 or > 5)
            {
                continue;
            }

            var name = string.Join(' ', words);
            name = name.EndsWith("'s", StringComparison.Ordinal) || name.EndsWith("’s", StringComparison.Ordinal) ? name[..^2] : name;
            var start = match.Index + match.Length - string.Join(' ', words).Length;
            var before = text[Math.Max(0, start - 24)..start].TrimEnd().Split(' ');
            var article = before[^1].Equals("the", StringComparison.OrdinalIgnoreCase);
            var preposition = before.Length > (article ? 1 : 0) && PlaceWords.Contains(before[article ? ^2 : ^1]);
            if (Terrain(name, library) is not null || preposition)
            {
                var place = article ? $"the {name}" : name;
                if (!Places.Contains(place, StringComparer.Ordinal))
                {
                    Places.Add(place);
                }
            }
            else if (!article && words.Length <= 2 && People.TrueForAll(p => p.Name != words[0]) && (known.Contains(words[0]) || start > 0 && !SentenceBreak().IsMatch(text[..start]) || AfterName().IsMatch(text[(start + name.Length)..])))
            {
                People.Add((name.Split(' ')[0], Woman(name, start), Trade(name)));
            }
        }
    }

    private static readonly HashSet<string> PlaceWords = new(["in", "near", "across", "through", "at", "into", "outside", "beyond", "under"], StringComparer.Ordinal);

    private bool? Woman(string name, int at)
    {
        if (library.Sources("women").Contains(name.Split(' ')[0], StringComparer.Ordinal))
        {
            return true;
        }

        var pronoun = Pronoun().Match(text, at);
        return pronoun.Success ? pronoun.Value[0] is 's' or 'S' || pronoun.Value.Equals("her", StringComparison.OrdinalIgnoreCase) : library.Sources("men").Contains(name.Split(' ')[0], StringComparer.Ordinal) ? false : null;
    }

    private string? Trade(string name)
    {
        var match = Regex.Match(text, $@"{Regex.Escape(name)}, (?:an?|the) (?<t>[a-z][a-z -]{{2,40}}?)(?=,|\.| who\b| whose\b| in\b| of\b| from\b| at\b| with\b| must\b| and\b)|\b[Aa]n? (?<t>[a-z][a-z -]{{2,40}}?),? (?:named|called) {Regex.Escape(name)}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return match.Success ? match.Groups["t"].Value : null;
    }

    [GeneratedRegex(@"\p{Lu}[\p{L}'’-]+(?: (?:of (?:the )?)?\p{Lu}[\p{L}'’-]+)*", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(?:^|[.!?:;""“\n])\s*$", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex SentenceBreak();

    [GeneratedRegex(@"^(?:,| (?:and|is|was|has|must|will|who|[a-z]+s)\b)", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex AfterName();

    [GeneratedRegex(@"\b(?:she|her|he|his|him)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Pronoun();

    [GeneratedRegex(@"\b(?:must|has to|sets? out to|tries to|wants to|needs to|vows to|is hired to|is sent to) (?<goal>[a-z][^.;:!?,\n]{7,90})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex GoalPattern();

    [GeneratedRegex(@"^(?:carry|find|steal|return|protect|deliver|recover|bring|guard|retrieve|hide|take|keep) (?<thing>(?:the|a|an) (?:[\w'’-]+ ){0,2}?[\w'’-]+?)(?= (?:across|to|before|from|through|home|back|into|and|of|in|at|that|which|safe|out)\b|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex ThingPattern();

    [GeneratedRegex(@"\b(?:about|how to|guide to|art of|introduction to) (?<topic>[^.,;:!?\n]{3,60})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex TopicPattern();
}
