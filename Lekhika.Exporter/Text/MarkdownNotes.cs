using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>The notes of a file: numbered from 1 through the whole of it, their texts written behind the section that calls them.</summary>
internal sealed class MarkdownNotes
{
    private readonly List<(string Call, Footnote Note)> _waiting = [];
    private int _count;

    /// <summary>The mark for a note where it is called.</summary>
    public string Call(Footnote note)
    {
        var call = $"[^{++_count}]";
        _waiting.Add((call, note));
        return call;
    }

    /// <summary>The notes that were called and not yet taken.</summary>
    public IReadOnlyList<(string Call, Footnote Note)> Take()
    {
        var taken = _waiting.ToList();
        _waiting.Clear();
        return taken;
    }
}
