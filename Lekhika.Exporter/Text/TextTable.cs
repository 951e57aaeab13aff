using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Text;

/// <summary>A table in fixed-pitch columns, under a rule below its header; one that is wider than the page as a list of its cells.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="text">The characters of a cell, in one line.</param>
    public static IEnumerable<string> Layout(Table table, int width, Func<IReadOnlyList<Inline>, string> text)
    {
        var header = table.Header.Select(text).ToList();
        var rows = table.Rows.Select(row => row.Select(text).ToList()).ToList();
        var widths = header.Select((cell, i) => rows.Select(row => LineWrap.Length(row[i])).Append(LineWrap.Length(cell)).Max()).ToList();
        return width > 0 && rows.Count > 0 && widths.Sum() + (Gap.Length * (widths.Count - 1)) > width
            ? rows.SelectMany((row, at) => row.SelectMany((cell, i) => LineWrap.Wrap(header[i].Length == 0 ? cell : $"{header[i]}: {cell}", width)).Prepend("").Skip(at == 0 ? 1 : 0))
            : rows.Select(row => Row(row, widths, table.Columns))
                .Prepend(string.Join(Gap, widths.Select(column => new string('-', column))))
                .Prepend(Row(header, widths, table.Columns));
    }

    private static string Row(List<string> cells, List<int> widths, IReadOnlyList<ColumnAlignment> columns) =>
        string.Join(Gap, cells.Select((cell, i) => Pad(cell, widths[i], columns[i])));

    private static string Pad(string cell, int width, ColumnAlignment alignment)
    {
        var space = width - LineWrap.Length(cell);
        var before = alignment switch { ColumnAlignment.End => space, ColumnAlignment.Centre => space / 2, _ => 0 };
        return new string(' ', before) + cell + new string(' ', space - before);
    }
}
