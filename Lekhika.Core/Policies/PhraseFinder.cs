namespace Lekhika.Core.Policies;

/// <summary>A phrase to be found.</summary>
/// <param name="IsWhole">Whether it counts only when the text has nothing else.</param>
/// <param name="Finding">What it means.</param>
internal sealed record PolicyPhrase(string Text, bool IsWhole, PolicyFinding Finding);

/// <summary>Finds the first of many phrases, word by word, in one pass over the text (Aho and Corasick, "Efficient string matching", 1975).</summary>
internal sealed class PhraseFinder
{
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _known;
    private readonly Dictionary<(int State, int Word), int> _next = [];
    private readonly List<Node> _nodes = [new()];

    /// <summary>By length: the marks of the words, each a bit.</summary>
    private readonly ulong[] _marks;

    public PhraseFinder(IEnumerable<PolicyPhrase> phrases)
    {
        foreach (var phrase in phrases)
        {
            Add(phrase);
        }

        Link();
        _marks = new ulong[_words.Keys.Select(word => word.Length).DefaultIfEmpty(0).Max() + 1];
        foreach (var word in _words.Keys)
        {
            _marks[word.Length] |= 1UL << FoldedWords.MarkOf(word);
        }

        _known = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The finding whose phrase ends first; null when there is none.</summary>
    public PolicyFinding? Find(string text)
    {
        var words = new FoldedWords(text);
        var (state, count) = (0, 0);
        while (words.MoveNext())
        {
            count++;
            state = MayKnow(words) && _known.TryGetValue(words.Current, out var word) ? Next(state, word) : 0;
            if (_nodes[state].Found is { } finding)
            {
                return finding;
            }
        }

        // Only a state as deep as the text is long has seen all of it.
        return count == _nodes[state].Depth ? _nodes[state].Whole : null;
    }

    /// <summary>Whether a word has the length and the mark of one that is known: most of a text's are passed by without a look into the table.</summary>
    private bool MayKnow(in FoldedWords words) => words.Length < _marks.Length && words.Length > 0 && (_marks[words.Length] >> words.Mark & 1) != 0;

    private int Next(int state, int word)
    {
        int next;
        while (!_next.TryGetValue((state, word), out next) && state != 0)
        {
            state = _nodes[state].Back;
        }

        return next;
    }

    private void Add(PolicyPhrase phrase)
    {
        var state = 0;
        foreach (var text in FoldedWords.Of(phrase.Text))
        {
            if (!_words.TryGetValue(text, out var word))
            {
                _words[text] = word = _words.Count;
            }

            if (!_next.TryGetValue((state, word), out var next))
            {
                _next[(state, word)] = next = _nodes.Count;
                _nodes.Add(new Node { Parent = state, Word = word, Depth = _nodes[state].Depth + 1 });
            }

            state = next;
        }

        if (phrase.IsWhole)
        {
            _nodes[state].Whole ??= phrase.Finding;
        }
        else if (state != 0)
        {
            _nodes[state].Found ??= phrase.Finding;
        }
    }

    /// <summary>Says where each state goes on when its next word does not come: the states before it are shorter, so they are linked first.</summary>
    private void Link()
    {
        foreach (var node in _nodes.Skip(1).OrderBy(node => node.Depth))
        {
            node.Back = node.Parent == 0 ? 0 : Next(_nodes[node.Parent].Back, node.Word);
            node.Found ??= _nodes[node.Back].Found;
        }
    }

    private sealed class Node
    {
        public int Parent { get; init; }

        public int Word { get; init; }

        public int Depth { get; init; }

        public int Back { get; set; }

        public PolicyFinding? Found { get; set; }

        public PolicyFinding? Whole { get; set; }
    }
}
