using System.Text;
using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>A parsed text, and the text to which its spans belong: what looked like a mark and is none has a backslash there.</summary>
internal sealed record MarkdownSource(string Text, MarkdownDocument Document)
{
    /// <summary>After so many rounds of taking marks for text, the text is read without fences and notes: nobody wrote it as marks.</summary>
    private const int MostRounds = 4;

    private static readonly MarkdownPipeline Books = Pipeline(withBlocksOfBooks: true).Build();

    private static readonly MarkdownPipeline Plain = Pipeline(withBlocksOfBooks: false).Build();

    // As of Books, but without tables.
    private static readonly InlineParserList Inlines = new(Builder().InlineParsers);

    /// <summary>
    /// Parses a text. "[Mira]: Run!" is dialogue, though CommonMark takes it for the definition of a link and shows nothing: a
    /// definition that does not lead out, or has words of its own, is text. So is a fence that nothing closes, and whatever
    /// <paramref name="strangers"/> finds: positions of marks that are to be text.
    /// </summary>
    /// <exception cref="ArgumentException">Blocks stand more than 128 deep in each other.</exception>
    public static MarkdownSource Parse(string text, Func<MarkdownSource, IEnumerable<int>> strangers)
    {
        var source = new MarkdownSource(text, Markdown.Parse(text, Books));
        for (var round = 0; round < MostRounds; round++)
        {
            var found = source.Strangers().ToList();
            if (found.Count == 0)
            {
                found = [.. strangers(source)];
            }

            if (found.Count == 0)
            {
                return source;
            }

            source = source.WithText(found, Books);
        }

        source = new(text, Markdown.Parse(text, Plain));
        while (source.Strangers().ToList() is { Count: > 0 } found)
        {
            var next = source.WithText(found, Plain);
            if (next.Text.Length == source.Text.Length)
            {
                break;
            }

            source = next;
        }

        return source;
    }

    /// <summary>Parses words within this document: the caption of a figure, a stanza.</summary>
    public Markdig.Syntax.Inlines.ContainerInline Parse(string words)
    {
        var block = new ParagraphBlock { Lines = new(words), ProcessInlines = true };
        new InlineProcessor(Document, Inlines, preciseSourcelocation: false, context: null).ProcessInlineLeaf(block);
        return block.Inline!;
    }

    private IEnumerable<int> Strangers() => Document.Descendants().Where(IsStranger).Select(block => block.Span.Start);

    private static bool IsStranger(MarkdownObject mark) => mark switch
    {
        LinkReferenceDefinition definition => definition.Label is ['^', ..] || !WebLink.IsSafe(definition.Url) || !string.IsNullOrEmpty(definition.Title),
        IFenced fenced => !fenced.IsFenced,
        _ => false,
    };

    private MarkdownSource WithText(List<int> marks, MarkdownPipeline pipeline)
    {
        var text = new StringBuilder(Text.Length + marks.Count);
        var done = 0;
        foreach (var mark in marks.Where(mark => mark >= 0 && mark < Text.Length && Text[mark] is '[' or ':').Distinct().Order())
        {
            text.Append(Text, done, mark - done).Append('\\');
            done = mark;
        }

        var escaped = text.Append(Text, done, Text.Length - done).ToString();
        return new(escaped, Markdown.Parse(escaped, pipeline));
    }

    private static MarkdownPipelineBuilder Pipeline(bool withBlocksOfBooks)
    {
        var builder = Builder().UsePipeTables();
        if (withBlocksOfBooks)
        {
            builder.BlockParsers.Insert(0, new FencedDivParser());
            builder.BlockParsers.Insert(0, new NoteDefinitionParser());
        }

        return builder;
    }

    /// <summary>Emphasis is read in Chinese, Japanese and Korean too, where no space stands beside its marks.</summary>
    private static MarkdownPipelineBuilder Builder()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseCjkFriendlyEmphasis();
        builder.InlineParsers.InsertBefore<LinkInlineParser>(new NoteCallParser());
        builder.InlineParsers.InsertBefore<LinkInlineParser>(new SpanParser());
        builder.InlineParsers.Insert(0, new RaisedParser());
        return builder;
    }
}

/// <summary>Links that lead out of a book.</summary>
internal static class WebLink
{
    public static bool IsSafe(string? target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";
}
