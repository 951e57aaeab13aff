namespace Lekhika.Core.Manuscripts;

/// <summary>A run of text inside a block, after CommonMark's inlines and Pandoc's spans and notes. A closed union.</summary>
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

/// <summary>Text in small capitals; its characters stay as they were written.</summary>
public sealed record SmallCaps(IReadOnlyList<Inline> Content) : Inline;

/// <summary>Raised text, such as the letters of an ordinal number.</summary>
public sealed record Superscript(IReadOnlyList<Inline> Content) : Inline;

/// <summary>Inline code, shown to the letter.</summary>
public sealed record CodeSpan(string Value) : Inline;

/// <summary>A link. <paramref name="Target"/> is an absolute http, https or mailto URI; other targets are read as plain text.</summary>
public sealed record Link(IReadOnlyList<Inline> Content, string Target) : Inline;

/// <summary>Words in another language than those around them; <paramref name="Language"/> is a BCP 47 tag.</summary>
public sealed record LanguageSpan(IReadOnlyList<Inline> Content, string Language) : Inline;

/// <summary>A footnote where it is called: its number is given by each renderer, from 1 in each chapter. Notes hold no notes.</summary>
public sealed record Footnote(IReadOnlyList<Block> Content) : Inline;

/// <summary>A hard line break within a paragraph.</summary>
public sealed record LineBreak : Inline;
