using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Makes a book's blocks of Markdig's. What has no block of its own becomes a paragraph with the same characters.</summary>
internal sealed class BlockReader
{
    private readonly MarkdownSource _source;
    private readonly InlineReader _inlines;
    private readonly InlineReader _cells;
    private readonly HashSet<NoteDefinition> _called = [];
    private long _repeated;
    private bool _isInNote;

    public BlockReader(MarkdownSource source)
    {
        _source = source;
        _inlines = new(Note);
        _cells = new(Note, LineEnds.Spaces);
    }

    /// <summary>A document as blocks.</summary>
    /// <exception cref="ArgumentException">Blocks stand more than 128 deep in each other.</exception>
    public static BlockReader Of(string markdown) => new(MarkdownSource.Parse(markdown, source =>
    {
        if (Notes.Of(source.Document).Count == 0)
        {
            return [];
        }

        var reader = new BlockReader(source);
        reader.Blocks();
        return source.Document.Descendants<NoteDefinition>().Where(note => !reader._called.Contains(note)).Select(note => note.Span.Start);
    }));

    public IReadOnlyList<Block> Blocks() => Blocks(_source.Document, 0);

    public IEnumerable<Markdig.Syntax.Block> TopLevel => _source.Document;

    public IReadOnlyList<Block> Read(Markdig.Syntax.Block block, int depth = 0) => block switch
    {
        LinkReferenceDefinitionGroup or NoteDefinition => [],
        ContainerBlock when depth >= Nesting.Most => [Raw(block)],
        FencedDiv div => DivReader.Read(div.Head, Blocks(div, depth + 1), Words),
        FencedVerse verse => DivReader.InLanguage([VerseReader.Read(verse, _source, Note)], verse.Head.Language),
        _ => [One(block, depth)],
    };

    private Block One(Markdig.Syntax.Block block, int depth) => block switch
    {
        HeadingBlock h => new Heading(Math.Clamp(h.Level, 2, 6), _inlines.Read(h.Inline)),
        ParagraphBlock { Inline: { } inline } when Picture(inline) is { } picture => FigureOf(picture),
        ParagraphBlock p => new Paragraph(_inlines.Read(p.Inline)),
        ThematicBreakBlock => new SceneBreak(),
        QuoteBlock q => new BlockQuotation(Blocks(q, depth + 1)),
        ListBlock l => new ItemList(
            l.IsOrdered,
            int.TryParse(l.OrderedStart, out var start) ? start : 1,
            [.. l.OfType<ListItemBlock>().Select(IReadOnlyList<Block> (item) => Blocks(item, depth + 1))]),
        FencedCodeBlock f => new CodeBlock(string.IsNullOrEmpty(f.Info) ? null : $"{f.Info} {f.Arguments}".TrimEnd(), f.Lines.ToString()),
        Markdig.Syntax.CodeBlock c => new CodeBlock(null, c.Lines.ToString()),
        Markdig.Extensions.Tables.Table t => ReadTable(t),
        LeafBlock leaf => new Paragraph(leaf.Inline is null ? [new Text(leaf.Lines.ToString())] : _inlines.Read(leaf.Inline)),
        _ => Raw(block),
    };

    /// <summary>A paragraph of which nothing is to be read (a link of no words that leads nowhere) is none.</summary>
    private List<Block> Blocks(ContainerBlock container, int depth) => [.. container.SelectMany(block => Read(block, depth)).Where(block => block is not Paragraph { Content.Count: 0 })];

    private Paragraph Raw(Markdig.Syntax.Block block) => new([new Text(_source.Text.Substring(block.Span.Start, block.Span.Length))]);

    private IReadOnlyList<Inline> Words(string words) => _inlines.Read(_source.Parse(words));

    private static LinkInline? Picture(ContainerInline paragraph) =>
        paragraph.FirstChild is LinkInline { IsImage: true, NextSibling: null } image && !string.IsNullOrWhiteSpace(image.Url) ? image : null;

    private Figure FigureOf(LinkInline picture) => new(
        Figures.ImageOf(picture.Url!),
        InlineReader.PlainLine(picture),
        string.IsNullOrEmpty(picture.Title) ? [] : Words(picture.Title));

    /// <summary>A note is copied for each of its calls, but all copies together are no longer than the text: nobody calls a chapter a thousand times.</summary>
    private Footnote? Note(NoteCall call)
    {
        if (_isInNote || !Notes.Of(_source.Document).TryGetValue(call.Label, out var note))
        {
            return null;
        }

        if (!_called.Add(note) && (_repeated += note.Span.Length) > _source.Text.Length)
        {
            return null;
        }

        _isInNote = true;
        var blocks = Blocks(note, 1);
        _isInNote = false;
        return new(blocks);
    }

    private Table ReadTable(Markdig.Extensions.Tables.Table table)
    {
        table.NormalizeUsingMaxWidth();
        var rows = table.OfType<TableRow>().Select(IReadOnlyList<IReadOnlyList<Inline>> (row) =>
            [.. row.OfType<TableCell>().Select(IReadOnlyList<Inline> (cell) => [.. cell.OfType<ParagraphBlock>().SelectMany(p => _cells.Read(p.Inline))])]).ToList();
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
}

/// <summary>How pictures of the book are named in Markdown.</summary>
public static class Figures
{
    /// <summary>Before the id of one of the manuscript's images; anything else is an address that is never fetched.</summary>
    public const string Scheme = "asset:";

    /// <summary>The <see cref="Figure.Image"/> that an address names: without the scheme, an id in lower case and with hyphens however it was written.</summary>
    public static string ImageOf(string address)
    {
        var image = IsOurs(address) && address.Length > Scheme.Length ? address[Scheme.Length..] : address;
        return Guid.TryParse(image, out var id) ? $"{id:D}" : image;
    }

    /// <summary>The address of a <see cref="Figure.Image"/>, of which <see cref="ImageOf"/> makes the same image again.</summary>
    public static string AddressOf(string image) => image.Contains(':', StringComparison.Ordinal) && !IsOurs(image) ? image : Scheme + image;

    private static bool IsOurs(string address) => address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
}
