using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using static Lekhika.Exporter.Epub.EpubXhtml;

namespace Lekhika.Exporter.Epub;

/// <summary>A table with its header's cells as those of its columns.</summary>
internal static class EpubTable
{
    public static XElement Of(Table table, EpubMarkup markup) => Element(
        "table",
        Element("thead", Row("th", table.Header, table.Columns, markup)),
        table.Rows.Count == 0 ? null : Element("tbody", table.Rows.Select(row => Row("td", row, table.Columns, markup)).ToList()));

    private static XElement Row(string cell, IReadOnlyList<IReadOnlyList<Inline>> cells, IReadOnlyList<ColumnAlignment> columns, EpubMarkup markup) =>
        Element("tr", cells.Select((content, i) => Element(
            cell,
            cell == "th" ? new XAttribute("scope", "col") : null,
            columns[i] switch
            {
                ColumnAlignment.Centre => Class("centre"),
                ColumnAlignment.End => Class("end"),
                _ => null,
            },
            markup.Of(content))).ToList());
}
