namespace Lekhika.Core.Manuscripts;

/// <summary>A block of a chapter, after CommonMark's blocks. A closed union.</summary>
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
