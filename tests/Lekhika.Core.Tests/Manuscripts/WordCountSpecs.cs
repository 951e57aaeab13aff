using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class WordCountSpecs
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("   \n\t ", 0)]
    [InlineData("one two  three\nfour", 4)]
    [InlineData("well-known mother-in-law", 2)]
    [InlineData("don't “can’t” 'tis", 3)]
    [InlineData("he paused – then — spoke", 4)]
    [InlineData("night—and day", 2)]
    [InlineData("*** --- … ? !", 0)]
    [InlineData("**bold** _it_ `code`", 3)]
    [InlineData("in 1984, 3,000 people", 4)]
    [InlineData("वह घड़ी की दुकान में गई।", 6)]
    [InlineData("时钟匠的女儿", 1)]
    [InlineData("non\u00a0breaking", 2)]
    [InlineData("𝐁𝐨𝐥𝐝 𐐀𐐁 🔥", 2)]
    [InlineData("𠀀𠀁", 1)]
    public void Words_are_what_stands_between_white_space_and_holds_a_letter_or_a_digit(string text, int words) => WordCount.Of(text).ShouldBe(words);

    [Fact]
    public void Blocks_count_at_any_depth()
    {
        var blocks = MarkdownReader.Read("""
            ## Two words

            One *two* three.

            > four five
            > - six
            >   1. seven

            ```
            eight nine
            ```

            | ten | eleven |
            |-----|--------|
            | twelve | thirteen |

            ***
            """);

        WordCount.Of(blocks).ShouldBe(15);
        new Chapter(1, "Not counted", blocks, 1).Words.ShouldBe(15);
    }
}
