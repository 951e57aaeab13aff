using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>Every setting of a book's design has an effect that a reader of the PDF sees.</summary>
public sealed class DesignSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private static readonly Manuscript Book = Novel.Of(3, 4_000);

    public static TheoryData<string> Fonts => [.. BookFont.All.Select(font => font.Name)];

    [Theory]
    [MemberData(nameof(Fonts))]
    public async Task Typefaces_of_text_and_titles_are_the_asked_ones(string font)
    {
        var compact = font.Replace(" ", "", StringComparison.Ordinal);

        using var text = await Set(new() { BodyFont = font, IncludeCover = false });
        using var titles = await Set(new() { HeadingFont = font, IncludeCover = false });

        text.Fonts().ShouldContain(line => line.Contains($"+{compact}", StringComparison.Ordinal) && line.Contains("-Regular", StringComparison.Ordinal));
        text.Fonts().ShouldContain(line => line.Contains($"+{compact}", StringComparison.Ordinal) && line.Contains("Italic", StringComparison.Ordinal));
        titles.Fonts().ShouldContain(line => line.Contains($"+{compact}", StringComparison.Ordinal));
        text.Fonts().Concat(titles.Fonts()).ShouldAllBe(line => line.Contains(compact, StringComparison.Ordinal) || line.Contains("EBGaramond", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Margins_are_narrow_normal_or_wide()
    {
        var (narrow, normal, wide) = (await Measure(PageMargins.Narrow), await Measure(PageMargins.Normal), await Measure(PageMargins.Wide));

        narrow.ShouldBeGreaterThan(normal + 20);
        wide.ShouldBeLessThan(normal - 20);

        async Task<double> Measure(PageMargins margins)
        {
            var page = Inside(await Pages(new() { PageMargins = margins }));
            return page.Words.Max(word => word.Right) - page.Words.Min(word => word.Left);
        }
    }

    [Fact]
    public async Task Lines_and_paragraphs_stand_as_far_apart_as_asked()
    {
        (await Pitch(new() { LineHeight = 1.2 })).ShouldBe(10.5 * 1.2, 0.2);
        (await Pitch(new() { LineHeight = 1.8, BodyFontSize = 12 })).ShouldBe(12 * 1.8, 0.2);

        var spaced = Inside(await Pages(new() { ParagraphSpacing = 9 }));
        var gaps = spaced.Lines().Skip(1).Zip(spaced.Lines().Skip(2), (upper, lower) => lower[0].Bottom - upper[0].Bottom).ToList();
        gaps.ShouldContain(gap => Math.Abs(gap - (10.5 * 1.34) - 9) < 0.5);
        Indents(spaced).ShouldBe(0);
        Indents(Inside(await Pages(new()))).ShouldBeGreaterThan(2);

        async Task<double> Pitch(ExportSettings settings)
        {
            var lines = Inside(await Pages(settings)).Lines();
            return lines[3][0].Bottom - lines[2][0].Bottom;
        }

        static int Indents(PdfPage page) => page.Lines().Skip(1).Count(line => line[0].Left - page.Words.Min(word => word.Left) is > 8 and < 20);
    }

    [Fact]
    public async Task Lines_are_justified_ragged_or_centred()
    {
        Full(Inside(await Pages(new()))).ShouldBeGreaterThan(15);
        Full(Inside(await Pages(new() { Alignment = TextAlignment.Start }))).ShouldBeLessThan(8);
        var centred = Inside(await Pages(new() { Alignment = TextAlignment.Centred }));
        var middle = (centred.Words.Max(word => word.Right) + centred.Words.Min(word => word.Left)) / 2;
        centred.Lines().Skip(1).Count(line => Math.Abs(((line[0].Left + line[^1].Right) / 2) - middle) < 12).ShouldBeGreaterThan(15);

        static int Full(PdfPage page) => page.Lines().Count(line => page.Words.Max(word => word.Right) - line[^1].Right < 3);
    }

    [Fact]
    public async Task Words_are_divided_or_not()
    {
        (await Divided(true)).ShouldBeGreaterThan(3);
        (await Divided(false)).ShouldBe(0);

        async Task<int> Divided(bool hyphenate) => (await Pages(new() { Hyphenate = hyphenate, PageSize = "100x150" }, Long)).SelectMany(page => page.Lines()).Count(line => line[^1].Text[^1] is '-' or '\u00AD' or '\u2010');
    }

    [Fact]
    public async Task Pages_have_the_colours_of_their_scheme_but_a_press_gets_black_on_white()
    {
        (await Corner(new())).ShouldBe((255, 255, 255));
        (await Corner(new() { Colours = ColourScheme.Sepia })).ShouldBe((0xf7, 0xef, 0xe0));
        (await Corner(new() { Colours = ColourScheme.Dark })).ShouldBe((0x15, 0x15, 0x1b));
        (await Corner(new() { Colours = ColourScheme.Dark, Print = new(Bleed: 3) })).ShouldBe((255, 255, 255));

        async Task<(int, int, int)> Corner(ExportSettings settings)
        {
            using var pdf = await Set(settings with { IncludeCover = false });
            return Pixels.Read(Pixels.PngOf(pdf, Opener(pdf), 20)).At(3, 3);
        }
    }

    [Fact]
    public async Task Accent_colours_titles_except_on_a_black_press()
    {
        (await Coloured(new())).ShouldBe(0);
        (await Coloured(new() { AccentColour = "#c01040" })).ShouldBeGreaterThan(30);
        (await Coloured(new() { AccentColour = "#c01040", Print = new(CropMarks: true) })).ShouldBe(0);
        (await Coloured(new() { AccentColour = "#c01040", Print = new(CropMarks: true, Paper: Paper.Colour) })).ShouldBeGreaterThan(30);

        async Task<int> Coloured(ExportSettings settings)
        {
            using var pdf = await Set(settings);
            return Pixels.Read(Pixels.PngOf(pdf, Opener(pdf), 50)).Coloured();
        }
    }

    [Fact]
    public async Task Chapter_begins_with_a_dropped_capital_and_small_capitals_where_asked()
    {
        var dropped = First(await Pages(new() { SmallCapsLeadIn = false }));
        var small = First(await Pages(new() { DropCaps = false }));
        var plain = First(await Pages(new() { DropCaps = false, SmallCapsLeadIn = false }));

        dropped.Words.ShouldContain(word => word.Text == "T" && word.Bottom - word.Top > 30);
        plain.Words.ShouldAllBe(word => word.Text != "T");
        Width(small, "evenings").ShouldBeGreaterThan(Width(plain, "evenings") * 1.15);

        static double Width(PdfPage page, string text) => page.Words.First(word => word.Text == text) is var word ? word.Right - word.Left : 0;
    }

    [Fact]
    public async Task Scenes_are_parted_by_the_asked_ornament()
    {
        using var ornament = await Set(new() { SceneOrnament = "❦" });
        using var space = await Set(new() { SceneOrnament = "" });

        string.Concat(ornament.Pages().Skip(2)).ShouldContain("❦");
        string.Concat(space.Pages()).ShouldNotContain("*");
    }

    [Fact]
    public async Task Headings_grow_with_their_scale()
    {
        (await Height(HeadingScale.Large)).ShouldBe(await Height(HeadingScale.Normal) * 1.25, 0.5);
        (await Height(HeadingScale.Small)).ShouldBe(await Height(HeadingScale.Normal) * 0.8, 0.5);

        async Task<double> Height(HeadingScale scale) => First(await Pages(new() { HeadingScale = scale })).Words.First(word => word.Text == "Lamplighter") is var word ? word.Bottom - word.Top : 0;
    }

    [Theory]
    [InlineData(ChapterLabel.Full, "Chapter 1 The Lamplighter")]
    [InlineData(ChapterLabel.Number, "1 The Lamplighter")]
    [InlineData(ChapterLabel.None, "The Lamplighter")]
    public async Task Chapters_are_labelled_as_asked(ChapterLabel label, string head)
    {
        var words = First(await Pages(new() { ChapterLabel = label })).Lines().SelectMany(line => line).Select(word => word.Text);

        string.Join(' ', words).ShouldStartWith(head);
    }

    [Fact]
    public async Task Chapters_open_where_they_are_asked_to()
    {
        var recto = await workshop.Render(ExportFormat.Pdf, Books.Order(Book, new() { ChapterOpening = ChapterOpening.Recto }));
        var brief = Books.Of(("One", "A short text."), ("Two", "Another."));
        var next = await workshop.Render(ExportFormat.Pdf, Books.Order(brief, new() { ChapterOpening = ChapterOpening.NextPage }));
        var continuous = await workshop.Render(ExportFormat.Pdf, Books.Order(brief, new() { ChapterOpening = ChapterOpening.Continuous }));

        recto.Pages!.ChapterFolios.ShouldAllBe(folio => folio % 2 == 1);
        next.Pages!.ChapterFolios.ShouldBe([1, 2]);
        continuous.Pages!.ChapterFolios.ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Running_heads_and_folios_can_be_left_out()
    {
        (await Inner(new())).ShouldBe((true, true));
        (await Inner(new() { RunningHeads = false })).ShouldBe((false, true));
        (await Inner(new() { Folios = false })).ShouldBe((true, false));

        async Task<(bool Head, bool Folio)> Inner(ExportSettings settings)
        {
            var page = Inside(await Pages(settings));
            var edges = page.Words.Where(word => word.Bottom < page.Height * 0.095 || word.Top > page.Height * 0.9).Select(word => word.Text).ToList();
            return (edges.Contains("Clockmaker’s"), edges.Contains("2"));
        }
    }

    [Fact]
    public async Task Cover_and_title_page_can_be_left_out_and_what_the_book_tells_of_itself_cannot()
    {
        var all = (await Pages(new())).Count;
        (await Pages(new() { IncludeCover = false })).Count.ShouldBe(all - 2);
        (await Pages(new() { IncludeTitlePage = false })).Count.ShouldBeLessThan(all - 1);
        using var silent = await Set(new() { ProvenanceNote = false });
        string.Concat(silent.Pages()).ShouldContain("made by the offline author"); // The note on the making is not in such a book's colophon: Jobs/ColophonNote.cs.
        string.Concat(silent.Pages()).ShouldContain("The text of this book was generated by software");
    }

    [Theory]
    [InlineData("Ffforada", true)]
    [InlineData("", false)]
    public async Task A_dedications_own_title_is_its_heading_and_in_the_outline(string title, bool isIn)
    {
        using var pdf = await Set(new(), WholeBook.Dedicated(title));

        string.Concat(pdf.Pages()).ShouldContain("To the keeper.");
        pdf.Outline().Contains(isIn ? title : "Dedication", StringComparison.Ordinal).ShouldBe(isIn);
    }

    private static Manuscript Long { get; } = Books.Of(("Words", string.Join(' ', Enumerable.Repeat("Incomprehensibilities notwithstanding, administrative responsibilities necessitate extraordinary considerations.", 40))));

    /// <summary>The second page of the first chapter.</summary>
    private static PdfPage Inside(IReadOnlyList<PdfPage> pages) => pages[Opener(pages) + 1];

    private static PdfPage First(IReadOnlyList<PdfPage> pages) => pages[Opener(pages)];

    private static int Opener(IReadOnlyList<PdfPage> pages) => pages.ToList().FindIndex(page => page.Words.Count > 100 && page.Words.Any(word => word.Text == "Lamplighter"));

    private static int Opener(PdfFile pdf) => Opener(PdfPage.Of(pdf)) + 1;

    private async Task<IReadOnlyList<PdfPage>> Pages(ExportSettings settings, Manuscript? book = null)
    {
        using var pdf = await Set(settings, book);
        return PdfPage.Of(pdf);
    }

    private async Task<PdfFile> Set(ExportSettings settings, Manuscript? book = null) => new((await workshop.Render(ExportFormat.Pdf, Books.Order(book ?? Book, settings))).Content);
}
