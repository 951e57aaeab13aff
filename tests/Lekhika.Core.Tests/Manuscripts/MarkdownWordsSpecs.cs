using System.Text;
using System.Text.RegularExpressions;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class MarkdownWordsSpecs
{
    /// <summary>
    /// How much more may be allocated for twice the text: work that grows with the square of a text's length allocates four times as much, as every text, list and
    /// mark of it is an object. Unlike time it is the same on a machine that is busy.
    /// </summary>
    private const double MostGrowth = 3;

    /// <summary>All but a link's "(": its target is followed, not read.</summary>
    private static readonly string[] Marks =
    [
        "*", "**", "***", "_", "__", "`", "``", "```", "~~~", "#", "##", ">", ">>", "-", "+", "1.", "7)", "|", "||", "\n|---|---|\n", "---", "***", "===", "[", "]", ")",
        "<", ">", "<b>", "</b>", "<!--", "-->", "&", "&amp;", "\\", "\\*", "~", "^", ":", "!", "\"", "'", "{", "}", "[x]", "]:", "$", "@", "  ", "    ",
        ":::", "\n:::\n", "\n::: note\n", "::: verse\n", "\n\n::: {lang=fr}\n", "\n::: letter\n", "\n::::\n", "{.smallcaps}", "]{.smallcaps}", "]{lang=fr}", "^o^", "[^", "{.note}", "\t", "“", "”", "—",
    ];

    /// <summary>Words are w1x, w2x … so that marks can neither be taken for words nor hide one.</summary>
    [Fact]
    public void No_word_is_lost_or_moved_whatever_marks_stand_between()
    {
        var random = new Random(1865);
        for (var round = 0; round < 10_000; round++)
        {
            var source = new StringBuilder();
            var words = random.Next(1, 25);
            for (var n = 1; n <= words; n++)
            {
                for (var marks = random.Next(4) * random.Next(2); marks > 0; marks--)
                {
                    source.Append(Marks[random.Next(Marks.Length)]);
                }

                source.Append('w').Append(n).Append('x').Append(random.Next(8) switch { 0 => "\n\n", 1 => "\n", 2 => "  \n", 3 => "", _ => " " });
                source.Append(random.Next(3) == 0 ? Marks[random.Next(Marks.Length)] : "");
                source.Append(' ');
            }

            var markdown = source.ToString();
            var expected = Words(markdown);
            var read = Words(PlainBlocks.Of(MarkdownReader.Read(markdown)));
            read.ShouldBe(expected, $"{round}: {markdown}");
        }
    }

    /// <summary>Most of these have a mark that is read the long way; those with fewer marks are counted the short one.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(12)]
    [InlineData(3)]
    public void Words_are_counted_the_same_with_and_without_reading_the_blocks(int kinds)
    {
        var random = new Random(kinds);
        for (var round = 0; round < 5_000; round++)
        {
            var source = new StringBuilder();
            var marks = Marks.OrderBy(_ => random.Next()).Take(kinds).ToArray();
            for (var words = random.Next(1, 25); words > 0; words--)
            {
                source.Append(random.Next(2) == 0 ? marks[random.Next(marks.Length)] : "").Append(random.Next(10) == 0 ? "1984" : "word")
                    .Append(random.Next(8) switch { 0 => "\n\n", 1 => "\n", 2 => "  \n", 3 => ". ", 4 => "", _ => " " });
            }

            WordCount.OfMarkdown(source.ToString()).ShouldBe(WordCount.Of(MarkdownReader.Read(source.ToString())), $"{round}: {source}");
        }
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("1. ")]
    [InlineData("> - ")]
    [InlineData("*a ")]
    [InlineData("**a ")]
    [InlineData("_a* ")]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("[a](")]
    [InlineData("<")]
    [InlineData("`a``")]
    [InlineData("|")]
    [InlineData("(")]
    [InlineData("&")]
    [InlineData("::: note\n")]
    [InlineData("::: verse\n")]
    [InlineData("::: note\n\n- ")]
    [InlineData(":::\n")]
    [InlineData("[^1]: ")]
    [InlineData("[^1]:\n\n    ")]
    [InlineData("[^1]: [^2]\n\n[^2]: [^1]\n\n")]
    [InlineData("[a ")]
    [InlineData("[a]{.smallcaps} ")]
    [InlineData("]{.smallcaps} ")]
    [InlineData("*[a]{")]
    [InlineData("x^2^")]
    [InlineData("^")]
    [InlineData("{")]
    [InlineData("![a](asset:b \"c\")\n\n")]
    public void Ten_thousand_levels_neither_crash_nor_cost_more_than_their_length(string mark) => IsLinear(levels => Times(mark, levels) + "end");

    [Fact]
    public void What_closes_ten_thousand_times_is_read_too()
    {
        IsLinear(levels => Times("*a **b ", levels / 2) + "mid" + Times(" c** d*", levels / 2) + "\n\nend");
        IsLinear(levels => Times("[", levels) + "mid" + Times("](u)", levels) + "\n\nend");
    }

    [Fact]
    public void Deep_emphasis_keeps_code_entities_and_breaks()
    {
        var markdown = string.Concat(Enumerable.Repeat("*a **b ", 12)) + "`code` &amp; <https://example.org>  \nlast" + string.Concat(Enumerable.Repeat(" c** d*", 12));

        var plain = PlainBlocks.Of(MarkdownReader.Read(markdown));

        plain.ShouldContain("code & https://example.org\nlast");
    }

    [Fact]
    public void A_long_chapter_costs_no_more_than_its_length()
    {
        IsLinear(paragraphs => string.Concat(Enumerable.Range(1, 2 * paragraphs).Select(n => $"“Word *{n}*,” she said, and [looked away.\n\n")) + "end");
        MarkdownReader.Read(Times("“Word,” she said, and [looked away.\n\n", 20_000)).Count.ShouldBe(20_000);
    }

    /// <summary>Reads a text of 5,000 of something and one of 10,000; each ends with the word "end".</summary>
    private static void IsLinear(Func<int, string> text)
    {
        var (half, whole) = (text(5_000), text(10_000));
        Allocated(half); // What is allocated once for all is not counted.

        ((double)Allocated(whole) / Allocated(half)).ShouldBeLessThan(MostGrowth);
    }

    private static long Allocated(string markdown)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var blocks = MarkdownReader.Read(markdown);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        PlainBlocks.Of(blocks).ShouldEndWith("end");
        return allocated;
    }

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string[] Words(string text) => [.. Regex.Matches(text, @"w\d+x", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value)];
}
