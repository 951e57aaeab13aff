using DocumentFormat.OpenXml;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Styles;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>Tables, whose rules and padding are their style's, and boxes, which are tables of one cell.</summary>
internal static class DocxTables
{
    /// <summary>White space at the sides of a cell, in twips.</summary>
    public const int Padding = 110;

    /// <summary>Of a letter, in sizes of the text, a little more than most: so wide as its longest text is a column to be.</summary>
    private const double Letter = 0.66;

    /// <summary>Word opens no document with a table of more columns.</summary>
    private const int MostColumns = 63;

    /// <summary>Letters of a row up to which it is not divided between pages: in the narrowest columns of the smallest page about a third of it.</summary>
    private const int MostLettersKept = 300;

    private const int LeastLetters = 4;
    private const int MostLetters = 40;

    /// <summary>Whether Word can have it as a table.</summary>
    public static bool Fits(Table table) => table.Columns.Count <= MostColumns;

    /// <summary>What people are told of so many tables that are too wide for Word; empty when there is none.</summary>
    public static IReadOnlyList<string> Warnings(int wide) =>
        wide == 0 ? [] : [$"{(wide == 1 ? "A table has" : $"{wide} tables have")} more than {MostColumns} columns, which Word does not open; each row stands as a paragraph, its cells apart by tabs."];

    public static W.Table Of(Table table, DocxRuns runs, DocxContext context, Place place)
    {
        var widths = Widths(table, place.Width - place.Indent, DocxStyles.Em(context.Design) * Letter);
        var frame = Frame("BookTable", widths, context, place);
        var properties = frame.GetFirstChild<W.TableProperties>()!;
        properties.TableJustification = new() { Val = W.TableRowAlignmentValues.Center };
        properties.TableLook = new() { Val = "0420", FirstRow = true, LastRow = false, FirstColumn = false, LastColumn = false, NoHorizontalBand = false, NoVerticalBand = true };
        frame.Append(Row(table, table.Header, "TableHeading", runs, widths));
        frame.Append(table.Rows.Select(row => Row(table, row, "TableText", runs, widths)));
        return frame;
    }

    /// <summary>A box of that table style around <paramref name="content"/>.</summary>
    public static W.Table Box(string style, IEnumerable<OpenXmlElement> content, DocxContext context, Place place)
    {
        var width = place.Width - place.Indent;
        var frame = Frame(style, [width], context, place);
        frame.Append(new W.TableRow(Cell(width, content)));
        return frame;
    }

    private static W.Table Frame(string style, IReadOnlyList<int> widths, DocxContext context, Place place) => new(
        new W.TableProperties
        {
            TableStyle = new() { Val = style },
            BiDiVisual = context.Language.IsRightToLeft ? new() : null,
            TableWidth = new() { Width = $"{widths.Sum()}", Type = W.TableWidthUnitValues.Dxa },
            TableIndentation = place.Indent > 0 ? new() { Width = place.Indent, Type = W.TableWidthUnitValues.Dxa } : null,
        },
        new W.TableGrid(widths.Select(width => new W.GridColumn { Width = $"{width}" })));

    private static W.TableRow Row(Table table, IReadOnlyList<IReadOnlyList<Inline>> cells, string style, DocxRuns runs, List<int> widths)
    {
        // What is kept together must find room on a page, or its end is not to be seen.
        var row = new W.TableRow(new W.TableRowProperties());
        var isShort = cells.Sum(Letters) <= MostLettersKept;
        if (isShort)
        {
            row.TableRowProperties!.Append(new W.CantSplit());
        }

        if (style == "TableHeading" && isShort)
        {
            row.TableRowProperties!.Append(new W.TableHeader());
        }

        row.Append(cells.Select((cell, i) =>
        {
            var paragraph = DocxBlocks.Styled(style, runs.Of(cell));
            if (table.Columns[i] != ColumnAlignment.Start)
            {
                paragraph.ParagraphProperties!.Justification = new() { Val = table.Columns[i] == ColumnAlignment.Centre ? W.JustificationValues.Center : W.JustificationValues.Right };
            }

            return Cell(widths[i], [paragraph]);
        }));
        return row;
    }

    private static W.TableCell Cell(int width, IEnumerable<OpenXmlElement> content) =>
        new(content.Prepend(new W.TableCellProperties { TableCellWidth = new() { Width = $"{width}", Type = W.TableWidthUnitValues.Dxa } }));

    /// <summary>As wide as their longest cells, as far as there is room: columns that ask for less than an equal part have what they ask for, the others part the rest.</summary>
    private static List<int> Widths(Table table, int room, double letter)
    {
        var wanted = table.Columns
            .Select((_, i) => table.Rows.Prepend(table.Header).Max(row => Math.Clamp(Letters(row[i]), LeastLetters, MostLetters)) * letter)
            .Select(width => width + (2 * Padding)).ToList();
        double left = room;
        var open = Enumerable.Range(0, wanted.Count).ToList();
        while (wanted.Sum() > room && open.Count > 0 && open.FindAll(i => wanted[i] <= left / open.Count) is { Count: > 0 } modest)
        {
            left -= modest.Sum(i => wanted[i]);
            open.RemoveAll(modest.Contains);
        }

        var scale = Math.Min(1, left / Math.Max(1, open.Sum(i => wanted[i])));
        return [.. wanted.Select((width, i) => Math.Max((int)(open.Contains(i) ? width * scale : width), 1))];
    }

    /// <summary>The letters of a cell, those of East Asia as two.</summary>
    private static int Letters(IReadOnlyList<Inline> cell) => PlainText.Of(cell).Sum(letter => letter is >= '\u2E80' and < '\uE000' or >= '\uFF00' and <= '\uFF60' ? 2 : 1);
}
