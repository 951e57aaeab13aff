namespace Lekhika.Core.Manuscripts;

/// <summary>A run of text inside a block, after CommonMark's inlines. A closed union.</summary>
public abstract record Inline
{
    private protected Inline()
    {
    }
}

/// <summary>Plain characters, exactly as the writer left them (typographic quotes included).</summary>
public sealed record Text(string Value) : Inline;

/// <summary>Emphasised text (italics in print).</summary>
public sealed record Emphasis(IReadOnlyList<Inline> Content) : Inline;

/// <summary>Strongly emphasised text (bold in print).</summary>
public sealed record Strong(IReadOnlyList<Inline> Content) : Inline;

/// <summary>Inline code, shown to the letter.</summary>
public sealed record CodeSpan(string Value) : Inline;

/// <summary>A link. <paramref name="Target"/> is an absolute http, https or mailto URI; other targets are read as plain text.</summary>
public sealed record Link(IReadOnlyList<Inline> Content, string Target) : Inline;

/// <summary>A hard line break within a paragraph.</summary>
public sealed record LineBreak : Inline;
