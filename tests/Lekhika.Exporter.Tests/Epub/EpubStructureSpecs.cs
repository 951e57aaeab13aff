using AngleSharp.Dom;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Epub;
using Lekhika.Exporter.Epub.Fonts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

public sealed class EpubStructureSpecs
{
    private static readonly PageMap Pages = new(20, [3, 7, 11]) { Front = [null, "vii"], Parts = ["1", "9"], Back = ["13", "15"], Colophon = "17" };

    [Fact]
    public async Task Pages_stand_in_the_order_of_a_book()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        epub.Spine.ShouldBe(["cover", "title-page", "imprint", "front-1", "nav", "front-2", "part-1", "chapter-1", "chapter-2", "part-2", "chapter-3", "back-1", "back-2", "colophon"]);
    }

    [Fact]
    public async Task Navigation_lists_parts_with_their_chapters_landmarks_and_the_pages_of_the_pdf()
    {
        using var epub = await EpubFile.Of(WholeBook.Of(), pages: Pages);

        var nav = epub.Navigation;
        nav.QuerySelectorAll("#toc > ol > li > a").Select(a => a.TextContent).ShouldBe(["Before the Tide", "Part One: Ebb", "Part Two", "Afterword", "About the Author", "Colophon"]);
        nav.QuerySelectorAll("#toc > ol > li > ol > li > a").Select(a => a.TextContent).ShouldBe(["Chapter 1: Every Kind", "Chapter 2: The Other Chapter", "Chapter 3"]);
        nav.QuerySelectorAll("#landmarks a").Select(a => $"{a.GetAttribute("epub:type")} {a.GetAttribute("href")}")
            .ShouldBe(["cover cover.xhtml", "titlepage title-page.xhtml", "toc nav.xhtml", "bodymatter part-1.xhtml"]);
        nav.QuerySelectorAll("#page-list a").Select(a => a.GetAttribute("href")).ShouldBe([
            "front-2.xhtml#page-vii", "part-1.xhtml#page-1", "chapter-1.xhtml#page-3", "chapter-2.xhtml#page-7", "part-2.xhtml#page-9", "chapter-3.xhtml#page-11",
            "back-1.xhtml#page-13", "back-2.xhtml#page-15", "colophon.xhtml#page-17",
        ]);
        nav.QuerySelectorAll("#page-list a").Select(a => a.GetAttribute("href")!.Split('#')).ShouldAllBe(link => epub.Page(link[0].Replace(".xhtml", "")).GetElementById(link[1]) != null);
        epub.Page("chapter-2").GetElementById("page-7")!.GetAttribute("role").ShouldBe("doc-pagebreak");
    }

    [Fact]
    public async Task Without_a_pdf_there_is_no_page_list()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        epub.Navigation.QuerySelector("#page-list").ShouldBeNull();
        epub.Told("source").ShouldBeEmpty();
    }

    [Fact]
    public async Task Notes_pop_up_where_they_are_called_and_lead_back()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        var page = epub.Page("chapter-1");
        var calls = page.QuerySelectorAll("a[role=doc-noteref]").ToList();
        calls.Select(call => call.TextContent).ShouldBe(["1", "2"]);
        foreach (var call in calls)
        {
            call.GetAttribute("epub:type").ShouldBe("noteref");
            var note = page.GetElementById(call.GetAttribute("href")!.TrimStart('#'))!;
            (note.LocalName, note.GetAttribute("epub:type")).ShouldBe(("aside", "footnote"));
            note.QuerySelector("a[role=doc-backlink]")!.GetAttribute("href").ShouldBe($"#{call.Id}");
        }

        epub.Page("chapter-2").QuerySelectorAll("a[role=doc-noteref]").Select(call => call.TextContent).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_note_called_in_a_link_is_called_behind_it()
    {
        var link = new Link([new Core.Manuscripts.Text("a"), new Footnote([new Paragraph([new Core.Manuscripts.Text("n")])]), new Link([new Core.Manuscripts.Text("b")], "https://example.org/b")], "https://example.org/a");
        using var epub = await EpubFile.Of(Books.Of() with { Chapters = [new(1, "x", [new Paragraph([link, new Core.Manuscripts.Text("c")])], 1)] });

        epub.Page("chapter-1").QuerySelector("p")!.InnerHtml.ShouldStartWith("<a href=\"https://example.org/a\">ab</a><a epub:type=\"noteref\"");
    }

    [Theory]
    [InlineData("part-1", "part", "doc-part", "bodymatter")]
    [InlineData("chapter-1", "chapter", "doc-chapter", "bodymatter")]
    [InlineData("front-1", "dedication", "doc-dedication", "frontmatter")]
    [InlineData("front-2", "foreword", "doc-foreword", "frontmatter")]
    [InlineData("back-1", "afterword", "doc-afterword", "backmatter")]
    [InlineData("back-2", null, null, "backmatter")]
    [InlineData("colophon", "colophon", "doc-colophon", "backmatter")]
    [InlineData("imprint", "copyright-page", null, "frontmatter")]
    public async Task Sections_say_what_they_are(string id, string? type, string? role, string division)
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        var section = epub.Page(id).QuerySelector("section")!;
        (section.GetAttribute("epub:type"), section.GetAttribute("role"), section.ParentElement!.GetAttribute("epub:type")).ShouldBe((type, role, division));
    }

    [Fact]
    public async Task Every_kind_of_block_has_its_element()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        var page = epub.Page("chapter-1");
        page.QuerySelectorAll(".subtitle, .byline, .epigraph").Select(element => element.ClassName).ShouldBe(["subtitle", "byline", "epigraph"]);
        page.QuerySelectorAll(".stanza").Select(stanza => stanza.QuerySelectorAll(".line").Select(line => line.ClassName!).ToList()).ShouldBe([["line line-0", "line line-2"], ["line line-0"]]);
        page.QuerySelectorAll(".box-title").Select(title => title.TextContent).ShouldBe(["Note", "Tip", "Warning", "Example", "Summary", "With a title", "Your turn", "Exercise"]);
        page.QuerySelectorAll("[role=doc-tip], [role=doc-notice], [role=doc-example]").Length.ShouldBe(4);
        page.QuerySelector("th")!.GetAttribute("scope").ShouldBe("col");
        page.QuerySelectorAll("ol").Select(list => list.GetAttribute("start")).ShouldContain("7");
        page.QuerySelectorAll(".letter p").Length.ShouldBe(3);
        page.QuerySelectorAll("blockquote p").Length.ShouldBe(2);
        page.QuerySelector("pre")!.TextContent.ShouldContain("if a < b and b > c:\n    print");
        page.QuerySelectorAll("span[lang]").Select(span => $"{span.GetAttribute("lang")} {span.GetAttribute("dir")}".TrimEnd()).ShouldBe(["fr", "he rtl"]);
        page.QuerySelectorAll(".small-caps, sup").Select(element => element.TextContent).ShouldBe(["small capitals", "nd"]);
    }

    [Fact]
    public async Task Pictures_tell_what_they_show_and_a_lost_one_is_told_in_words()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        var picture = epub.Page("chapter-1").QuerySelector("img")!;
        picture.GetAttribute("alt").ShouldBe("The sun over the sea");
        epub.Bytes($"EPUB/{picture.GetAttribute("src")}").ShouldBe(WholeBook.Of().Images[WholeBook.Picture].Content.ToArray());
        epub.Page("chapter-1").QuerySelector(".missing")!.TextContent.ShouldBe("A map of the salt coast");
        epub.Package.Descendants().Single(element => element.Attribute("properties")?.Value == "cover-image").Attribute("href")!.Value.ShouldBe("images/picture-1.png");
    }

    [Fact]
    public async Task A_picture_that_no_epub_can_carry_is_told_in_words_and_the_cover_set_in_type()
    {
        var book = WholeBook.Of();
        using var epub = await EpubFile.Of(book with { Images = new Dictionary<string, BookImage> { [WholeBook.Picture] = book.Images[WholeBook.Picture] with { MediaType = "image/webp" } } });

        epub.Page("chapter-1").QuerySelector(".missing")!.TextContent.ShouldBe("The sun over the sea");
        epub.Page("cover").QuerySelector(".cover-title")!.TextContent.ShouldBe("The Clockmaker’s Daughter");
        epub.Paths.ShouldNotContain(path => path.StartsWith("EPUB/images"));
        epub.Warnings.Single().ShouldStartWith("3 pictures could not be shown");
    }

    [Fact]
    public async Task Package_tells_all_that_is_known()
    {
        using var epub = await EpubFile.Of(WholeBook.Of(), pages: Pages);

        epub.Told("identifier").ShouldBe(["urn:uuid:5b0f3c1e-8a43-4f0a-9c55-0d6d3a6f7e11", "urn:isbn:9780306406157"]);
        epub.Told("title").ShouldBe(["The Clockmaker’s Daughter", "A Tale of the Salt Coast"]);
        epub.Told("publisher").ShouldBe(["Salt & Lamp"]);
        epub.Told("subject").ShouldBe(["Clocks", "Sea stories"]);
        epub.Told("rights").ShouldBe(["© 2026 Aisling Brandt", "All rights reserved."]);
        epub.Told("source").ShouldBe(["urn:isbn:9783161484100"]);
        epub.Told("schema:bookEdition").ShouldBe(["Second edition"]);
        epub.Told("schema:accessMode").ShouldBe(["textual", "visual"]);
        epub.Told("schema:accessModeSufficient").ShouldBe(["textual,visual", "textual"]);
        epub.Told("schema:accessibilityFeature").ShouldBe(["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "alternativeText", "printPageNumbers"]);
        epub.Page("imprint").Body!.TextContent.ShouldContain("generated by software (offline-author)");
        epub.Page("colophon").Body!.TextContent.ShouldContain("offline author");
    }

    [Fact]
    public async Task Package_tells_nothing_that_is_not_so()
    {
        var book = WholeBook.Of();
        using var plain = await EpubFile.Of(Books.Of(("One", "Text.")) with { Metadata = Books.Metadata with { Author = "", Description = null, AiService = "" } });
        using var untold = await EpubFile.Of(book with { Chapters = [new(1, "x", [new Figure(WholeBook.Picture, "", [])], 1)] });

        plain.Told("schema:accessMode").ShouldBe(["textual"]);
        plain.Told("schema:accessibilityFeature").ShouldNotContain("alternativeText");
        plain.Told("creator").Concat(plain.Told("description")).Concat(plain.Told("contributor")).Concat(plain.Told("publisher")).ShouldBeEmpty();
        plain.Package.Descendants().ShouldAllBe(element => element.HasElements || element.HasAttributes || element.Value.Length > 0);
        untold.Told("schema:accessModeSufficient").ShouldBe(["textual,visual"]);
        untold.Told("schema:accessibilityFeature").ShouldNotContain("alternativeText");
    }

    [Theory]
    [InlineData("ar", "rtl")]
    [InlineData("he", "rtl")]
    [InlineData("ja", "ltr")]
    [InlineData("en", "ltr")]
    public async Task Pages_turn_in_the_direction_of_the_language(string language, string direction)
    {
        using var epub = await EpubFile.Of(WholeBook.Of() with { Metadata = Books.Metadata with { Language = language } });

        epub.Package.Descendants().Single(element => element.Name.LocalName == "spine").Attribute("page-progression-direction")!.Value.ShouldBe(direction);
        (epub.Page("chapter-1").DocumentElement.GetAttribute("dir") ?? "ltr").ShouldBe(direction);
        epub.Page("chapter-1").DocumentElement.GetAttribute("lang").ShouldBe(language);
    }

    [Fact]
    public async Task Typefaces_that_are_given_are_carried_along()
    {
        var renderer = new EpubRenderer
        {
            Typefaces = (book, _) => Task.FromResult(new EpubTypefaces([new EpubFont(book.Design.BodyFont, IsBold: false, IsItalic: true, "font/ttf", new byte[] { 0, 1, 0, 0 })], [book.Design.BodyFont], [], [])),
        };
        using var epub = await EpubFile.Of(renderer, Books.Order(WholeBook.Of(), new ExportSettings()));

        epub.Style.ShouldContain("@font-face { font-family: \"EB Garamond\"; font-weight: normal; font-style: italic; src: url(fonts/font-1.ttf) }");
        epub.Bytes("EPUB/fonts/font-1.ttf").ShouldBe([0, 1, 0, 0]);
        epub.Package.Descendants().Single(element => element.Attribute("href")?.Value == "fonts/font-1.ttf").Attribute("media-type")!.Value.ShouldBe("font/ttf");
    }
}
