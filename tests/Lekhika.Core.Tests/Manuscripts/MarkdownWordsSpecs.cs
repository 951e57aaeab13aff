using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class MarkdownWordsSpecs
{
    /// <summary>Generous, as all test projects share the machine: what is not linear here takes minutes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

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
    public void Ten_thousand_levels_neither_crash_nor_take_long(string mark)
    {
        var clock = Stopwatch.StartNew();
        var deep = string.Concat(Enumerable.Repeat(mark, 10_000)) + "end";

        var blocks = MarkdownReader.Read(deep);

        PlainBlocks.Of(blocks).ShouldEndWith("end");
        clock.Elapsed.ShouldBeLessThan(Long);
    }

    [Fact]
    public void What_closes_ten_thousand_times_is_read_too()
    {
        var clock = Stopwatch.StartNew();
        PlainBlocks.Of(MarkdownReader.Read(string.Concat(Enumerable.Repeat("*a **b ", 5_000)) + "mid" + string.Concat(Enumerable.Repeat(" c** d*", 5_000)) + "\n\nend")).ShouldEndWith("end");
        PlainBlocks.Of(MarkdownReader.Read(new string('[', 10_000) + "mid" + string.Concat(Enumerable.Repeat("](u)", 10_000)) + "\n\nend")).ShouldEndWith("end");
        clock.Elapsed.ShouldBeLessThan(Long);
    }

    [Fact]
    public void Deep_emphasis_keeps_code_entities_and_breaks()
    {
        var markdown = string.Concat(Enumerable.Repeat("*a **b ", 12)) + "`code` &amp; <https://example.org>  \nlast" + string.Concat(Enumerable.Repeat(" c** d*", 12));

        var plain = PlainBlocks.Of(MarkdownReader.Read(markdown));

        plain.ShouldContain("code & https://example.org\nlast");
    }

    [Fact]
    public void A_long_chapter_is_read_quickly()
    {
        var chapter = string.Concat(Enumerable.Range(1, 20_000).Select(n => $"“Word *{n}*,” she said, and [looked away.\n\n"));
        var clock = Stopwatch.StartNew();

        MarkdownReader.Read(chapter).Count.ShouldBe(20_000);

        clock.Elapsed.ShouldBeLessThan(Long);
    }

    private static string[] Words(string text) => [.. Regex.Matches(text, @"w\d+x", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value)];
}
