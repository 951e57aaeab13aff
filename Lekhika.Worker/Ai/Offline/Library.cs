namespace Lekhika.Worker.Ai.Offline;

/// <summary>A block of the data files: a kind of scene, whose tags say when in a story it may happen, or a plot, whose tag is its genre.</summary>
internal sealed record Block(string Name, IReadOnlyList<string> Tags);

/// <summary>
/// The word and phrase lists of the data files. <c>[name]</c> opens a list, one entry a line; <c>[name@genre]</c> takes the list's
/// place in that genre and <c>[name+genre]</c> adds to it; <c>[kind name: tags]</c> opens a kind of scene and
/// <c>[plot name: genre]</c> a plot, whose lines are <c>key: entry</c> and fill the list <c>name.key</c>. Lines that begin with <c>#</c> are notes.
/// </summary>
internal sealed class Library
{
    private static readonly Lazy<Dictionary<string, List<Template>>> Lists = new(Read);

    private readonly Dictionary<string, IReadOnlyList<Template>> found = new(StringComparer.Ordinal);

    /// <param name="genre">The brief's own word for it, such as "epic fantasy".</param>
    public Library(string genre)
    {
        Genre = Class("genres", $"{genre} {string.Concat(genre.Where(char.IsLetter))}") ?? "nonfiction";
    }

    /// <summary>One of those that the lists are made for.</summary>
    public string Genre { get; } = "";

    /// <summary>The book's plot, once it is chosen: its lists come before all others of the name.</summary>
    public string Plot { get; set; } = "";

    /// <summary>A list's entries; none when there is no such list.</summary>
    public IReadOnlyList<Template> Entries(string list)
    {
        if (!found.TryGetValue(list, out var entries))
        {
            var special = new[] { $"{Plot}.{list}", $"{list}@{Genre}", list }.Select(Of).FirstOrDefault(l => l.Count > 0) ?? [];
            entries = found[list] = [.. special, .. Of($"{list}+{Genre}")];
        }

        return entries;
    }

    /// <summary>A list's entries as they stand in the file.</summary>
    public IEnumerable<string> Texts(string list) => Entries(list).Select(e => e.Source);

    public bool Has(string list, string entry) => Texts(list).Contains(entry, StringComparer.Ordinal);

    /// <summary>All blocks of a sort, "kind" or "plot".</summary>
    public IReadOnlyList<Block> Blocks(string sort) => [.. Texts(sort).Select(t => t.Split(' ')).Select(t => new Block(t[0], t[1..]))];

    /// <summary>The class that a text's words speak of by a list of <c>class: endings of words</c>, or null.</summary>
    public string? Class(string list, string text)
    {
        var words = text.Split([' ', '-', '_', '’', '\''], StringSplitOptions.RemoveEmptyEntries);
        return Texts(list).Select(t => t.Split(": ")).FirstOrDefault(t => t[1].Split(' ').Any(Ends))?[0];

        bool Ends(string end) => words.Any(w => w.TrimEnd('s').EndsWith(end.TrimEnd('s'), StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<Template> Of(string list) => Lists.Value.TryGetValue(list, out var entries) ? entries : [];

    private static Dictionary<string, List<Template>> Read()
    {
        var lists = new Dictionary<string, List<Template>>(StringComparer.Ordinal);
        string[] open = [];
        string? block = null;
        foreach (var line in Lines())
        {
            if (line.StartsWith('[') && line.EndsWith(']') && !line.Contains('|'))
            {
                var head = line[1..^1].Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
                var mark = head[0].IndexOfAny(['@', '+']) + 1;
                block = head[0] is "kind" or "plot" ? head[1] : null;
                open = [head[0], .. head[1..].Select(genre => head[0][..mark] + genre)];
                if (block is not null)
                {
                    Add(head[0], string.Join(' ', head[1..]));
                }
            }
            else if (block is not null)
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                Add($"{block}.{line[..colon]}", line[(colon + 2)..]);
            }
            else
            {
                Array.ForEach(open, list => Add(list, line));
            }
        }

        return lists;

        void Add(string list, string entry) => (lists.TryGetValue(list, out var entries) ? entries : lists[list] = []).Add(new Template(entry));
    }

    private static IEnumerable<string> Lines()
    {
        var assembly = typeof(Library).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(".Ai.Offline.Data.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            foreach (var line in reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
            {
                yield return line;
            }
        }
    }
}
