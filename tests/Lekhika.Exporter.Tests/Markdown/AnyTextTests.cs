using System.Text;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Markdown;

public sealed class AnyTextTests
{
    private static readonly string[] Pieces =
    [
        "word", "“Yes,”", "词语", "1986.", "*", "**", "_", "`", "``", "```", "#", "##", ">", "-", "+", "1.", "7)", "|", "\n| a | b |\n|---|---|\n| c |", "***", "===", "[", "]", "(", ")", "!", "![a](b \"c\")",
        "<b>", "&amp;", "&", "\\", "~", "^", "x^2^", ":", "::: note\n", "\n:::\n", "\n::: verse\n", "\n\n::: {.tip title=\"*a* b\"}\n", "\n::: {lang=fr}\n", "{.smallcaps}", "]{.smallcaps}", "]{lang=fr}", "[^1]", "\n\n[^1]: note\n\n    more\n",
        "[a](http://b.c)", "http://b.c", "<http://b.c>", "  ", "    ", "\t", "\n", "\n\n", "\n\n", " ", " ", " ", "  \n", "\\\n",
    ];

    [Theory]
    [InlineData("\\\n| a | b |\n|---|---|\n| c | d |")]
    [InlineData("one *two*\\\n\\\n| a | b |\n|---|---|\n| c | d |")]
    public void A_backslash_above_a_table_comes_back(string text)
    {
        var blocks = MarkdownReader.Read(text);

        var markdown = MarkdownWriter.Write(blocks);

        markdown.ShouldContain(@"\\");
        Dump.Difference(Dump.Of(blocks), Dump.Of(MarkdownReader.Read(markdown))).ShouldBe("", markdown);
    }

    /// <summary>What was read of any text is written so that the same is read again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_was_read_comes_back(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var text = new StringBuilder();
            for (var pieces = random.Next(1, 30); pieces > 0; pieces--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]).Append(random.Next(3) == 0 ? " " : "");
            }

            var blocks = MarkdownReader.Read(text.ToString());
            var markdown = MarkdownWriter.Write(blocks);

            Dump.Difference(Dump.Of(blocks), Dump.Of(MarkdownReader.Read(markdown))).ShouldBe("", $"round {round}\n{text}\n-------- written\n{markdown}");
        }
    }
}
