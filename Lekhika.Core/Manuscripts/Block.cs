namespace Lekhika.Core.Manuscripts;

/// <summary>A block of a chapter, after CommonMark's blocks and what books have besides. A closed union.</summary>
public abstract record Block
{
    private protected Block()
    {
    }
}

/// <summary>A paragraph of prose.</summary>
public sealed record Paragraph(IReadOnlyList<Inline> Content) : Block;

/// <summary>A heading inside a chapter; <paramref name="Level"/> is 2 to 6, as level 1 is the chapter's own title.</summary>
public sealed record Heading(int Level, IReadOnlyList<Inline> Content) : Block;

/// <summary>A break between scenes (CommonMark's thematic break): an ornament or white space in print.</summary>
public sealed record SceneBreak : Block;

/// <summary>A quotation set apart.</summary>
public sealed record BlockQuotation(IReadOnlyList<Block> Content) : Block;

/// <summary>A list; <paramref name="Start"/> is the first number of an ordered list and 1 for a bulleted one.</summary>
public sealed record ItemList(bool Ordered, int Start, IReadOnlyList<IReadOnlyList<Block>> Items) : Block;

/// <summary>A block of code, shown to the letter.</summary>
/// <param name="Language">The whole info string, of which the first word is the language's name by custom.</param>
public sealed record CodeBlock(string? Language, string Value) : Block;

/// <summary>A table of one header row and body rows; every row has as many cells as the header.</summary>
public sealed record Table(
    IReadOnlyList<ColumnAlignment> Columns,
    IReadOnlyList<IReadOnlyList<Inline>> Header,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<Inline>>> Rows) : Block;

/// <summary>How the cells of a table's column are aligned.</summary>
public enum ColumnAlignment
{
    /// <summary>At the start of the line.</summary>
    Start,

    /// <summary>In the middle.</summary>
    Centre,

    /// <summary>At the end of the line.</summary>
    End,
}

/// <summary>Verse: stanzas of lines, each line kept as a line.</summary>
public sealed record Verse(IReadOnlyList<IReadOnlyList<VerseLine>> Stanzas) : Block;

/// <summary>A line of verse, set in by <paramref name="Indent"/> steps (0 to 8).</summary>
public sealed record VerseLine(int Indent, IReadOnlyList<Inline> Content);

/// <summary>A letter, a note or another document that people of the book write.</summary>
public sealed record Letter(IReadOnlyList<Block> Content) : Block;

/// <summary>A picture with its caption.</summary>
/// <param name="Image">The id of one of the manuscript's <see cref="Manuscript.Images"/>; where there is none, the alternative text stands for it.</param>
/// <param name="Alternative">What those are told who do not see it.</param>
/// <param name="Caption">Shown below; may be empty.</param>
public sealed record Figure(string Image, string Alternative, IReadOnlyList<Inline> Caption) : Block;

/// <summary>A box beside the text.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Title">May be empty: then the kind's own word in the book's language stands above it.</param>
/// <param name="Content">The text in the box.</param>
public sealed record Callout(CalloutKind Kind, IReadOnlyList<Inline> Title, IReadOnlyList<Block> Content) : Block;

/// <summary>What a callout is for.</summary>
public enum CalloutKind
{
    /// <summary>Something to know besides.</summary>
    Note,

    /// <summary>Something that helps.</summary>
    Tip,

    /// <summary>Something that does harm.</summary>
    Warning,

    /// <summary>A case told as an example.</summary>
    Example,

    /// <summary>What to keep of it all.</summary>
    Summary,
}

/// <summary>Something that the reader is to do; <paramref name="Title"/> may be empty.</summary>
public sealed record Exercise(IReadOnlyList<Inline> Title, IReadOnlyList<Block> Content) : Block;
