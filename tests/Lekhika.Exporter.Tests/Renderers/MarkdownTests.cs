using System.Text;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Renderers;

public sealed class MarkdownTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Chapter_of_nasty_prose_reads_back_to_the_same_blocks(int seed)
    {
        var blocks = new NastyProse(seed).Blocks(12);

        var markdown = MarkdownWriter.Write(blocks);

        Shape.Of(MarkdownReader.Read(markdown)).ShouldBe(Shape.Of(blocks), markdown);
    }

    [Fact]
    public void Emphasis_that_marks_cannot_say_is_a_span()
    {
        var markdown = MarkdownWriter.Write([new Paragraph([new Core.Manuscripts.Text("pre"), new Emphasis([new Core.Manuscripts.Text("-fix")]), new Core.Manuscripts.Text("es*")])]);

        markdown.ShouldBe("pre[-fix]{.emphasis}es\\*");
        MarkdownReader.Read(markdown).ShouldHaveSingleItem().ShouldBeOfType<Paragraph>().Content[1].ShouldBeOfType<Emphasis>();
    }

    [Theory]
    [InlineData("1986. A great year")]
    [InlineData("Introduction: it begins")]
    [InlineData("- a dash at the start")]
    [InlineData("=====")]
    [InlineData("    indented")]
    [InlineData("ends in a backslash\\")]
    [InlineData("snake_case and 2*3*4")]
    public void Paragraph_keeps_its_characters(string text)
    {
        var markdown = MarkdownWriter.Write([new Paragraph([new Core.Manuscripts.Text(text)])]);

        MarkdownReader.Read(markdown).ShouldHaveSingleItem().ShouldBeOfType<Paragraph>()
            .Content.ShouldHaveSingleItem().ShouldBe(new Core.Manuscripts.Text(text));
    }

    [Fact]
    public void Plain_prose_stays_readable() =>
        MarkdownWriter.Write([new Paragraph([new Core.Manuscripts.Text("“Don’t,” she said — and "), new Emphasis([new Core.Manuscripts.Text("ran")]), new Core.Manuscripts.Text(" (again).")])])
            .ShouldBe("“Don’t,” she said — and *ran* (again).");
}
