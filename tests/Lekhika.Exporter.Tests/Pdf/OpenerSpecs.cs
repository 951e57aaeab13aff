using Lekhika.Core.Exports;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>The first page of a chapter and of the colophon, by where words stand.</summary>
public sealed class OpenerSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Line = "Evenings are long where nobody has lit a lamp since the tide went out";

    private static readonly ExportSettings Plain = new() { SmallCapsLeadIn = false, IncludeCover = false, IncludeTitlePage = false, IncludeContents = false };

    [Theory]
    [InlineData(60, false)]
    [InlineData(104, false)]
    [InlineData(150, true)]
    [InlineData(190, true)]
    [InlineData(400, true)]
    public async Task A_capital_is_dropped_when_its_paragraph_is_as_high(int characters, bool drops)
    {
        var page = await PageWith("sentinel", "One", $"{string.Join(", ", Enumerable.Repeat(Line, 6))[..characters]}.\n\nThe sentinel.");

        page.Words.Any(word => word.Text == "E" && word.Bottom - word.Top > 25).ShouldBe(drops);
        if (drops)
        {
            var capital = page.Words.First(word => word.Text == "E");
            page.Words.First(word => word.Text == "sentinel.").Top.ShouldBeGreaterThan(capital.Top + ((capital.Bottom - capital.Top) * 0.6)); // The next paragraph stands below it.
        }
    }

    [Theory]
    [InlineData("How to Read What Is Written in Smoke")]
    [InlineData("The Tightrope Over the Quarrel")]
    public async Task A_title_leaves_no_word_alone_in_its_last_line(string title)
    {
        var page = await PageWith("sentinel", title, "The sentinel.");

        var lines = page.Lines().Where(line => line.All(word => title.Contains(word.Text, StringComparison.Ordinal))).ToList();
        lines.Count.ShouldBe(2);
        (lines[1][^1].Right - lines[1][0].Left).ShouldBeGreaterThan((lines[0][^1].Right - lines[0][0].Left) * 0.6);
    }

    [Fact]
    public async Task A_colophon_is_not_spread_to_its_margins()
    {
        var hash = string.Join(' ', Enumerable.Repeat("55e3362e4fc29f57", 4));
        var book = Books.Of(("One", "Short.")) with { Colophon = [$"The record of how this book was made is kept with run 019aa5c2-0000-7000-8000-000000000002 under the SHA-256 {hash}."] };
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(book, Plain))).Content);

        var lines = PdfPage.Of(pdf)[^1].Lines().Where(line => line.Count > 1).ToList();
        lines.Count.ShouldBeGreaterThan(1);
        lines.SelectMany(line => line.Zip(line.Skip(1))).ShouldAllBe(pair => pair.Second.Left - pair.First.Right < 6);
    }

    private async Task<PdfPage> PageWith(string word, string title, string text)
    {
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(Books.Of((title, text)), Plain))).Content);
        return PdfPage.Of(pdf).First(page => page.Words.Any(shown => shown.Text.StartsWith(word, StringComparison.Ordinal)));
    }
}
