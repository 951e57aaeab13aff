using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>The document's text under construction: blocks as styled paragraphs, every character as text.</summary>
internal sealed class DocxBody(MainDocumentPart main)
{
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    public W.Body Element { get; } = new();

    public DocxNumbering Numbering { get; } = new();

    public void Append(OpenXmlElement element) => Element.Append(element);

    /// <summary>All chapters, and the colophon as the last one.</summary>
    public void Chapters(Manuscript book, CancellationToken cancellationToken)
    {
        var wording = BookWording.For(book.Metadata.Language);
        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = chapter.Number.ToString(CultureInfo.InvariantCulture);
            var heading = Styled("Heading1", new W.BookmarkStart { Id = id, Name = DocxFrontMatter.Bookmark(chapter) }, Run(wording.Label(chapter)));
            if (chapter.Title.Length > 0)
            {
                heading.Append(new W.Run(new W.Break()), Run(chapter.Title));
            }

            heading.Append(new W.BookmarkEnd { Id = id });
            Append(heading);
            Blocks(chapter.Blocks, Place.Chapter);
        }

        Append(Styled("Heading1", Run(wording.Colophon)));
        Blocks([.. book.Colophon.Select(text => new Paragraph([new Core.Manuscripts.Text(text)]))], Place.Chapter);
    }

    /// <summary>A run of text, spaces kept.</summary>
    public static W.Run Run(string text) => new(new W.Text(text) { Space = SpaceProcessingModeValues.Preserve });

    /// <summary>Where blocks stand: in a quotation, in lists, how far from the margin (twips).</summary>
    private sealed record Place(string? Style, int Indent, int ListLevel)
    {
        public static Place Chapter { get; } = new(null, 0, -1);
    }

    private void Blocks(IReadOnlyList<Block> blocks, Place place)
    {
        Block? before = null;
        foreach (var block in blocks)
        {
            switch (block)
            {
                case Paragraph p: Append(Placed(place.Style ?? (before is Paragraph ? "BodyTextFirstIndent" : "BodyText"), place, Runs(p.Content, Look.Plain))); break;
                case Heading h: Append(Placed($"Heading{Math.Clamp(h.Level, 2, 6)}", place, Runs(h.Content, Look.Plain))); break;
                case SceneBreak: Append(Styled("SceneBreak", Run("* * *"))); break;
                case BlockQuotation q: Blocks(q.Content, place with { Style = "Quote", Indent = place.Style == "Quote" || place.ListLevel >= 0 ? place.Indent + 360 : place.Indent }); break;
                case ItemList l: List(l, place); break;
                case CodeBlock c: Append(Placed("Code", place, CodeRuns(c.Value))); break;
                case Table t: TableBlock(t, before); break;
            }

            before = block;
        }
    }

    private void List(ItemList list, Place place)
    {
        var level = Math.Min(place.ListLevel + 1, DocxNumbering.MaxLevel);
        var instance = Numbering.Instance(list.Ordered, list.Start, level);
        var style = list.Ordered ? "ListNumber" : "ListBullet";
        foreach (var item in list.Items)
        {
            var lead = item is [Paragraph first, ..] ? Runs(first.Content, Look.Plain) : [];
            var paragraph = Styled(style, [.. lead]);
            paragraph.ParagraphProperties!.NumberingProperties = new(new W.NumberingLevelReference { Val = level }, new W.NumberingId { Val = instance });
            Append(paragraph);
            Blocks(item is [Paragraph, ..] ? [.. item.Skip(1)] : item, new Place("ListContinue", DocxNumbering.Indent(level), level));
        }
    }

    private static W.Paragraph Styled(string style, params OpenXmlElement[] content)
    {
        var paragraph = new W.Paragraph(new W.ParagraphProperties { ParagraphStyleId = new() { Val = style } });
        paragraph.Append(content);
        return paragraph;
    }

    private static W.Paragraph Placed(string style, Place place, IEnumerable<OpenXmlElement> content)
    {
        var paragraph = Styled(style, [.. content]);
        if (place.Indent > 0)
        {
            paragraph.ParagraphProperties!.Indentation = new() { Left = DocxStyles.Twips(place.Indent) };
        }

        return paragraph;
    }

    private void TableBlock(Table table, Block? before)
    {
        if (before is Table)
        {
            Append(Styled("TableText")); // Word joins tables that touch.
        }

        var grid = new W.TableGrid(table.Columns.Select(_ => new W.GridColumn()));
        var properties = new W.TableProperties
        {
            TableJustification = new() { Val = W.TableRowAlignmentValues.Center },
            TableBorders = new(Rule<W.TopBorder>(8), Rule<W.BottomBorder>(8), Rule<W.InsideHorizontalBorder>(2)),
            TableCellMarginDefault = new(
                new W.TopMargin { Width = "40", Type = W.TableWidthUnitValues.Dxa },
                new W.TableCellLeftMargin { Width = 100, Type = W.TableWidthValues.Dxa },
                new W.BottomMargin { Width = "40", Type = W.TableWidthUnitValues.Dxa },
                new W.TableCellRightMargin { Width = 100, Type = W.TableWidthValues.Dxa }),
        };
        var rows = table.Rows.Select(row => Row(table, row, header: false)).Prepend(Row(table, table.Header, header: true));
        Append(new W.Table([properties, grid, .. rows]));
    }

    private W.TableRow Row(Table table, IReadOnlyList<IReadOnlyList<Inline>> cells, bool header)
    {
        var row = new W.TableRow();
        if (header)
        {
            row.Append(new W.TableRowProperties(new W.TableHeader()));
        }

        row.Append(cells.Select((cell, i) =>
        {
            var paragraph = Styled("TableText", [.. Runs(cell, header ? Look.Plain with { Italic = true } : Look.Plain)]);
            paragraph.ParagraphProperties!.Justification = new()
            {
                Val = table.Columns[i] switch
                {
                    ColumnAlignment.Centre => W.JustificationValues.Center,
                    ColumnAlignment.End => W.JustificationValues.Right,
                    _ => W.JustificationValues.Left,
                },
            };
            return new W.TableCell(new W.TableCellProperties { TableCellWidth = new() { Width = "0", Type = W.TableWidthUnitValues.Auto } }, paragraph);
        }));
        return row;
    }

    private static T Rule<T>(uint eighthsOfPoint)
        where T : W.BorderType, new() => new() { Val = W.BorderValues.Single, Size = eighthsOfPoint, Space = 0, Color = "auto" };

    /// <summary>How a run of text looks.</summary>
    private sealed record Look(bool Italic, bool Bold, string? Style)
    {
        public static Look Plain { get; } = new(false, false, null);
    }

    private IEnumerable<OpenXmlElement> Runs(IReadOnlyList<Inline> inlines, Look look) => inlines.SelectMany(IEnumerable<OpenXmlElement> (inline) => inline switch
    {
        Core.Manuscripts.Text t => [Run(look, new W.Text(t.Value) { Space = SpaceProcessingModeValues.Preserve })],
        CodeSpan c => [Run(look with { Style = "InlineCode" }, new W.Text(c.Value) { Space = SpaceProcessingModeValues.Preserve })],
        LineBreak => [Run(look, new W.Break())],
        Emphasis e => Runs(e.Content, look with { Italic = true }),
        Strong s => Runs(s.Content, look with { Bold = true }),
        Link l when LinkTarget.Of(l.Target) is { } target => [new W.Hyperlink(Runs(l.Content, look with { Style = "Hyperlink" })) { Id = LinkId(target) }],
        Link l => Runs(l.Content, look),
        _ => [],
    });

    private static W.Run Run(Look look, OpenXmlElement content) => new(
        new W.RunProperties
        {
            RunStyle = look.Style is null ? null : new() { Val = look.Style },
            Bold = look.Bold ? new() : null,
            BoldComplexScript = look.Bold ? new() : null,
            Italic = look.Italic ? new() : null,
            ItalicComplexScript = look.Italic ? new() : null,
        },
        content);

    private static IEnumerable<OpenXmlElement> CodeRuns(string code) => code.Split('\n').SelectMany((line, i) =>
    {
        var parts = line.Split('\t').SelectMany((part, j) =>
            j == 0 ? [Run(part)] : new OpenXmlElement[] { new W.Run(new W.TabChar()), Run(part) });
        return i == 0 ? parts : parts.Prepend(new W.Run(new W.Break()));
    });

    private string LinkId(string target)
    {
        if (!_links.TryGetValue(target, out var id))
        {
            id = $"link{_links.Count + 1}";
            main.AddHyperlinkRelationship(new Uri(target), isExternal: true, id);
            _links.Add(target, id);
        }

        return id;
    }
}
