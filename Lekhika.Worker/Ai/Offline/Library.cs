namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// The word and phrase lists of the data files. <c>[name]</c> opens a list, one entry a line; <c>[name@genre]</c> takes the list's
/// place in that genre and <c>[name+genre]</c> adds to it; <c>[plot.name]</c> takes its place in that plot. Lines that begin with <c>#</c> are notes.
/// </summary>
internal sealed class Library
{
    private static readonly Lazy<Dictionary<string, List<Template>>> Lists = new(Read);

    private readonly Dictionary<string, IReadOnlyList<Template>> _found = new(StringComparer.Ordinal);
    private readonly string _genre = "";

    /// <param name="genre">The brief's own word for it, such as "epic fantasy".</param>
    public Library(string genre) => _genre = Class("genres", $"{genre} {string.Concat(genre.Where(char.IsLetter))}") ?? "nonfiction";

    /// <summary>The book's plot: its lists are those of the book from when it is chosen.</summary>
    public string Plot { get; set; } = "";

    /// <summary>A list's entries; none when there is no such list.</summary>
    public IReadOnlyList<Template> Entries(string list) => _found.TryGetValue(list, out var entries) ? entries
        : _found[list] = [.. new[] { $"{Plot}.{list}", $"{list}@{_genre}", list }.Select(Of).FirstOrDefault(l => l.Count > 0) ?? [], .. Of($"{list}+{_genre}")];

    /// <summary>A list's entries as they stand in the file.</summary>
    public IEnumerable<string> Texts(string list) => Entries(list).Select(e => e.Source);

    public bool Has(string list, string entry) => Texts(list).Contains(entry, StringComparer.Ordinal);

    /// <summary>The class that a text's words speak of by a list of <c>class: endings of words</c>, or null.</summary>
    public string? Class(string list, string text)
    {
        var words = text.Split([' ', '-', '_', '’', '\''], StringSplitOptions.RemoveEmptyEntries);
        return Texts(list).Select(t => t.Split([": ", " "], StringSplitOptions.None)).FirstOrDefault(t => t.Skip(1).Any(end => words.Any(w => w.TrimEnd('s').EndsWith(end.TrimEnd('s'), StringComparison.OrdinalIgnoreCase))))?[0];
    }

    private static IReadOnlyList<Template> Of(string list) => Lists.Value.TryGetValue(list, out var entries) ? entries : [];

    private static Dictionary<string, List<Template>> Read()
    {
        var lists = new Dictionary<string, List<Template>>(StringComparer.Ordinal);
        var assembly = typeof(Library).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(".Ai.Offline.Data.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            string[] open = [];
            foreach (var line in reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
            {
                if (line.StartsWith('[') && line.EndsWith(']') && !line.Contains('|'))
                {
                    var heads = line[1..^1].Split(' ');
                    open = [heads[0], .. heads[1..].Select(other => heads[0][..(heads[0].IndexOfAny(['@', '+']) + 1)] + other)];
                    continue;
                }

                foreach (var list in open)
                {
                    (lists.TryGetValue(list, out var entries) ? entries : lists[list] = []).Add(new Template(line));
                }
            }
        }

        return lists;
    }
}
