using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Tests.Markdown;

public sealed class BookRoundTripTests
{
    [Fact]
    public async Task A_book_with_every_part_comes_back_whole()
    {
        var book = WholeBook.Of();

        Dump.Difference(Dump.Of(book), Dump.Of(BookReader.Read(await Export(book)))).ShouldBe("");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(180)]
    public async Task Random_books_come_back_whole_and_are_written_the_same_again(int first)
    {
        for (var seed = first; seed < first + 60; seed++)
        {
            var book = PrintableText.Of(new RandomBook(seed).Next());

            var file = await Export(book);
            var read = BookReader.Read(file);

            Dump.Difference(Dump.Of(book), Dump.Of(read)).ShouldBe("", $"seed {seed}\n{file}");
            (await Export(read)).ShouldBe(file);
        }
    }

    private static async Task<string> Export(Manuscript book) =>
        Encoding.UTF8.GetString((await new MarkdownRenderer().RenderAsync(Books.Order(book), default)).Content);
}
