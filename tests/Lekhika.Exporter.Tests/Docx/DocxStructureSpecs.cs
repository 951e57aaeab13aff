using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using D = DocumentFormat.OpenXml.Drawing.Wordprocessing;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

public sealed class DocxStructureSpecs
{
    [Fact]
    public async Task Text_stands_in_styles_an_editor_knows()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var used = file.Body.Descendants<W.ParagraphStyleId>().Select(id => id.Val!.Value!)
            .Concat(file.Body.Descendants<W.RunStyle>().Select(style => style.Val!.Value!))
            .Concat(file.Body.Descendants<W.TableStyle>().Select(style => style.Val!.Value!)).Distinct().ToList();
        used.ShouldBe(
            [
                "Cover", "HalfTitle", "Title", "Subtitle", "Author", "Publisher", "Imprint", "Dedication", "TOCHeading", "TOC1", "PartTitle", "Heading1", "ChapterSubtitle", "ChapterByline", "Epigraph",
                "BodyText", "BodyTextFirstIndent", "SceneBreak", "Heading2", "ListBullet", "ListNumber", "ListContinue", "Code", "TableHeading", "TableText", "TableSpace", "Quote", "Verse", "VerseEnd", "Letter",
                "Figure", "FigureText", "Caption", "BoxTitle", "BoxText", "ColophonTitle", "Colophon",
                "ChapterTitle", "ChapterLabel", "Emphasis", "Strong", "SmallCaps", "Superscript", "InlineCode", "Hyperlink", "FootnoteReference", "BookTable", "Callout", "Exercise",
            ],
            ignoreOrder: true);
        var defined = file.Main.StyleDefinitionsPart!.Styles!.Elements<W.Style>().Select(style => style.StyleId!.Value!).ToList();
        used.ShouldBeSubsetOf(defined);
        defined.ShouldBeUnique();
        file.Body.Descendants<W.RunProperties>().SelectMany(properties => properties.Elements()).Select(element => element.LocalName).Distinct()
            .ShouldBe(["rStyle", "lang", "rtl"], ignoreOrder: true);
    }

    [Fact]
    public async Task Contents_carry_the_pages_of_the_pdf()
    {
        using var file = await DocxFile.Of(Books.OfEveryKind(), pages: new PageMap(10, [1, 3]));

        file.Styled("TOC1").Select(entry => DocxFile.Text(entry)).ShouldBe(["Chapter 1 Every Kind1", "Chapter 2 The Other Chapter3"]);
        file.Settings.GetFirstChild<W.UpdateFieldsOnOpen>().ShouldBeNull();
        var bookmarks = file.Body.Descendants<W.BookmarkStart>().Select(mark => mark.Name!.Value);
        file.Styled("TOC1").SelectMany(entry => entry.Elements<W.Hyperlink>()).Select(link => link.Anchor!.Value).ShouldBe(bookmarks);
    }

    [Fact]
    public async Task Parts_and_sections_have_the_pages_of_the_pdf_too_and_need_not_be_brought_up_to_date()
    {
        using var file = await DocxFile.Of(WholeBook.Of(), pages: new PageMap(20, [3, 7, 11]) { Front = [null, "vii"], Parts = ["1", "9"], Back = ["13", "15"] });

        file.Styled("TOC1").Select(entry => DocxFile.Text(entry)).ShouldBe(
            ["Before the Tidevii", "Part One Ebb1", "Chapter 1 Every Kind3", "Chapter 2 The Other Chapter7", "Part Two9", "Chapter 311", "Afterword13", "About the Author15"]);
        file.Settings.GetFirstChild<W.UpdateFieldsOnOpen>().ShouldBeNull();
    }

    [Fact]
    public async Task With_the_map_of_an_older_pdf_that_knows_chapters_alone_the_contents_are_brought_up_to_date_when_opened()
    {
        using var file = await DocxFile.Of(WholeBook.Of(), pages: new PageMap(20, [3, 7, 11]));

        file.Settings.GetFirstChild<W.UpdateFieldsOnOpen>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_pdf_contents_name_all_headings_and_are_brought_up_to_date_when_opened()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        file.Styled("TOC1").Select(entry => DocxFile.Text(entry)).ShouldBe(
            ["Before the Tide", "Part One Ebb", "Chapter 1 Every Kind", "Chapter 2 The Other Chapter", "Part Two", "Chapter 3", "Afterword", "About the Author"]);
        file.Settings.GetFirstChild<W.UpdateFieldsOnOpen>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Notes_are_real_and_count_anew_in_each_chapter()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        file.Notes.Select(note => note.Trim()).ShouldBe(["The first note.", "The second note.with a list", "A note of the second chapter."]);
        file.Body.Descendants<W.FootnoteReference>().Select(reference => reference.Id!.Value).ShouldBe([1, 2, 3]);
        file.Sections.ShouldAllBe(section => section.GetFirstChild<W.FootnoteProperties>()!.NumberingRestart!.Val! == W.RestartNumberValues.EachSection);
        file.Main.FootnotesPart!.Footnotes.Descendants<W.FootnoteReferenceMark>().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Front_matter_counts_in_roman_and_the_text_in_arabic_from_1()
    {
        using var file = await DocxFile.Of(WholeBook.Of() with { Parts = [] });

        var numbers = file.Sections.Select(section => section.GetFirstChild<W.PageNumberType>()!).Select(number => $"{number.Format!.InnerText} {number.Start?.Value}".TrimEnd()).ToList();
        numbers.SkipWhile(number => number != "lowerRoman").ShouldBe(["lowerRoman", "lowerRoman", "decimal 1", "decimal", "decimal", "decimal", "decimal", "decimal"]);
    }

    [Fact]
    public async Task Heads_name_the_book_on_the_left_and_the_chapter_on_the_right_but_not_where_one_opens()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var chapter = file.Sections.Single(section => section.GetFirstChild<W.PageNumberType>()!.Format!.Value == W.NumberFormatValues.Decimal && Head(section, W.HeaderFooterValues.Default) == "Every Kind");
        Head(chapter, W.HeaderFooterValues.Even).ShouldBe("The Clockmaker’s Daughter");
        Head(chapter, W.HeaderFooterValues.First).ShouldBe("");
        chapter.GetFirstChild<W.TitlePage>().ShouldNotBeNull();

        string Head(W.SectionProperties section, W.HeaderFooterValues type) =>
            file.Main.GetPartById(section.Elements<W.HeaderReference>().Single(reference => reference.Type!.Value == type).Id!.Value!).RootElement!.InnerText;
    }

    [Fact]
    public async Task Pictures_tell_what_they_show_and_keep_their_shape()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var picture = file.Styled("Figure").Single().Descendants<D.Inline>().Single();
        picture.DocProperties!.Description!.Value.ShouldBe("The sun over the sea");
        ((double)picture.Extent!.Cx!.Value / picture.Extent.Cy!.Value).ShouldBe(1.5, 0.001);
        picture.Extent.Cx.Value.ShouldBe(120L * 914400 / 96);
        file.Styled("FigureText").Single().InnerText.ShouldBe("A map of the salt coast");
        file.Main.ImageParts.ShouldHaveSingleItem();
        file.Body.Descendants<D.DocProperties>().Select(properties => properties.Id!.Value).ShouldBeUnique();
    }

    [Fact]
    public async Task A_large_picture_is_made_to_fit()
    {
        var book = WholeBook.Of();
        using var file = await DocxFile.Of(book with { Images = new Dictionary<string, BookImage> { [WholeBook.Picture] = book.Images[WholeBook.Picture] with { Width = 3000, Height = 6000 } } });

        var (extent, page) = (file.Styled("Figure").Single().Descendants<D.Extent>().Single(), file.Sections[0].GetFirstChild<W.PageSize>()!);
        extent.Cx!.Value.ShouldBeLessThan(page.Width! * 635L);
        extent.Cy!.Value.ShouldBeLessThan(page.Height! * 635L);
        ((double)extent.Cx.Value / extent.Cy.Value).ShouldBe(0.5, 0.001);
    }

    [Theory]
    [InlineData("image/webp")]
    [InlineData("image/jpeg")]
    [InlineData("image/svg+xml")]
    public async Task A_picture_that_word_cannot_show_is_told_in_words(string type)
    {
        var book = WholeBook.Of();
        using var file = await DocxFile.Of(book with { Images = new Dictionary<string, BookImage> { [WholeBook.Picture] = book.Images[WholeBook.Picture] with { MediaType = type } } });

        file.Styled("FigureText").First().InnerText.ShouldBe("The sun over the sea");
        file.Main.ImageParts.ShouldBeEmpty();
        file.Warnings.Single().ShouldStartWith("2 pictures could not be shown");
    }

    [Fact]
    public async Task A_tables_header_is_repeated_and_its_columns_are_as_wide_as_the_text()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var table = file.Body.Descendants<W.Table>().First();
        var rows = table.Elements<W.TableRow>().ToList();
        rows.Select(row => row.Descendants<W.TableHeader>().Any()).ShouldBe([true, false, false]);
        rows[1].Elements<W.TableCell>().Select(cell => cell.Descendants<W.Justification>().SingleOrDefault()?.Val?.InnerText).ShouldBe([null, "center", "right"]);
        table.GetFirstChild<W.TableGrid>()!.Elements<W.GridColumn>().ShouldAllBe(column => int.Parse(column.Width!.Value!) > 200);
    }

    [Theory]
    [InlineData(63, 1)]
    [InlineData(64, 0)]
    public async Task A_table_of_more_columns_than_word_opens_stands_row_by_row(int columns, int tables)
    {
        var markdown = string.Join('\n', new[] { "h", "-", "c" }.Select(cell => "|" + string.Join('|', Enumerable.Range(1, columns).Select(i => cell == "-" ? "---" : $"{cell}{i}")) + "|"));
        using var file = await DocxFile.Of(Books.Of(("Wide", markdown)));

        file.Body.Descendants<W.Table>().Count().ShouldBe(tables);
        file.Errors.ShouldBeEmpty();
        if (tables == 0)
        {
            var row = file.Styled("TableText").ShouldHaveSingleItem();
            (DocxFile.Text(row), row.Descendants<W.TabChar>().Count()).ShouldBe((string.Concat(Enumerable.Range(1, columns).Select(i => $"c{i}")), columns - 1));
            file.Styled("TableHeading").ShouldHaveSingleItem();
            file.Warnings.ShouldBe(["A table has more than 63 columns, which Word does not open; each row stands as a paragraph, its cells apart by tabs."]);
        }
        else
        {
            file.Warnings.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_dedications_own_title_is_its_heading_and_in_the_contents()
    {
        using var titled = await DocxFile.Of(WholeBook.Dedicated("For Ada"));
        using var quiet = await DocxFile.Of(WholeBook.Dedicated(""));

        titled.Styled("Heading1").Select(heading => DocxFile.Text(heading)).ShouldContain("For Ada");
        titled.Styled("TOC1").Select(entry => DocxFile.Text(entry)).ShouldContain("For Ada");
        quiet.Styled("Dedication").Select(text => DocxFile.Text(text)).ShouldBe(["To the keeper."]);
        quiet.Styled("TOC1").Count().ShouldBe(titled.Styled("TOC1").Count() - 1);
    }

    [Fact]
    public async Task Lists_are_numbered_by_numbering_each_from_its_own_start()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        var instances = file.Styled("ListNumber").Select(item => item.ParagraphProperties!.NumberingProperties!.NumberingId!.Val!.Value).Distinct().ToList();
        var starts = instances.Select(id => file.Main.NumberingDefinitionsPart!.Numbering.Elements<W.NumberingInstance>().Single(instance => instance.NumberID! == id)
            .Descendants<W.StartOverrideNumberingValue>().Single().Val!.Value);
        starts.ShouldBe([1, 7]);
    }

    [Fact]
    public async Task Verse_keeps_its_lines_and_their_indents()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        file.Body.Descendants<W.Paragraph>().Where(line => DocxFile.StyleOf(line) is "Verse" or "VerseEnd").Select(line => $"{DocxFile.StyleOf(line)} {line.Descendants<W.TabChar>().Count()} {DocxFile.Text(line)}")
            .ShouldBe(["Verse 0 The tide goes out,", "VerseEnd 2 the tide comes in", "VerseEnd 0 and nobody counts the hours."]);
    }

    [Fact]
    public async Task Boxes_are_titled_by_their_writer_or_by_their_kind()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        file.Styled("BoxTitle").Select(title => DocxFile.Text(title)).ShouldBe(["Note", "Tip", "Warning", "Example", "Summary", "With a title", "Your turn", "Exercise"]);
    }

    [Fact]
    public async Task Document_says_what_it_is()
    {
        using var file = await DocxFile.Of(WholeBook.Of());

        file.Properties.Title.ShouldBe("The Clockmaker’s Daughter");
        file.Properties.Creator.ShouldBe("Aisling Brandt");
        file.Properties.Language.ShouldBe("en");
        file.Properties.Keywords.ShouldBe("offline-author");
        file.Properties.Subject.ShouldBe("Clocks; Sea stories");
        file.Properties.Identifier.ShouldBe("urn:isbn:9783161484100");
        var imprint = file.Styled("Imprint").Select(line => line.InnerText).ToList();
        imprint.ShouldContain("© 2026 Aisling Brandt");
        imprint.ShouldContain("Second edition");
        imprint.ShouldContain(line => line.Contains("978-3-16-148410-0"));
        imprint.ShouldContain(line => line.Contains("generated by software (offline-author)"));
    }
}
