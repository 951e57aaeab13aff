using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class BookMarkupSpecs
{
    [Fact]
    public void Verse_keeps_its_lines_their_indent_and_its_stanzas()
    {
        var verse = Only<Verse>("::: verse\nThe tide goes out,\n    - the tide *comes\nin*\n\n# nobody counts\n:::");

        verse.Stanzas.Select(stanza => string.Join('/', stanza.Select(line => $"{line.Indent} {PlainText.Of(line.Content)}"))).ShouldBe(["0 The tide goes out,/2 - the tide comes/0 in", "0 # nobody counts"]);
        verse.Stanzas[0][1].Content.ShouldContain(inline => inline is Emphasis);
        verse.Stanzas[0][2].Content.ShouldHaveSingleItem().ShouldBeOfType<Emphasis>();
    }

    [Fact]
    public void A_line_of_verse_that_code_would_swallow_stays_a_line() =>
        PlainBlocks.Of(MarkdownReader.Read("::: verse\na `b\nc` d\n:::")).ShouldBe("a `b\nc` d");

    [Fact]
    public void A_letter_and_an_epigraph_hold_blocks()
    {
        Only<Letter>("::: letter\nDear *Ines*,\n\n- one\n- two\n:::").Content.Count.ShouldBe(2);
        Only<BlockQuotation>("::: {.epigraph}\nTime is a river.\n\n— Ansel\n:::").Content.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("note", CalloutKind.Note)]
    [InlineData("tip", CalloutKind.Tip)]
    [InlineData("{.callout .warning}", CalloutKind.Warning)]
    [InlineData("{.example}", CalloutKind.Example)]
    [InlineData("summary :::", CalloutKind.Summary)]
    [InlineData("callout", CalloutKind.Note)]
    public void A_callout_is_of_its_class(string head, CalloutKind kind) => Only<Callout>($"::: {head}\nText.\n:::").Kind.ShouldBe(kind);

    [Theory]
    [InlineData("::: tip\n## Mind *the* gap\n\nText.\n:::", "Mind the gap", "Text.")]
    [InlineData("::: {.tip title=\"Mind \\\"the\\\" *gap*\"}\nText.\n:::", "Mind \"the\" gap", "Text.")]
    [InlineData("::: {.tip title=\"\"}\n## Heading\n\nText.\n:::", "", "Heading\nText.")]
    [InlineData("::: tip\nText.\n:::", "", "Text.")]
    public void A_title_is_the_attribute_or_the_first_heading(string markdown, string title, string text)
    {
        var callout = Only<Callout>(markdown);

        PlainText.Of(callout.Title).ShouldBe(title);
        PlainBlocks.Of(callout.Content).ShouldBe(text);
    }

    [Fact]
    public void An_exercise_has_its_title() => PlainText.Of(Only<Exercise>("::: exercise\n### Your turn\n\nDraw.\n:::").Title).ShouldBe("Your turn");

    [Fact]
    public void Fences_nest_and_stand_in_lists_and_quotations_and_right_below_paragraphs()
    {
        var outer = Only<Letter>(":::: letter\nDear Ines,\n::: note\n```\n:::\n```\n- item\n\n  ::: tip\n  inner\n  :::\n:::\nYours\n::::");
        outer.Content.Count.ShouldBe(3);
        var note = outer.Content[1].ShouldBeOfType<Callout>();
        note.Content[0].ShouldBe(new CodeBlock(null, ":::"));
        note.Content[1].ShouldBeOfType<ItemList>().Items[0][1].ShouldBeOfType<Callout>();

        Only<BlockQuotation>("> ::: verse\n> one\n>   two\n> :::").Content.ShouldHaveSingleItem().ShouldBeOfType<Verse>().Stanzas[0][1].Indent.ShouldBe(1);
        MarkdownReader.Read("::: note\na\n:::\n::: note\nb\n:::").Count.ShouldBe(2);
        MarkdownReader.Read("::: letter\n::: note\na\n:::\n:::").ShouldHaveSingleItem().ShouldBeOfType<Letter>().Content.ShouldHaveSingleItem().ShouldBeOfType<Callout>();
    }

    [Theory]
    [InlineData("::: note\nNobody closes this.")]
    [InlineData("“What is it?”\n\n::: letter\n\nDear Ines,")]
    [InlineData("She typed ::: note and waited.")]
    [InlineData("::: he said\n\nNothing.\n\n:::")]
    [InlineData("::: {.sidebar}\nText.\n:::")]
    [InlineData("::: {.verse title=\"lost?\"}\nText.\n:::")]
    [InlineData(":::")]
    [InlineData("> ::: verse\n> open")]
    [InlineData("::: verse\none\n\ntwo")]
    public void A_fence_that_is_no_block_is_text_to_the_letter(string markdown)
    {
        var text = PlainBlocks.Of(MarkdownReader.Read(markdown));

        text.Split(['\n', ' ', '>'], StringSplitOptions.RemoveEmptyEntries).ShouldBe(markdown.Split(['\n', ' ', '>'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("x^2+y^2=z^2 and 2^3^4, (^o^) ^_^ a ^b^ c^")]
    [InlineData("On 12/03/1999 {sic} he wrote {{name}} and [x]{.red} [y]{z} [a] [b][c] {}")]
    [InlineData("~30 km, ~~no~~ H~2~O, ^ and ~ alone")]
    [InlineData("“[Mira]: Run!” [^2] and [^note] and [^ x]")]
    [InlineData("a {.smallcaps} b ]{.smallcaps} c {lang=fr}")]
    [InlineData("[words]{lang=f*r} [words]{.smallcaps title=x} [words]{}")]
    public void What_people_write_is_no_mark(string prose) => PlainBlocks.Of(MarkdownReader.Read(prose)).ShouldBe(prose);

    [Theory]
    [InlineData("\\", "\\")]
    [InlineData("word\\", "word\\")]
    [InlineData("*word*\\", "word\\")]
    [InlineData("one\\\ntwo\\", "one\ntwo\\")]
    [InlineData("word  ", "word")]
    public void A_backslash_at_the_end_of_the_paragraph_above_a_table_stays(string above, string expected)
    {
        var blocks = MarkdownReader.Read($"{above}\n| a | b |\n|---|---|\n| c | d |");

        blocks.Select(block => block.GetType().Name).ShouldBe(["Paragraph", "Table"]);
        PlainText.Of(((Paragraph)blocks[0]).Content).ShouldBe(expected);
    }

    [Fact]
    public void Spans_are_small_capitals_raised_words_and_words_of_a_language()
    {
        var inlines = PlainBlocks.Inlines(MarkdownReader.Read("[anno *domini*]{.smallcaps}, the 2^nd^ and 1[er *x*]{.superscript}, [le [mot]{.smallcaps}]{lang=fr} [**a**]{.strong}")).ToList();

        inlines.OfType<SmallCaps>().Select(caps => PlainText.Of(caps.Content)).ShouldBe(["anno domini", "mot"]);
        inlines.OfType<Superscript>().Select(raised => PlainText.Of(raised.Content)).ShouldBe(["nd", "er x"]);
        inlines.OfType<LanguageSpan>().ShouldHaveSingleItem().Language.ShouldBe("fr");
        inlines.OfType<Emphasis>().Count().ShouldBe(2);
    }

    [Fact]
    public void A_language_of_blocks_is_that_of_their_words()
    {
        var blocks = MarkdownReader.Read("::: {lang=fr}\n## Le titre\n\nUn mot.\n\n- un\n:::\n\n::: {.letter lang=\"pt-BR\"}\nCara Ines,\n:::");

        PlainBlocks.Inlines(blocks).OfType<LanguageSpan>().Select(span => (span.Language, PlainText.Of(span.Content))).ShouldBe([("fr", "Le titre"), ("fr", "Un mot."), ("fr", "un"), ("pt-BR", "Cara Ines,")]);
        blocks.Count.ShouldBe(4);
    }

    [Fact]
    public void A_picture_alone_is_a_figure_and_among_words_its_alternative_text()
    {
        var figure = Only<Figure>("![A *sun*](asset:sun \"The sun, *drawn*\")");

        (figure.Image, figure.Alternative, PlainText.Of(figure.Caption)).ShouldBe(("sun", "A sun", "The sun, drawn"));
        figure.Caption[1].ShouldBeOfType<Emphasis>();
        Only<Figure>("![A cat](https://example.org/cat.png)").Image.ShouldBe("https://example.org/cat.png");
        PlainBlocks.Of(MarkdownReader.Read("See ![a cat](cat.png) there.")).ShouldBe("See a cat there.");
    }

    [Fact]
    public void Emphasis_needs_no_spaces_in_Chinese() =>
        PlainBlocks.Inlines(MarkdownReader.Read("他说**“你好。”**然后走了。")).OfType<Strong>().ShouldHaveSingleItem();

    private static T Only<T>(string markdown) where T : Block => MarkdownReader.Read(markdown).ShouldHaveSingleItem().ShouldBeOfType<T>();
}
