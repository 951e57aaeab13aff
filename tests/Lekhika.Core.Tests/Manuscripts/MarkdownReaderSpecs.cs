using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class MarkdownReaderSpecs
{
    [Fact]
    public void Prose_becomes_paragraphs_scene_breaks_and_emphasis()
    {
        var blocks = MarkdownReader.Read("“Is it *far*?” she **asked**.\nHe nodded.\n\n***\n\n# Later");

        blocks.Count.ShouldBe(3);
        var paragraph = blocks[0].ShouldBeOfType<Paragraph>();
        paragraph.Content.Select(inline => inline.GetType()).ShouldBe([typeof(Text), typeof(Emphasis), typeof(Text), typeof(Strong), typeof(Text)]);
        PlainText.Of(paragraph.Content).ShouldBe("“Is it far?” she asked. He nodded.");
        blocks[1].ShouldBeOfType<SceneBreak>();
        blocks[2].ShouldBeOfType<Heading>().Level.ShouldBe(2);
    }

    [Fact]
    public void A_hard_break_is_kept_and_a_soft_one_is_a_space()
    {
        Content("one  \ntwo").ShouldContain(inline => inline is LineBreak);
        Content("one\\\ntwo").ShouldContain(inline => inline is LineBreak);
        Plain("one\ntwo\r\nthree").ShouldBe("one two three");
    }

    [Theory]
    [InlineData("Tom &amp; Jerry &copy; &#233; &nosuch;", "Tom & Jerry © é &nosuch;")]
    [InlineData("![a cat](cat.png) sat", "a cat sat")]
    [InlineData("a <b>bold</b> move", "a <b>bold</b> move")]
    [InlineData("<div>\nwords\n</div>", "<div> words </div>")]
    [InlineData("<!-- not hidden -->", "<!-- not hidden -->")]
    [InlineData("either | or", "either | or")]
    [InlineData("\\*not emphasis\\*", "*not emphasis*")]
    [InlineData("snake_case_word", "snake_case_word")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    public void What_is_no_mark_stays_text(string markdown, string plain) => Plain(markdown).ShouldBe(plain);

    [Theory]
    [InlineData("[site](https://example.org/a)", "https://example.org/a")]
    [InlineData("[mail](mailto:a@example.org)", "mailto:a@example.org")]
    [InlineData("<https://example.org>", "https://example.org")]
    [InlineData("<a@example.org>", "mailto:a@example.org")]
    [InlineData("[site][1]\n\n[1]: https://example.org/b", "https://example.org/b")]
    public void A_link_out_is_a_link(string markdown, string target) =>
        PlainBlocks.Inlines(MarkdownReader.Read(markdown)).OfType<Link>().ShouldHaveSingleItem().Target.ShouldBe(target);

    [Theory]
    [InlineData("[click](javascript:alert(1))", "click")]
    [InlineData("[click](JaVaScRiPt:alert(1))", "click")]
    [InlineData("[click](data:text/html,x)", "click")]
    [InlineData("[click](/relative)", "click")]
    [InlineData("[click](file:///etc/passwd)", "click")]
    [InlineData("<javascript:alert(1)>", "javascript:alert(1)")]
    [InlineData("<data:text/html,x>", "data:text/html,x")]
    public void Any_other_target_is_text(string markdown, string text)
    {
        var blocks = MarkdownReader.Read(markdown);

        PlainBlocks.Inlines(blocks).OfType<Link>().ShouldBeEmpty();
        PlainBlocks.Of(blocks).ShouldContain(text);
    }

    [Fact]
    public void A_line_of_dialogue_is_no_link_definition()
    {
        PlainBlocks.Of(MarkdownReader.Read("Then they spoke.\n\n[Mira]: Run!\n\n[Tom]: \"Never.\"\n\nAnd [Mira] ran.")).ShouldBe("Then they spoke.\n[Mira]: Run!\n[Tom]: \"Never.\"\nAnd [Mira] ran.");
    }

    [Fact]
    public void A_table_has_rows_as_wide_as_its_header_and_loses_no_cell()
    {
        var table = MarkdownReader.Read("| a | b |\n|:-:|--:|\n| 1 | *2* | 3 |\n| 4 |").ShouldHaveSingleItem().ShouldBeOfType<Table>();

        table.Columns.Take(2).ShouldBe([ColumnAlignment.Centre, ColumnAlignment.End]);
        table.Rows.ShouldAllBe(row => row.Count == table.Header.Count);
        table.Columns.Count.ShouldBe(table.Header.Count);
        PlainBlocks.Of([table]).Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["a", "b", "1", "2", "3", "4"]);
    }

    [Fact]
    public void Code_is_kept_to_the_letter()
    {
        MarkdownReader.Read("```cs\n  var a = 1 < 2;\n\n}\n```").ShouldBe([new CodeBlock("cs", "  var a = 1 < 2;\n\n}")]);
        MarkdownReader.Read("    indented *code*").ShouldBe([new CodeBlock(null, "indented *code*")]);
        Content("`a  *b*`").ShouldBe([new CodeSpan("a  *b*")]);
    }

    [Fact]
    public void Lists_keep_their_start_and_nest()
    {
        var list = MarkdownReader.Read("3. three\n4. four\n   - inner").ShouldHaveSingleItem().ShouldBeOfType<ItemList>();

        (list.Ordered, list.Start, list.Items.Count).ShouldBe((true, 3, 2));
        list.Items[1][1].ShouldBeOfType<ItemList>().Ordered.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    public void Nothing_is_no_block(string markdown) => MarkdownReader.Read(markdown).ShouldBeEmpty();

    private static string Plain(string markdown) => PlainBlocks.Of(MarkdownReader.Read(markdown));

    private static IReadOnlyList<Inline> Content(string markdown) => MarkdownReader.Read(markdown).ShouldHaveSingleItem().ShouldBeOfType<Paragraph>().Content;
}
