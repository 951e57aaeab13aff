using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts;

/// <summary>
/// Reads a chapter's Markdown (CommonMark 0.31 with pipe tables, raw HTML as plain text) into blocks, by Markdig.
/// Nothing is dropped: what has no block of its own becomes a paragraph with the same characters.
/// </summary>
public static class MarkdownReader
{
    /// <summary>Deeper nesting is read as plain paragraphs, so that no model output can exhaust the stack.</summary>
    private const int MaxDepth = 16;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    /// <summary>The blocks of <paramref name="markdown"/>. A level-1 heading is lowered to level 2: level 1 is the chapter's title.</summary>
    public static IReadOnlyList<Block> Read(string markdown)
    {
        try
        {
            var source = WithoutFalseDefinitions(markdown, out var document);
            return Blocks(document, source, 0);
        }
        catch (ArgumentException)
        {
            // Markdig refuses what is nested more than 128 deep: nobody wrote that as marks.
            return [.. markdown.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => new Paragraph([new Text(text)]))];
        }
    }

    /// <summary>
    /// "[Mira]: Run!" is dialogue, though CommonMark takes it for the definition of a link and shows nothing: a definition that
    /// does not lead out, or has words of its own, is made text by a backslash.
    /// </summary>
    private static string WithoutFalseDefinitions(string markdown, out MarkdownDocument document)
    {
        while (true)
        {
            document = Markdown.Parse(markdown, Pipeline);
            var starts = document.Descendants<LinkReferenceDefinition>()
                .Where(definition => !IsSafe(definition.Url) || !string.IsNullOrEmpty(definition.Title))
                .Select(definition => definition.Span.Start)
                .Where(start => markdown[start] == '[')
                .Distinct().OrderDescending().ToList();
            if (starts.Count == 0)
            {
                return markdown;
            }

            var text = new StringBuilder(markdown);
            starts.ForEach(start => text.Insert(start, '\\'));
            markdown = text.ToString();
        }
    }

    private static List<Block> Blocks(ContainerBlock container, string source, int depth)
    {
        var blocks = new List<Block>(container.Count);
        foreach (var block in container)
        {
            if (Read(block, source, depth) is { } read)
            {
                blocks.Add(read);
            }
        }

        return blocks;
    }

    private static Block? Read(Markdig.Syntax.Block block, string source, int depth) => block switch
    {
        LinkReferenceDefinitionGroup => null,
        ContainerBlock when depth >= MaxDepth => new Paragraph([new Text(source.Substring(block.Span.Start, block.Span.Length))]),
        HeadingBlock h => new Heading(Math.Clamp(h.Level, 2, 6), Inlines(h.Inline, 0)),
        ParagraphBlock p => new Paragraph(Inlines(p.Inline, 0)),
        ThematicBreakBlock => new SceneBreak(),
        QuoteBlock q => new BlockQuotation(Blocks(q, source, depth + 1)),
        ListBlock l => new ItemList(
            l.IsOrdered,
            int.TryParse(l.OrderedStart, out var start) ? start : 1,
            [.. l.OfType<ListItemBlock>().Select(IReadOnlyList<Block> (item) => Blocks(item, source, depth + 1))]),
        FencedCodeBlock f => new CodeBlock(string.IsNullOrEmpty(f.Info) ? null : $"{f.Info} {f.Arguments}".TrimEnd(), f.Lines.ToString()),
        Markdig.Syntax.CodeBlock c => new CodeBlock(null, c.Lines.ToString()),
        Markdig.Extensions.Tables.Table t => ReadTable(t),
        LeafBlock leaf => new Paragraph(leaf.Inline is null ? [new Text(leaf.Lines.ToString())] : Inlines(leaf.Inline, 0)),
        _ => new Paragraph([new Text(source.Substring(block.Span.Start, block.Span.Length))]),
    };

    private static Table ReadTable(Markdig.Extensions.Tables.Table table)
    {
        table.NormalizeUsingMaxWidth();
        var rows = table.OfType<TableRow>().Select(IReadOnlyList<IReadOnlyList<Inline>> (row) =>
            [.. row.OfType<TableCell>().Select(IReadOnlyList<Inline> (cell) => [.. cell.OfType<ParagraphBlock>().SelectMany(p => Inlines(p.Inline, 0))])]).ToList();
        var width = rows.Max(row => row.Count);
        return new Table(
            [.. Enumerable.Range(0, width).Select(i => Alignment(table.ColumnDefinitions.ElementAtOrDefault(i)?.Alignment))],
            Wide(rows[0]),
            [.. rows.Skip(1).Select(Wide)]);

        IReadOnlyList<IReadOnlyList<Inline>> Wide(IReadOnlyList<IReadOnlyList<Inline>> row) => [.. Enumerable.Range(0, width).Select(i => row.ElementAtOrDefault(i) ?? [])];
    }

    private static ColumnAlignment Alignment(TableColumnAlign? align) => align switch
    {
        TableColumnAlign.Center => ColumnAlignment.Centre,
        TableColumnAlign.Right => ColumnAlignment.End,
        _ => ColumnAlignment.Start,
    };

    private static List<Inline> Inlines(ContainerInline? container, int depth)
    {
        var inlines = new List<Inline>();
        foreach (var inline in container ?? [])
        {
            switch (inline)
            {
                case ContainerInline nested when depth >= MaxDepth: AddLeaves(inlines, nested); break;
                case EmphasisInline { DelimiterCount: 2 } strong: inlines.Add(new Strong(Inlines(strong, depth + 1))); break;
                case EmphasisInline emphasis: inlines.Add(new Emphasis(Inlines(emphasis, depth + 1))); break;
                case LinkInline { IsImage: false } link when IsSafe(link.Url): inlines.Add(new Link(Inlines(link, depth + 1), link.Url!)); break;
                case ContainerInline other: inlines.AddRange(Inlines(other, depth + 1)); break;
                default: AddLeaf(inlines, inline); break;
            }
        }

        return inlines;
    }

    private static void AddLeaf(List<Inline> inlines, Markdig.Syntax.Inlines.Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal: AddText(inlines, literal.Content.ToString()); break;
            case HtmlEntityInline entity: AddText(inlines, entity.Transcoded.ToString()); break;
            case CodeInline code: inlines.Add(new CodeSpan(code.Content)); break;
            case LineBreakInline { IsHard: true }: inlines.Add(new LineBreak()); break;
            case LineBreakInline: AddText(inlines, " "); break;
            case AutolinkInline { IsEmail: true } mail: inlines.Add(new Link([new Text(mail.Url)], "mailto:" + mail.Url)); break;
            case AutolinkInline auto when IsSafe(auto.Url): inlines.Add(new Link([new Text(auto.Url)], auto.Url)); break;
            case AutolinkInline other: AddText(inlines, $"<{other.Url}>"); break;
            default: AddText(inlines, inline.ToString() ?? ""); break;
        }
    }

    private static void AddLeaves(List<Inline> inlines, ContainerInline container)
    {
        foreach (var leaf in container.Descendants().OfType<LeafInline>())
        {
            AddLeaf(inlines, leaf);
        }
    }

    /// <summary>Neighbouring literals are one text: Markdig splits them at every character that might have been a mark.</summary>
    private static void AddText(List<Inline> inlines, string value)
    {
        if (inlines is [.., Text last])
        {
            inlines[^1] = new Text(last.Value + value);
        }
        else
        {
            inlines.Add(new Text(value));
        }
    }

    private static bool IsSafe(string? target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";
}
