using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Preflight;
using Lekhika.Exporter.Tests.Renderers;
using static Lekhika.Exporter.Tests.Pdf.Sampler;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>What is larger than its line or its page loses nothing.</summary>
public sealed class FullPageSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Word = "Abcdefghijklmnopqrstuvwxyz0123456789Abcdefghijklmnopqrstuvwxyz0123456789Abcdefghijklmnopqrstuvwxyz0123456789Abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly ExportSettings Small = new() { PageSize = "5x8", BodyFontSize = 14, Hyphenate = false };

    public static TheoryData<string> Places => [.. Blocks.Keys];

    private static Dictionary<string, Block> Blocks { get; } = new()
    {
        ["paragraph"] = P(T($"Text {Word} more.")),
        ["code in a line"] = P(T("Text "), new CodeSpan(Word)),
        ["emphasis"] = P(new Emphasis([new Strong([T(Word)])])),
        ["code"] = new CodeBlock(null, $"{Word}\n\tx"),
        ["ruler of code"] = new CodeBlock(null, new string('/', 120)),
        ["heading"] = new Heading(2, [T(Word)]),
        ["quotation"] = new BlockQuotation([new BlockQuotation([P(T(Word))])]),
        ["list"] = new ItemList(false, 1, [[new ItemList(true, 1, [[new ItemList(false, 1, [[P(T(Word))]])]])]]),
        ["letter"] = new Letter([P(T(Word))]),
        ["verse"] = new Verse([[new(4, [T(Word)])]]),
        ["box"] = new Callout(CalloutKind.Note, [T(Word)], [P(T(Word))]),
        ["exercise"] = new Exercise([T(Word)], [P(T(Word))]),
        ["caption"] = new Figure("lost", Word, [T(Word)]),
        ["note"] = P(T("Text"), new Footnote([P(T(Word), new CodeSpan(Word)), new CodeBlock(null, Word)])),
        ["table"] = new Table([ColumnAlignment.Start, ColumnAlignment.End], [[T("A")], [T(Word)]], [[[new CodeSpan(Word)], [T("b")]]]),
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_word_that_no_line_can_hold_stays_whole_and_on_its_page(string place)
    {
        foreach (var settings in new[] { new ExportSettings(), Small })
        {
            var (report, text) = await Set(Books.Of() with { Chapters = [new Chapter(1, "One", [Blocks[place]], 1)] }, settings);

            report.ShouldHaveErrors();
            Letters(text).ShouldContain(place == "ruler of code" ? new string('/', 120) : Letters(Word));
        }
    }

    [Fact]
    public async Task A_note_within_more_marks_than_are_shown_is_called_there_all_the_same()
    {
        Inline deep = new Strong([T("called"), new Footnote([P(T("The note itself."))])]);
        for (var i = 0; i < 4; i++)
        {
            deep = new Strong([new Emphasis([deep])]);
        }

        var (_, text) = await Set(Books.Of() with { Chapters = [new Chapter(1, "One", [P(T("It is "), deep, T(" here."))], 1)] }, new());

        text.ShouldContain("The note itself.");
        text.ShouldContain("called1");
    }

    [Fact]
    public async Task So_does_one_in_titles_and_names()
    {
        var book = Books.Of() with
        {
            Metadata = Books.Metadata with { Title = $"T {Word}", Subtitle = $"S {Word}", Author = $"A {Word}", Publisher = $"P {Word}", Rights = $"R {Word}" },
            FrontMatter = [new(MatterKind.Preface, $"F {Word}", [P(T("x"))])],
            Parts = [new(1, $"B {Word}", 1)],
            Chapters = [new Chapter(1, $"C {Word}", [P(T("x"))], 1) { Subtitle = $"D {Word}", Byline = $"E {Word}", Epigraph = [P(T($"G {Word}"))] }],
        };

        foreach (var theme in Theme.All)
        {
            var (report, text) = await Set(book, Small with { Theme = theme.Id });

            report.ShouldHaveErrors();
            Letters(text).Split(Letters(Word)).Length.ShouldBeGreaterThan(9, theme.Id);
        }
    }

    [Fact]
    public async Task A_table_that_is_higher_than_its_page_goes_on_to_the_next_one_and_its_rows_are_kept_together()
    {
        IReadOnlyList<IReadOnlyList<Inline>> Row(int at) => [[T($"Row{at}")], [T(string.Concat(Enumerable.Repeat($"first{at} ", 60)) + $"last{at}")]];
        var table = new Table([ColumnAlignment.Start, ColumnAlignment.Start], [[T("A")], [T("B")]], [.. Enumerable.Range(0, 8).Select(Row)]);
        var order = Books.Order(Books.Of() with { Chapters = [new Chapter(1, "One", [table], 1)] });

        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, order)).Content);
        var pages = PdfPage.Of(pdf);

        for (var at = 0; at < 8; at++)
        {
            pages.Sum(page => page.Words.Count(word => word.Text == $"first{at}")).ShouldBe(60);
            pages.Single(page => page.Words.Any(word => word.Text == $"Row{at}")).Words.ShouldContain(word => word.Text == $"last{at}");
        }
    }

    [Fact]
    public async Task A_cell_a_caption_and_a_stanza_may_be_longer_than_a_page()
    {
        static Core.Manuscripts.Text Long(string word) => T(string.Concat(Enumerable.Repeat(word + " ", 900)));
        IReadOnlyList<Block> blocks =
        [
            new Table([ColumnAlignment.Start, ColumnAlignment.Start], [[T("A")], [Long("header")]], [[[T("a")], [Long("cell")]]]),
            new Figure("map", "A map", [Long("caption")]),
            new Figure("lost", Long("words").Value, []),
            new Verse([[new(0, [Long("verse")]), new(1, [T("short")])]]),
            P(T("Called"), new Footnote([.. Enumerable.Range(0, 90).Select(_ => P(T("noted")))])),
        ];

        var (report, text) = await Set(Whole() with { Chapters = [new Chapter(1, "One", blocks, 1)] }, new());

        report.ShouldHaveErrors();
        foreach (var word in new[] { "header", "cell", "caption", "words", "verse" })
        {
            text.Split(word).Length.ShouldBeGreaterThan(900, word);
        }

        text.Split("noted").Length.ShouldBe(91);
    }

    [Fact]
    public async Task Columns_of_a_wide_table_do_not_run_into_each_other()
    {
        IReadOnlyList<IReadOnlyList<Inline>> Row(string word) => [.. Enumerable.Range(0, 11).Select(IReadOnlyList<Inline> (at) => [T(at == 3 ? "a word or two that wrap" : $"{word}{at}")])];
        var table = new Table([.. Enumerable.Repeat(ColumnAlignment.Start, 11)], Row("Heading"), [Row("1234567"), Row("x")]);
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(Books.Of() with { Chapters = [new Chapter(1, "One", [table], 1)] }))).Content);

        var page = PdfPage.Of(pdf).Single(page => page.Words.Any(word => word.Text.StartsWith("Headi", StringComparison.Ordinal)));
        foreach (var line in page.Lines())
        {
            foreach (var (word, next) in line.Zip(line.Skip(1)))
            {
                word.Right.ShouldBeLessThanOrEqualTo(next.Left + 0.5, $"{word.Text} runs into {next.Text}");
            }
        }
    }

    [Fact]
    public async Task A_chapter_that_begins_with_a_tall_picture_opens_on_its_right_hand_page()
    {
        var book = Whole() with
        {
            Parts = [],
            Images = new Dictionary<string, BookImage> { ["map"] = new("image/png", 1000, 1500, Png) },
            Chapters = [.. Enumerable.Range(1, 2).Select(number => new Chapter(number, "Pictured", [new Figure("map", "A map", [T("Its caption")]), P(T("Text."))], 1))],
        };
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(book));
        using var pdf = new PdfFile(file.Content);
        var openers = PdfPage.Of(pdf).Select((page, at) => (page, at)).Where(one => one.page.Words.Count < 8 && one.page.Words.Any(word => word.Text == "Pictured") && one.page.Words.Any(word => word.Text == "Chapter")).ToList();

        openers.Count.ShouldBe(2);
        openers.ShouldAllBe(opener => opener.at % 2 == 0);
        openers.ShouldAllBe(opener => opener.page.Words.Min(word => word.Top) > opener.page.Height * 0.15);
        file.Pages!.ChapterFolios.ShouldBe([1, 1 + openers[1].at - openers[0].at]);
    }

    [Fact]
    public async Task A_small_picture_is_not_blown_up_and_a_large_one_stays_within_its_box()
    {
        var book = Whole() with
        {
            Images = new Dictionary<string, BookImage> { ["dot"] = new("image/png", 60, 40, Png), ["map"] = new("image/png", 3000, 2000, Png) },
            Chapters = [new Chapter(1, "One", [new Figure("dot", "A dot", []), new Callout(CalloutKind.Tip, [], [new Figure("map", "A map", [])])], 1)],
        };
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(book))).Content);

        // The last but one column: dots an inch. The file has 60 by 40 pixels, whatever is told of it.
        var dots = Tool.Run("poppler-utils", "pdfimages", "-list", pdf.FilePath).Split('\n').Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length > 12).Select(line => int.Parse(line[12], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        dots.Count.ShouldBe(2);
        dots[0].ShouldBe(72);
        var boxed = 60 * 72.0 / dots[1];
        boxed.ShouldBeInRange(270, (31 * 10.5) - (2 * 1.1 * 10.5) + 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_nasty_book_of_every_kind_of_block_loses_no_letter(int seed)
    {
        // Without pictures, so that their words are to be seen.
        var book = NastyBook.Of(seed) with { Images = new Dictionary<string, BookImage>() };
        var (report, text) = await Set(book, new() { SmallCapsLeadIn = false });

        report.ShouldHaveErrors();
        var written = string.Concat(book.Chapters.Select(chapter => Characters.Of(chapter.Epigraph) + Characters.Of(chapter.Blocks)))
            + string.Concat(book.Chapters.SelectMany(chapter => NastyBook.Notes(chapter.Epigraph).Concat(NastyBook.Notes(chapter.Blocks))).Select(note => Characters.Of(note.Content)));
        var shown = Letters(text).CountBy(letter => letter).ToDictionary();
        foreach (var (letter, count) in Letters(written).CountBy(letter => letter))
        {
            shown.GetValueOrDefault(letter).ShouldBeGreaterThanOrEqualTo(count, $"{letter} is missing");
        }
    }

    /// <summary>The letters of a text, in their plain forms, without what ends of lines add.</summary>
    private static string Letters(string text) => Characters.Of(text).Normalize(System.Text.NormalizationForm.FormKC).Replace("-", "", StringComparison.Ordinal).Replace("\u00AD", "", StringComparison.Ordinal).Replace("\u200B", "", StringComparison.Ordinal).Replace("\f", "", StringComparison.Ordinal);

    private async Task<(PreflightReport Report, string Text)> Set(Manuscript book, ExportSettings settings)
    {
        var order = Books.Order(book, settings);
        var file = await workshop.Render(ExportFormat.Pdf, order);
        using var pdf = new PdfFile(file.Content);
        return (await Checker.OfAsync(new(ExportFormat.Pdf, file.Content, order, file.Pages)), Tool.Run("poppler-utils", "pdftotext", "-raw", pdf.FilePath, "-"));
    }
}
