using System.Globalization;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using static Lekhika.Exporter.Tests.Pdf.Sampler;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>What a compositor would be ashamed of does not happen.</summary>
public sealed class PageSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task No_page_begins_or_ends_with_a_single_line_of_a_paragraph()
    {
        var pages = await Pages(Books.Order(Novel.Of(2, 30_000), new() { SceneOrnament = "#", DropCaps = false, SmallCapsLeadIn = false }));
        var text = pages.Skip(8).Where(page => page.Words.Count > 200).ToList();

        text.Count.ShouldBeGreaterThan(60);
        foreach (var (page, after) in text.Zip(text.Skip(1)))
        {
            var (left, right) = (page.Words.Min(word => word.Left), page.Words.Max(word => word.Right));
            var body = page.Lines().Where(line => line[0].Top > page.Height * 0.09 && line[0].Bottom < page.Height * 0.9).ToList();
            var next = after.Lines().Where(line => line[0].Top > after.Height * 0.09).ToList();

            // A last line that is indented begins a paragraph: alone when the next page goes on with it.
            var begins = body[^1][0].Left - left is > 8 and < 20;
            var goesOn = next[0][0].Left - after.Words.Min(word => word.Left) < 4;
            (begins && goesOn && right - body[^1][^1].Right < 3).ShouldBeFalse($"orphan: {string.Join(' ', body[^1].Select(word => word.Text))}");

            // A first line that is short and not indented ends a paragraph: it came alone.
            var ends = right - body[0][^1].Right > 40 && body[0][0].Left - left < 4 && body.Count > 1 && body[1][0].Left - left is > 8 and < 20;
            ends.ShouldBeFalse($"widow: {string.Join(' ', body[0].Select(word => word.Text))}");
        }
    }

    [Fact]
    public async Task Left_pages_before_openers_are_blank_and_openers_have_no_running_head()
    {
        var order = Books.Order(Whole());
        var file = await workshop.Render(ExportFormat.Pdf, order);
        using var pdf = new PdfFile(file.Content);
        var pages = PdfPage.Of(pdf);
        var first = pages.ToList().FindIndex(page => page.Words.Any(word => word.Text == "Tower") && page.Words.Count < 8);

        first.ShouldBeGreaterThan(8);
        (first % 2).ShouldBe(0);
        pages[first].Words.Min(word => word.Top).ShouldBeGreaterThan(pages[first].Height * 0.2);
        pages[first + 1].Words.ShouldBeEmpty();
        foreach (var folio in file.Pages!.ChapterFolios)
        {
            var opener = pages[first + folio - 1];
            opener.Words.Min(word => word.Top).ShouldBeGreaterThan(opener.Height * 0.15);
            opener.Words.OrderBy(word => word.Top).Last().Text.ShouldBe(folio.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Front_matter_stands_in_its_order_and_is_numbered_in_roman()
    {
        using var pdf = await Set(Books.Order(Whole()));
        var pages = pdf.Pages();
        var text = string.Join('\f', pages);

        string[] order = ["Second edition", "For everyone who winds a clock.", "own ledger", "Contents", "Part One", "About the Author", "Colophon"];
        order.Select(word => text.IndexOf(word, StringComparison.Ordinal)).ShouldBeInOrder();
        text.ShouldContain("ISBN 978-3-16-148410-0 (print)");
        text.ShouldContain("© 2026 Aisling Brandt");
        text.ShouldContain("Salt Coast Press");
        var foreword = pages.ToList().FindIndex(page => page.TrimStart().StartsWith("Foreword", StringComparison.Ordinal));
        pages[foreword].TrimEnd().ShouldEndWith(" xi");
        pages.ShouldContain(page => page.Contains("Contents", StringComparison.Ordinal) && page.Contains(" xi\n", StringComparison.Ordinal));
        pdf.Outline().ShouldContain("Part One: The Tower");
        pdf.Outline().ShouldContain("Foreword");
    }

    [Fact]
    public async Task Notes_stand_on_the_line_of_their_number_and_are_counted_from_one_in_each_chapter()
    {
        Chapter Noted(int number) => new(number, $"Chapter of notes", [P(T("A word"), new Footnote([P(T("First words of the note."))]), T(" and"), new Footnote([P(T("Second note."))]), T("."))], 1);
        var book = Books.Of() with { Chapters = [Noted(1), Noted(2)] };

        var pages = await Pages(Books.Order(book));
        var notes = pages.SelectMany(page => page.Lines()).Where(line => line.Any(word => word.Text.EndsWith("First", StringComparison.Ordinal))).ToList();

        notes.Count.ShouldBe(2);
        notes.ShouldAllBe(line => string.Concat(line.Select(word => word.Text)).StartsWith("1First", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_verse_keep_their_indents()
    {
        var verse = new Verse([[new(0, [T("alpha line")]), new(2, [T("beta line")]), new(0, [T("gamma line")])]]);
        var pages = await Pages(Books.Order(Books.Of() with { Chapters = [new(1, "Poem", [verse], 1)] }));
        double Left(string text) => pages.SelectMany(page => page.Words).First(word => word.Text == text).Left;

        Left("gamma").ShouldBe(Left("alpha"), 0.1);
        (Left("beta") - Left("alpha")).ShouldBe(2 * 1.3 * 10.5, 0.5);
    }

    [Fact]
    public async Task Picture_has_its_words_for_those_who_do_not_see_it_and_a_missing_one_shows_them()
    {
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(Whole()));
        using var pdf = new PdfFile(file.Content);

        file.Warnings.ShouldBeEmpty();
        string.Concat(pdf.Pages()).ShouldContain("A picture that nobody has.");
        Tool.Run("poppler-utils", "pdfimages", "-list", pdf.FilePath).ShouldMatch(@"image\s+60\s+40");
        Tool.Run("poppler-utils", "pdfinfo", "-struct-text", pdf.FilePath).ShouldContain("Figure");
        Tool.Run("qpdf", "qpdf", "--qdf", "--object-streams=disable", pdf.FilePath, "-").ShouldContain("A red map of the coast.");
    }

    [Fact]
    public async Task Picture_that_cannot_be_read_is_told_and_the_book_is_set()
    {
        var book = Whole() with { Images = new Dictionary<string, BookImage> { ["map"] = new("image/png", 60, 40, "no picture"u8.ToArray()) } };

        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(book));

        file.Warnings.ShouldHaveSingleItem().ShouldStartWith("A picture could not be read");
    }

    [Fact]
    public async Task Glyph_that_no_typeface_has_is_told_and_never_a_silent_box()
    {
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(Books.Of(("Signs", "An owl \U00013153 of Egypt."))));
        using var pdf = new PdfFile(file.Content);

        file.Warnings.ShouldHaveSingleItem().ShouldContain("U+13153");
        string.Concat(pdf.Pages()).ShouldContain("[?]");
    }

    [Theory]
    [InlineData("ar")]
    [InlineData("he")]
    public async Task Book_that_is_read_from_right_to_left_is_bound_on_the_right(string language)
    {
        var script = Scripts.All.Single(script => script.Language == language);
        var settings = new ExportSettings { BodyFontSize = 9, PageSize = "6x9" };
        using var pdf = await Set(Books.Order(Of(script.Language, script.Title, string.Concat(Enumerable.Repeat(script.Text + " ", 12))), settings));
        var pages = PdfPage.Of(pdf);
        var (odd, even) = (pages[8], pages[9]);

        Tool.Run("qpdf", "qpdf", "--qdf", "--object-streams=disable", pdf.FilePath, "-").ShouldContain("/Direction /R2L");
        odd.Words.Count.ShouldBeGreaterThan(100);
        Margin(odd, right: true).ShouldBeGreaterThan(Margin(odd, right: false) + 1);
        Margin(even, right: false).ShouldBeGreaterThan(Margin(even, right: true) + 1);

        static double Margin(PdfPage page, bool right) => right ? page.Width - page.Words.Max(word => word.Right) : page.Words.Min(word => word.Left);
    }

    [Fact]
    public async Task Gutter_grows_with_the_book()
    {
        var thin = await Inner(Novel.Of(2, 4_000));
        var thick = await Inner(Novel.Of(2, 60_000));

        thick.ShouldBeGreaterThan(thin + 3);

        async Task<double> Inner(Manuscript book)
        {
            var pages = await Pages(Books.Order(book));
            return pages[10].Words.Min(word => word.Left);
        }
    }

    [Fact]
    public async Task Words_of_a_writer_are_never_read_as_source()
    {
        const string hostile = "#panic(\"x\") $ @ref <label> `raw` \\ */ // #{ } [ ]";
        var book = Whole() with
        {
            Metadata = Books.Metadata with { Publisher = hostile, Copyright = hostile, Title = hostile },
            Parts = [new(1, hostile, 1)],
            Chapters = [new Chapter(1, hostile, [P(T(hostile)), new Callout(CalloutKind.Note, [T(hostile)], [P(T(hostile))]), new Figure("x", hostile, [T(hostile)]), new Verse([[new(0, [T(hostile)])]])], 1) { Subtitle = hostile, Byline = hostile, Epigraph = [P(T(hostile))] }],
        };

        using var pdf = await Set(Books.Order(book, new() { SceneOrnament = "#x" }));

        pdf.Check();
        Characters.Of(string.Concat(pdf.Pages())).Split("#panic(\"x\")").Length.ShouldBeGreaterThan(10);
    }

    private async Task<IReadOnlyList<PdfPage>> Pages(RenderOrder order)
    {
        using var pdf = await Set(order);
        return PdfPage.Of(pdf);
    }

    private async Task<PdfFile> Set(RenderOrder order) => new((await workshop.Render(ExportFormat.Pdf, order)).Content);
}
