using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>Covers in letters, by where their words stand: whatever a book is called, all of it is on the cover, in one piece and readable.</summary>
public sealed class CoverSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Long = "What the Lighthouse Keeper Forgot to Tell His Three Daughters Before the Great Winter Storm Came";
    private const string Author = "Maximiliana Featherstonehaugh-Cholmondeley";

    public static TheoryData<string> Themes => [.. Theme.All.Select(theme => theme.Id)];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task Long_titles_and_names_stay_within_the_cover(string theme)
    {
        var page = await CoverOf("en", Long, Author, new() { Theme = theme });

        foreach (var word in $"{Long} {Author}".Split(' '))
        {
            page.Words.ShouldContain(shown => shown.Text == word);
        }

        page.Words.ShouldAllBe(word => word.Left > page.Width * 0.05 && word.Right < page.Width * 0.95 && word.Top > page.Height * 0.05 && word.Bottom < page.Height * 0.98);
        var author = page.Words.First(word => word.Text == "Maximiliana");
        page.Words.Where(word => Long.Contains(word.Text, StringComparison.Ordinal)).Max(word => word.Bottom).ShouldBeLessThan(author.Top);
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task A_title_leaves_no_word_alone_in_its_last_line(string theme)
    {
        var page = await CoverOf("en", Long, "Ada", new() { Theme = theme });

        var lines = page.Lines().Where(line => line.All(word => Long.Contains(word.Text, StringComparison.Ordinal))).ToList();
        lines.Count.ShouldBeGreaterThan(1);
        (lines[^1][^1].Right - lines[^1][0].Left).ShouldBeGreaterThan(lines.Max(line => line[^1].Right - line[0].Left) * 0.6);
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task A_title_from_right_to_left_begins_on_the_right(string theme)
    {
        var page = await CoverOf("he", "מלח", "נועה", new() { Theme = theme });

        var words = page.Words.Where(word => word.Text.Any(letter => letter is >= 'א' and <= 'ת')).ToList(); // Without ornaments.
        words.Count.ShouldBe(2);
        words.ShouldAllBe(word => word.Right > page.Width * 0.5);
    }

    [Fact]
    public async Task A_word_that_is_too_long_for_a_line_is_divided_rather_than_tiny()
    {
        var page = await CoverOf("de", "Donaudampfschifffahrtsgesellschaftskapitän", "Ada", new() { Theme = "kite" });

        var title = page.Lines().Where(line => line[0].Text != "Ada").ToList();
        title.Count.ShouldBeGreaterThan(1);
        title[0].ShouldAllBe(word => word.Bottom - word.Top > page.Height * 0.03);
    }

    [Theory]
    [InlineData("#fff3b0", 0, 90)]
    [InlineData("#3b0d0d", 200, 255)]
    public async Task Letters_are_read_on_any_accent(string accent, int least, int most)
    {
        var book = Books.OfEveryKind();
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(book, new() { Theme = "ledger", AccentColour = accent }))).Content);
        var word = PdfPage.Of(pdf)[0].Words[0];
        var picture = Pixels.Read(Pixels.PngOf(pdf, 1, 72));

        var ground = picture.At((int)word.Left - 4, (int)word.Top).R;
        var shades = Enumerable.Range((int)word.Left, (int)(word.Right - word.Left)).Select(x => (int)picture.At(x, (int)(word.Top + word.Bottom) / 2).R);
        shades.MaxBy(shade => Math.Abs(shade - ground)).ShouldBeInRange(least, most);
    }

    private async Task<PdfPage> CoverOf(string language, string title, string author, ExportSettings settings)
    {
        var book = Books.Of(("One", "Short."));
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(book with { Metadata = book.Metadata with { Language = language, Title = title, Subtitle = null, Author = author } }, settings));
        file.Warnings.ShouldBeEmpty();
        using var pdf = new PdfFile(file.Content);
        return PdfPage.Of(pdf)[0];
    }
}
