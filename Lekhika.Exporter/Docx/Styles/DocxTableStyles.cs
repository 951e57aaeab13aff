using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Flow;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Styles;

/// <summary>The styles of tables, and of the boxes that are tables of one cell.</summary>
internal static class DocxTableStyles
{
    public static IEnumerable<W.Style> Of(BookDesign design)
    {
        var colour = design.AccentColour?.TrimStart('#').ToUpperInvariant() ?? "auto";
        yield return Style("TableNormal", "Normal Table", new W.StyleTableProperties { TableCellMarginDefault = Margins(0, DocxTables.Padding) }, isDefault: true);
        var table = Style("BookTable", "Book Table", new()
        {
            TableBorders = new(Rule<W.TopBorder>(8, colour), Rule<W.BottomBorder>(8, colour), Rule<W.InsideHorizontalBorder>(2, "auto")),
            TableCellMarginDefault = Margins(40, DocxTables.Padding),
        });
        table.Append(new W.TableStyleProperties(new W.TableStyleConditionalFormattingTableCellProperties(new W.TableCellBorders(Rule<W.BottomBorder>(4, colour)))) { Type = W.TableStyleOverrideValues.FirstRow });
        yield return table;
        yield return Style("Callout", "Callout", new()
        {
            TableBorders = new(Rule<W.LeftBorder>(24, colour)),
            Shading = Shade("F4F2EE"),
            TableCellMarginDefault = Margins(110, DocxTables.Padding),
        });
        yield return Style("Exercise", "Exercise", new()
        {
            TableBorders = new(Rule<W.TopBorder>(6, colour), Rule<W.LeftBorder>(6, colour), Rule<W.BottomBorder>(6, colour), Rule<W.RightBorder>(6, colour)),
            TableCellMarginDefault = Margins(110, DocxTables.Padding),
        });
    }

    private static W.Style Style(string id, string name, W.StyleTableProperties properties, bool isDefault = false) => new()
    {
        Type = W.StyleValues.Table,
        StyleId = id,
        Default = isDefault ? true : null,
        CustomStyle = isDefault ? null : true,
        StyleName = new() { Val = name },
        BasedOn = isDefault ? null : new() { Val = "TableNormal" },
        StyleTableProperties = properties,
    };

    private static W.TableCellMarginDefault Margins(int high, int wide) => new(
        new W.TopMargin { Width = $"{high}", Type = W.TableWidthUnitValues.Dxa },
        new W.TableCellLeftMargin { Width = (short)wide, Type = W.TableWidthValues.Dxa },
        new W.BottomMargin { Width = $"{high}", Type = W.TableWidthUnitValues.Dxa },
        new W.TableCellRightMargin { Width = (short)wide, Type = W.TableWidthValues.Dxa });

    private static W.Shading Shade(string fill) => new() { Val = W.ShadingPatternValues.Clear, Color = "auto", Fill = fill };

    private static T Rule<T>(uint eighthsOfPoint, string colour)
        where T : W.BorderType, new() => new() { Val = W.BorderValues.Single, Size = eighthsOfPoint, Space = 0, Color = colour };
}
