using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Html;

namespace Lekhika.Exporter.Tests.Renderers;

public sealed class HtmlBookTests
{
    [Fact]
    public async Task Every_kind_of_block_has_its_element()
    {
        var page = await Open(WholeBook.Of());
        var chapter = page.GetElementById("chapter-1")!;

        chapter.QuerySelector(".chapter-subtitle")!.TextContent.ShouldBe("In which all is shown");
        chapter.QuerySelector(".byline")!.TextContent.ShouldBe("Tomas Reyne");
        chapter.QuerySelectorAll("blockquote.epigraph[role=doc-epigraph] p").Length.ShouldBe(2);
        chapter.QuerySelectorAll(".verse p").Select(stanza => string.Join('/', stanza.Children.Select(line => $"{line.ClassName} {line.TextContent}"))).ShouldBe(["line The tide goes out,/line in-2 the tide comes in", "line and nobody counts the hours."]);
        chapter.QuerySelectorAll("blockquote.letter p").Length.ShouldBe(3);
        chapter.QuerySelectorAll("aside.box .box-title").Select(title => title.TextContent).ShouldBe(["Note", "Tip", "Warning", "Example", "Summary", "Tip With a title"]);
        chapter.QuerySelectorAll("section.exercise .box-title").Select(title => title.TextContent).ShouldBe(["Exercise Your turn", "Exercise"]);
        chapter.QuerySelector(".caps")!.TextContent.ShouldBe("small capitals");
        chapter.QuerySelector("p sup")!.TextContent.ShouldBe("nd");
        page.QuerySelectorAll("main section[role]").Select(section => section.GetAttribute("role")).Where(role => role is not "doc-endnotes").ShouldBe(["doc-dedication", "doc-foreword", "doc-part", "doc-chapter", "doc-chapter", "doc-part", "doc-chapter", "doc-afterword"]);
        page.QuerySelectorAll("nav a").Select(entry => entry.TextContent).ShouldBe(["Before the Tide", "Part One: Ebb", "Chapter 1 Every Kind", "Chapter 2 The Other Chapter", "Part Two", "Chapter 3", "Afterword", "About the Author"]);
    }

    [Fact]
    public async Task A_note_and_its_call_lead_to_each_other()
    {
        var page = await Open(WholeBook.Of());

        var calls = page.QuerySelectorAll("a[role=doc-noteref]");
        calls.Select(call => (call.TextContent, call.GetAttribute("aria-label"))).ShouldBe([("1", "Note 1"), ("2", "Note 2"), ("1", "Note 1")]);
        foreach (var call in calls)
        {
            var note = page.GetElementById(call.GetAttribute("href")!.TrimStart('#'))!;
            note.Closest("section[role=doc-endnotes]").ShouldNotBeNull();
            page.GetElementById(note.QuerySelector("a[role=doc-backlink]")!.GetAttribute("href")!.TrimStart('#')).ShouldBe(call);
        }

        page.QuerySelectorAll("[id]").Select(element => element.Id).ShouldBeUnique();
        page.GetElementById("chapter-1-note-2")!.QuerySelector("ul")!.TextContent.ShouldBe("with a list");
    }

    [Fact]
    public async Task Pictures_are_in_the_page_and_one_that_is_not_there_is_told()
    {
        var book = WholeBook.Of();
        var page = await Open(book);

        var picture = page.QuerySelector("figure img")!;
        picture.GetAttribute("src").ShouldBe("data:image/png;base64," + Convert.ToBase64String(book.Images[WholeBook.Picture].Content.Span));
        (picture.GetAttribute("alt"), picture.GetAttribute("width"), picture.GetAttribute("height")).ShouldBe(("The sun over the sea", "120", "80"));
        picture.Closest("figure")!.QuerySelector("figcaption")!.TextContent.ShouldBe("The sun, drawn by hand");
        page.QuerySelector("figure .missing")!.TextContent.ShouldBe("A map of the salt coast");
        page.QuerySelectorAll("[src]").ShouldAllBe(element => element.GetAttribute("src")!.StartsWith("data:image/png;base64,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_policy_allows_this_style_and_nothing_else()
    {
        var page = await Open(WholeBook.Of());

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.QuerySelector("style")!.TextContent)));
        page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content").ShouldBe($"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'");
        page.QuerySelectorAll("[style], script, link:not([rel=describedby]), iframe, object, form").ShouldBeEmpty();
    }

    [Fact]
    public async Task No_text_of_a_book_becomes_style_or_markup()
    {
        const string Nasty = "</style><script>alert(1)</script>\"'\\}*{";
        var book = WholeBook.Of();
        book = book with
        {
            Metadata = book.Metadata with { Title = Nasty, Publisher = Nasty },
            Chapters = [new(1, Nasty, [new Figure("x", Nasty, [new Core.Manuscripts.Text(Nasty)]), new Callout(CalloutKind.Tip, [new Core.Manuscripts.Text(Nasty)], []), new Paragraph([new LanguageSpan([new Core.Manuscripts.Text(Nasty)], Nasty)])], 1)],
            Images = new Dictionary<string, BookImage> { ["x"] = new("text/html,<script>", 1, 1, default) },
        };

        var page = await Open(book, new() { SceneOrnament = "</style>\"}<" });

        page.QuerySelectorAll("script, img").ShouldBeEmpty();
        page.QuerySelector("style")!.TextContent.ShouldNotContain("<");
        page.QuerySelector("h1")!.TextContent.ShouldBe(Nasty);
        page.QuerySelector("figure .missing")!.TextContent.ShouldBe(Nasty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_parser_of_html_sees_the_elements_that_were_written(int seed)
    {
        var file = await new HtmlRenderer().RenderAsync(Books.Order(NastyBook.Of(seed)), default);
        var text = Encoding.UTF8.GetString(file.Content);

        var page = new HtmlParser().ParseDocument(text);

        page.QuerySelectorAll("a a").ShouldBeEmpty();
        page.All.Select(element => $"{element.ParentElement?.LocalName}/{element.LocalName}")
            .ShouldBe(XDocument.Parse(text).Descendants().Select(element => $"{element.Parent?.Name.LocalName}/{element.Name.LocalName}"));
    }

    [Theory]
    [InlineData("One [](https://example.org) two.")]
    [InlineData("x []{.strong} y")]
    [InlineData("x []{.smallcaps} y")]
    [InlineData("[![](p.png)](https://a.b)")]
    [InlineData(">")]
    [InlineData("-")]
    public async Task What_is_empty_ends_where_it_stands(string markdown)
    {
        var page = await Open(Books.Of(("One", markdown + "\n\nLast words."), ("Two", "Others.")));

        var last = page.QuerySelectorAll("#chapter-1 p")[^1];
        (last.InnerHtml, last.ParentElement!.Id).ShouldBe(("Last words.", "chapter-1"));
        page.GetElementById("chapter-2")!.ParentElement!.LocalName.ShouldBe("main");
    }

    [Fact]
    public async Task A_dedications_own_title_is_its_heading_and_in_the_contents()
    {
        var page = await Open(WholeBook.Dedicated("For Ada"));

        page.QuerySelector("section.dedication h2")!.TextContent.ShouldBe("For Ada");
        page.QuerySelectorAll("nav a").Select(entry => entry.TextContent).ShouldContain("For Ada");
        (await Open(WholeBook.Dedicated(""))).QuerySelector("section.dedication h2").ShouldBeNull();
    }

    [Fact]
    public async Task A_note_called_in_a_link_is_called_behind_it()
    {
        var page = await Open(Books.Of(("One", "See [the *map*[^1] of it](https://example.org) and[^2] more.\n\n[^1]: First.\n\n[^2]: Second.")));

        page.QuerySelector("main p")!.TextContent.ShouldBe("See the map of it1 and2 more.");
        page.QuerySelector("main p a[rel]")!.TextContent.ShouldBe("the map of it");
        page.QuerySelectorAll("main p > sup > a[role=doc-noteref]").Select(call => call.GetAttribute("href")).ShouldBe(["#chapter-1-note-1", "#chapter-1-note-2"]);
    }

    [Fact]
    public async Task A_book_from_right_to_left_is_so_and_words_from_left_to_right_in_it_too()
    {
        var book = Books.Of(("א", "שלום [hello]{lang=en} ו[مرحبا]{lang=ar}\n\n```\nx = 1\n```"));
        var page = await Open(book with { Metadata = book.Metadata with { Language = "he" } });

        page.DocumentElement.GetAttribute("dir").ShouldBe("rtl");
        page.QuerySelectorAll("main span[lang]").Select(span => (span.GetAttribute("lang"), span.GetAttribute("dir"))).ShouldBe([("en", "ltr"), ("ar", null)]);
        page.QuerySelector("pre")!.GetAttribute("dir").ShouldBe("ltr");
        (await Open(WholeBook.Of())).QuerySelector("span[lang=he]")!.GetAttribute("dir").ShouldBe("rtl");
    }

    public static TheoryData<string, string> Settings => new()
    {
        { """{"pageSize":"A5"}""", "size: 148mm 210mm" },
        { """{"pageMargins":"narrow"}""", "margin: 12.7mm" },
        { """{"bodyFont":"Lato"}""", "--body-font: \"Lato\", system-ui" },
        { """{"headingFont":"Lora"}""", "--heading-font: \"Lora\", " },
        { """{"bodyFontSize":13}""", "--body-size: 13pt; --scale: 1.238" },
        { """{"headingScale":"large"}""", "--heading-scale: 1.25" },
        { """{"lineHeight":1.8}""", "--leading: 1.8" },
        { """{"paragraphSpacing":6}""", "--indent: 0; --gap: 0.571em" },
        { """{"alignment":"start"}""", "--align: start" },
        { """{"colours":"sepia"}""", "--paper: #f6eedd" },
        { """{"colours":"dark"}""", "  color-scheme: dark" },
        { """{"accentColour":"#aa3300"}""", "--accent: #aa3300" },
        { """{"dropCaps":false}""", "!p.drop::first-letter" },
        { """{"smallCapsLeadIn":false}""", "!p.lead::first-line" },
        { """{"sceneOrnament":"❦"}""", "content: \"❦\"" },
        { """{"hyphenate":false}""", "--hyphens: manual" },
        { """{"chapterOpening":"continuous"}""", "--open: auto" },
        { """{"runningHeads":false}""", "!@top-center { content: \"" },
        { """{"folios":false}""", "!counter(page)" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_setting_of_the_design_shows_in_the_style(string settings, string rule)
    {
        var (usual, page) = (await Style(new()), await Style(Core.Json.Read<ExportSettings>(settings)));

        // "!": the rule is there without the setting.
        var (with, without) = rule[0] == '!' ? (usual, page) : (page, usual);
        with.ShouldContain(rule.TrimStart('!'));
        without.ShouldNotContain(rule.TrimStart('!'));
    }

    [Fact]
    public async Task Settings_of_the_books_parts_show()
    {
        var settings = new ExportSettings { IncludeTitlePage = false, IncludeCover = false, IncludeContents = false, ChapterLabel = ChapterLabel.None };

        var page = await Open(WholeBook.Of(), settings);

        page.QuerySelector("nav").ShouldBeNull();
        page.QuerySelector("header")!.Children.Select(element => element.LocalName).ShouldBe(["h1", "p"]);
        page.GetElementById("chapter-1-title")!.TextContent.ShouldBe("Every Kind");
        page.GetElementById("chapter-3-title")!.TextContent.ShouldBe("Chapter 3");
    }

    private static async Task<string> Style(ExportSettings settings) => (await Open(WholeBook.Of(), settings)).QuerySelector("style")!.TextContent;

    private static async Task<IHtmlDocument> Open(Manuscript book, ExportSettings? settings = null)
    {
        var file = await new HtmlRenderer().RenderAsync(Books.Order(book, settings), default);
        return new HtmlParser().ParseDocument(Encoding.UTF8.GetString(file.Content));
    }
}
