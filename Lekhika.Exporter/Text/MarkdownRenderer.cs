using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Text;

/// <summary>CommonMark: the title and each chapter are level-1 headings, and a chapter's text reads back to the same blocks.</summary>
internal sealed class MarkdownRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Markdown;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var (metadata, wording) = (book.Metadata, BookWording.For(book.Metadata.Language));
        var file = new StringBuilder();

        Paragraph(file, Heading(metadata.Title));
        Paragraph(file, metadata.Subtitle is null ? "" : $"**{MarkdownText.Escape(metadata.Subtitle)}**");
        Paragraph(file, metadata.Author.Length == 0 ? "" : MarkdownText.Escape(wording.By(metadata.Author)));
        Paragraph(file, $"*{MarkdownText.Escape(wording.Disclosure(metadata.AiService))}*");
        if (order.Design.IncludeContents)
        {
            Paragraph(file, $"**{wording.Contents}**");
            Paragraph(file, string.Join('\n', book.Chapters.Select(chapter => $"{chapter.Number}. {MarkdownText.Escape(chapter.Title)}".TrimEnd())));
        }

        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Paragraph(file, Heading(wording.Heading(chapter)));
            Paragraph(file, MarkdownWriter.Write(chapter.Blocks));
        }

        Paragraph(file, Heading(wording.Colophon));
        Paragraph(file, MarkdownWriter.Write([.. book.Colophon.Select(text => new Paragraph([new Core.Manuscripts.Text(text)]))]));
        return Task.FromResult(new RenderedBook(Encoding.UTF8.GetBytes(file.ToString())));
    }

    private static string Heading(string title) => "# " + MarkdownText.Escape(title);

    private static void Paragraph(StringBuilder file, string text)
    {
        if (text.Length > 0)
        {
            file.Append(file.Length == 0 ? "" : "\n").Append(text).Append('\n');
        }
    }
}
