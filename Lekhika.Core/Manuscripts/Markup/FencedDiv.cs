using Markdig.Parsers;
using Markdig.Syntax;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>What opens a block between fences: <c>::: verse</c>, <c>::: {.note title="…"}</c>, <c>::: {lang=fr}</c>.</summary>
/// <param name="Kind">The class that decides; null where only the language is told.</param>
internal sealed record DivHead(string? Kind, string? Title, string? Language, int Fence)
{
    private static readonly string[] Titled = ["callout", "note", "tip", "warning", "example", "summary", "exercise"];

    /// <summary>The classes that are blocks of books. Every other fence is text.</summary>
    private static readonly string[] Kinds = ["verse", "letter", "subtitle", "byline", "epigraph", "titlepage", .. Titled];

    /// <summary>Whether the block may have a title: the attribute, or a heading at its beginning.</summary>
    public bool IsTitled => Kind is not null && Titled.Contains(Kind);

    /// <summary>Reads a line; null when it is none.</summary>
    public static DivHead? Read(ReadOnlySpan<char> line)
    {
        var fence = Colons(line);
        var words = line[fence..].Trim();
        if (fence < 3 || words.IsEmpty)
        {
            return null;
        }

        if (words.EndsWith(" :::"))
        {
            words = words.TrimEnd(':').TrimEnd();
        }

        if (words[0] != '{')
        {
            var name = words.ToString();
            return Kinds.Contains(name) ? new(name, null, null, fence) : null;
        }

        return Attributes.Read(words, out var length) is { } attributes && length == words.Length ? Of(attributes, fence) : null;
    }

    /// <summary>How many colons a line consists of; 0 when there is anything else in it.</summary>
    public static int Closing(ReadOnlySpan<char> line)
    {
        var words = line.Trim();
        var colons = Colons(words);
        return colons >= 3 && colons == words.Length ? colons : 0;
    }

    private static DivHead? Of(Attributes attributes, int fence)
    {
        var (language, kinds) = (attributes.Value("lang"), attributes.Classes.Where(name => name != "callout").ToList());
        var kind = kinds is [var first, ..] ? first : attributes.Classes is [var only, ..] ? only : null;
        var isKnown = attributes.Classes.All(Kinds.Contains)
            && attributes.Values.Keys.All(key => key == "lang" || (key == "title" && kind is not null && Titled.Contains(kind)))
            && kinds.Count <= 1;
        return isKnown && (language is null || LanguageTag.IsGood(language)) && (kind is not null || language is not null)
            ? new(kind, attributes.Value("title"), language, fence)
            : null;
    }

    private static int Colons(ReadOnlySpan<char> line) => line.IndexOfAnyExcept(':') is var end && end < 0 ? line.Length : end;
}

/// <summary>A block between fences of which the text is blocks.</summary>
internal sealed class FencedDiv(BlockParser parser, DivHead head) : ContainerBlock(parser), IFenced
{
    public DivHead Head { get; } = head;

    public bool IsFenced { get; set; }
}

/// <summary>Verse between fences: its lines stay lines, whatever they begin with.</summary>
internal sealed class FencedVerse(BlockParser parser, DivHead head, int indent) : LeafBlock(parser), IFenced
{
    public DivHead Head { get; } = head;

    public bool IsFenced { get; set; }

    /// <summary>Columns before the opening fence.</summary>
    public int Indent { get; } = indent;

    /// <summary>Columns before each line's first character, beside those of the fence.</summary>
    public List<int> Indents { get; } = [];
}

/// <summary>What opens with a fence, and is a block only when a fence closes it.</summary>
internal interface IFenced
{
    DivHead Head { get; }

    bool IsFenced { get; set; }
}
