using Lekhika.Core.Manuscripts.Markup;

namespace Lekhika.Core.Manuscripts;

/// <summary>
/// Reads Markdown into blocks, by Markdig: CommonMark 0.31 with pipe tables, footnotes, and of Pandoc's fenced divs and
/// bracketed spans those that books have (docs/book-model.md). Raw HTML is plain text, and so is every mark that is not whole.
/// Nothing is dropped: what has no block of its own becomes a paragraph with the same characters.
/// </summary>
public static class MarkdownReader
{
    /// <summary>The blocks of <paramref name="markdown"/>. A level-1 heading is lowered to level 2: level 1 is the chapter's title.</summary>
    public static IReadOnlyList<Block> Read(string markdown)
    {
        try
        {
            return BlockReader.Of(markdown).Blocks();
        }
        catch (ArgumentException)
        {
            // Markdig refuses what is nested more than 128 deep: nobody wrote that as marks.
            return [.. markdown.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => new Paragraph([new Text(text)]))];
        }
    }

    /// <summary>A chapter of which the text may begin with its subtitle, byline and epigraph: divs of these classes, each once.</summary>
    public static Chapter ReadChapter(int number, string title, string markdown, int version)
    {
        try
        {
            return ChapterReader.Read(new(number, title, [], version), BlockReader.Of(markdown));
        }
        catch (ArgumentException)
        {
            return new(number, title, Read(markdown), version);
        }
    }
}
