using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Text;

/// <summary>Plain text in UTF-8: wrapped lines, a blank line between paragraphs, no marks but the writer's own.</summary>
internal sealed class TextRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Txt;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var wording = BookWording.For(book.Metadata.Language);
        var page = new TextPage();

        TitlePage(page, book.Metadata, wording);
        if (order.Design.IncludeContents)
        {
            page.Heading(wording.Contents);
            page.Lines(book.Chapters.Select(chapter => $"{chapter.Number,4}  {chapter.Title}".TrimEnd()));
        }

        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            page.Heading(wording.Label(chapter), chapter.Title);
            page.Blocks(chapter.Blocks);
        }

        page.Heading(wording.Colophon);
        page.Blocks([.. book.Colophon.Select(text => new Paragraph([new Core.Manuscripts.Text(text)]))]);
        return Task.FromResult(new RenderedBook(Encoding.UTF8.GetBytes(page.ToString())));
    }

    private static void TitlePage(TextPage page, BookMetadata metadata, BookWording wording)
    {
        page.Centred(metadata.Title);
        page.Centred(metadata.Subtitle ?? "");
        page.Centred(metadata.Author.Length == 0 ? "" : wording.By(metadata.Author));
        page.Centred(metadata.Completed.Year.ToString("D4"));
        page.Centred(wording.Disclosure(metadata.AiService));
    }
}
