using System.Globalization;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;
using static Lekhika.Exporter.Tests.Pdf.Sampler;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

/// <summary>Tables of which an office program shows every cell.</summary>
public sealed class DocxTableSpecs
{
    [Fact]
    public async Task A_short_column_between_long_ones_has_room_for_its_words()
    {
        string[] cells = ["Ada", "a cell with rather more than forty letters in it", "36", "another cell with more than forty letters in it", "a third cell with more than forty letters in it", "a fourth one with more than forty letters in it", "end"];
        var widths = await Widths(cells);

        widths.Sum().ShouldBeInRange(5_500, 5_900);
        widths[0].ShouldBeGreaterThan(550);
        widths[2].ShouldBeGreaterThan(550);
        widths[6].ShouldBeGreaterThan(550);
        widths[1].ShouldBeGreaterThan(widths[0]);
        Math.Abs(widths[1] - widths[3]).ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_row_that_no_page_can_hold_may_be_divided_between_pages_and_others_are_not()
    {
        var table = new Table([ColumnAlignment.Start], [[T("A")]], [[[T("short")]], [[T(new string('x', 4_000).Replace("xxxxx", "xxxx ", StringComparison.Ordinal))]]]);
        using var file = await DocxFile.Of(Books.Of() with { Chapters = [new Chapter(1, "One", [table], 1)] });
        var rows = file.Body.Descendants<W.TableRow>().ToList();

        rows.Select(row => row.Descendants<W.CantSplit>().Any()).ShouldBe([true, true, false]);
        rows[0].Descendants<W.TableHeader>().ShouldNotBeEmpty();
        file.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_header_that_is_a_page_long_is_not_repeated()
    {
        var table = new Table([ColumnAlignment.Start], [[T(string.Concat(Enumerable.Repeat("long ", 500)))]], [[[T("short")]]]);
        using var file = await DocxFile.Of(Books.Of() with { Chapters = [new Chapter(1, "One", [table], 1)] });

        file.Body.Descendants<W.TableHeader>().ShouldBeEmpty();
        file.Errors.ShouldBeEmpty();
    }

    private static async Task<List<int>> Widths(string[] cells)
    {
        IReadOnlyList<IReadOnlyList<Inline>> row = [.. cells.Select(IReadOnlyList<Inline> (cell) => [T(cell)])];
        var table = new Table([.. cells.Select(_ => ColumnAlignment.Start)], row, [row]);
        using var file = await DocxFile.Of(Books.Of() with { Chapters = [new Chapter(1, "One", [table], 1)] });
        return [.. file.Body.Descendants<W.GridColumn>().Select(column => int.Parse(column.Width!.Value!, CultureInfo.InvariantCulture))];
    }
}
