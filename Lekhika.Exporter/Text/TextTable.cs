using System.Globalization;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>A table in fixed-pitch columns, under a rule below its header.</summary>
internal static class TextTable
{
    public static IEnumerable<string> Layout(Table table)
    {
        var header = Cells(table.Header);
        var rows = table.Rows.Select(Cells).ToList();
        var widths = header.Select((cell, i) => rows.Select(row => Length(row[i])).Append(Length(cell)).Max()).ToList();
        return rows.Select(row => Row(row, widths, table.Columns))
            .Prepend(string.Join("  ", widths.Select(width => new string('-', width))))
            .Prepend(Row(header, widths, table.Columns));
    }

    private static List<string> Cells(IReadOnlyList<IReadOnlyList<Inline>> row) =>
        [.. row.Select(cell => PlainText.Of(cell).Replace('\n', ' '))];

    private static string Row(List<string> cells, List<int> widths, IReadOnlyList<ColumnAlignment> columns) =>
        string.Join("  ", cells.Select((cell, i) => Pad(cell, widths[i], columns[i])));

    private static string Pad(string cell, int width, ColumnAlignment alignment)
    {
        var space = width - Length(cell);
        var before = alignment switch { ColumnAlignment.End => space, ColumnAlignment.Centre => space / 2, _ => 0 };
        return new string(' ', before) + cell + new string(' ', space - before);
    }

    private static int Length(string text) => new StringInfo(text).LengthInTextElements;
}
