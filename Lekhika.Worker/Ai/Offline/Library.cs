using System.Text.RegularExpressions;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>What a story is about: a threat, a thing to guard, a secret; and the genre it belongs to. Its lists are named after it (hush.threat …).</summary>
internal sealed record Plot(string Name, string Genre);

/// <summary>A kind of scene, such as a bargain: when in a story it may happen, and its lists (beat, tell, after, memory, title and the stages).</summary>
internal sealed record SceneKind(string Name, IReadOnlySet<string> Tags)
{
    public IReadOnlyList<Template> Beats { get; init; } = [];
}

/// <summary>
/// The word and phrase lists of the data files. <c>[name]</c> opens a list, one entry a line; <c>[name@genre]</c> takes the list's
/// place in that genre and <c>[name+genre]</c> adds to it; <c>[kind name: tags]</c> opens a kind of scene and
/// <c>[plot name: genre]</c> a plot, whose lines are <c>key: entry</c> and fill the list <c>name.key</c>. Lines that begin with <c>#</c> are notes.
/// </summary>
internal sealed class Library
{
    public static readonly string[] Genres = ["fantasy", "mystery", "romance", "scifi", "nonfiction", "general"];

    /// <summary>A genre's own telling of a turn of the arc takes the place of the general one.</summary>
    private static readonly string[] Turns = ["opening", "summons", "threshold", "joining", "turning", "dark", "climax", "resolution"];

    private static readonly Lazy<IReadOnlyDictionary<string, Library>> All = new(() =>
        Genres.ToDictionary(g => g, g => new Library(g, Lines()), StringComparer.Ordinal));

    private readonly Dictionary<string, List<Template>> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> sources = new(StringComparer.Ordinal);

    private Library(string genre, IEnumerable<string> lines)
    {
        var kinds = new List<SceneKind>();
        var plots = new List<Plot>();
        var replaced = new HashSet<string>(StringComparer.Ordinal);
        string? list = null;
        string? block = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("[kind ", StringComparison.Ordinal))
            {
                var head = line[6..^1].Split(": ");
                block = head[0];
                kinds.Add(new SceneKind(block, head[1].Split(' ').ToHashSet(StringComparer.Ordinal)));
            }
            else if (line.StartsWith("[plot ", StringComparison.Ordinal))
            {
                var head = line[6..^1].Split(": ");
                block = head[0];
                plots.Add(new Plot(block, head[1]));
            }
            else if (line.StartsWith('[') && line.EndsWith(']') && !line.Contains('|'))
            {
                block = null;
                list = Opened(line[1..^1], genre, replaced);
            }
            else if (block is not null)
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                Add($"{block}.{line[..colon]}", line[(colon + 2)..]);
            }
            else if (list is not null)
            {
                Add(list, line);
            }
        }

        Rewordings = [.. Sources("reword").Select(l => l.Split(" = ")).Select(p => (new Regex($@"(?<!\p{{L}}){Regex.Escape(p[0])}(?!\p{{L}})", RegexOptions.CultureInvariant | RegexOptions.Compiled, TimeSpan.FromSeconds(1)), p[1]))];
        Plots = [.. plots.Where(p => p.Genre == genre)];
        Kinds = [.. kinds.Where(k => !k.Tags.Overlaps(Genres) || k.Tags.Contains(genre)).Where(k => !k.Tags.Overlaps(Turns) || k.Tags.Contains(genre) || !kinds.Exists(o => o.Tags.Contains(genre) && o.Tags.Overlaps(k.Tags.Intersect(Turns)))).Select(k => k with { Beats = Entries($"{k.Name}.beat") })];
    }

    public IReadOnlyList<SceneKind> Kinds { get; }

    public IReadOnlyList<Plot> Plots { get; }

    /// <summary>Words and other words for the same.</summary>
    public IReadOnlyList<(Regex Words, string Others)> Rewordings { get; }

    public static Library For(string genre) => All.Value[genre];

    /// <summary>A list's entries; none when there is no such list.</summary>
    public IReadOnlyList<Template> Entries(string list) => lists.TryGetValue(list, out var entries) ? entries : [];

    /// <summary>A list's entries as they stand in the file.</summary>
    public IReadOnlyList<string> Sources(string list) => sources.TryGetValue(list, out var entries) ? entries : [];

    private static IEnumerable<string> Lines()
    {
        var assembly = typeof(Library).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(".Ai.Offline.Data.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0 && line[0] != '#')
                {
                    yield return line;
                }
            }
        }
    }

    private string? Opened(string head, string genre, HashSet<string> replaced)
    {
        var mark = head.IndexOfAny(['@', '+']);
        var name = mark < 0 ? head : head[..mark];
        var here = mark < 0 || head[(mark + 1)..].Split(' ').Contains(genre, StringComparer.Ordinal);
        if (mark >= 0 && head[mark] == '@' && here && replaced.Add(name))
        {
            lists.Remove(name);
            sources.Remove(name);
        }

        return !here || (mark < 0 && replaced.Contains(name)) ? null : name;
    }

    private void Add(string list, string entry)
    {
        (lists.TryGetValue(list, out var entries) ? entries : lists[list] = []).Add(new Template(entry));
        (sources.TryGetValue(list, out var texts) ? texts : sources[list] = []).Add(entry);
    }
}
