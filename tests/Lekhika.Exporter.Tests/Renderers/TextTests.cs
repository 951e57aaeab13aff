using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Renderers;

public sealed class TextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nasty_prose_comes_out_to_the_letter(int seed)
    {
        var prose = new NastyProse(seed);
        var blocks = Enumerable.Range(0, 50).Select(_ => new Paragraph([new Core.Manuscripts.Text(prose.Line(40))])).ToList();
        var book = Books.Of() with { Chapters = [new Chapter(1, "First", blocks, 1)] };

        var text = await Render(Books.Order(book, new ExportSettings { IncludeContents = false }));

        var start = text.IndexOf("=====\n", text.IndexOf("First\n", StringComparison.Ordinal), StringComparison.Ordinal) + 6;
        Characters.Of(text[start..text.LastIndexOf("Colophon", StringComparison.Ordinal)]).ShouldBe(Characters.Of(blocks));
    }

    [Fact]
    public async Task Book_of_every_kind_of_block_reads_well()
    {
        var text = await Render(Books.Order(Books.OfEveryKind()));

        text.ShouldContain("* * *");
        text.ShouldContain("  - one\n");
        text.ShouldContain("  7. seven\n");
        text.ShouldContain("    if a < b and b > c:\n        print(");
        text.ShouldContain("Name  Age   Note\n----  ---  -----\nAda   36   a | b\n");
        text.ShouldContain("\n\n\nChapter 2\nThe Other Chapter\n=================\n\nShort.\n");
        text.ShouldContain("   1  Every Kind\n   2  The Other Chapter\n");
        text.ShouldContain("Colophon\n========\n\nThis book was made by the offline author");
        text.Split('\n').ShouldAllBe(line => line.Length <= 72 && !line.EndsWith(' '));
    }

    [Fact]
    public async Task Contents_are_left_out_when_not_wanted() =>
        (await Render(Books.Order(Books.OfEveryKind(), new ExportSettings { IncludeContents = false }))).ShouldNotContain("Contents");

    private static async Task<string> Render(RenderOrder order) =>
        Encoding.UTF8.GetString((await new TextRenderer().RenderAsync(order, default)).Content);
}
