using Markdig.Syntax;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Takes what stands before a chapter's text into the chapter's own properties.</summary>
internal static class ChapterReader
{
    public static Chapter Read(Chapter chapter, BlockReader reader)
    {
        var blocks = new List<Block>();
        foreach (var block in reader.TopLevel)
        {
            if (blocks.Count == 0 && block is FencedDiv div && Take(chapter, div, reader) is { } taken)
            {
                chapter = taken;
            }
            else
            {
                blocks.AddRange(reader.Read(block));
            }
        }

        return chapter with { Blocks = blocks };
    }

    /// <summary>The chapter with what a div says of it; null when it says nothing, or says it again.</summary>
    private static Chapter? Take(Chapter chapter, FencedDiv div, BlockReader reader) => div.Head switch
    {
        { Kind: "subtitle", Language: null } when chapter.Subtitle is null && Line(div, reader) is { } subtitle => chapter with { Subtitle = subtitle },
        { Kind: "byline", Language: null } when chapter.Byline is null && Line(div, reader) is { } byline => chapter with { Byline = byline },
        { Kind: "epigraph" } when chapter.Epigraph.Count == 0 && reader.Read(div) is [BlockQuotation { Content.Count: > 0 } epigraph] => chapter with { Epigraph = epigraph.Content },
        _ => null,
    };

    /// <summary>The div's only line; null when it has more than a line, or a note, which no line of a title can have.</summary>
    private static string? Line(FencedDiv div, BlockReader reader) =>
        !div.Descendants<NoteCall>().Any() && reader.Read(div) is [Paragraph { Content: var words }] && PlainText.Of(words).Replace('\n', ' ').Trim() is { Length: > 0 } line
            ? line
            : null;
}
