using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Text;

/// <summary>Plain text in UTF-8: wrapped lines, a blank line between paragraphs, no marks but the writer's own and the numbers of notes.</summary>
internal sealed class TextRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Txt;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var (book, design) = (PrintableText.Of(order.Manuscript), order.Design);
        var wording = BookWording.For(book.Metadata.Language);
        var page = new TextPage(design.TextWidth);

        TitlePage(page, book.Metadata, design, wording);
        if (design.IncludeContents)
        {
            page.Heading(wording.Contents);
            page.Lines(Contents(book, wording));
        }

        AddMatter(page, book.FrontMatter, design, wording);
        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var part in PartsAt(book, chapter))
            {
                page.Lines(["", ""]);
                page.Centred(wording.Label(part, book.Parts.Count));
                page.Centred(part.Title);
            }

            AddChapter(page, chapter, design, wording);
        }

        AddMatter(page, book.BackMatter, design, wording);
        page.Heading(wording.Colophon);
        page.Lines(new TextBlocks(design, wording).Section(ColophonText.Of(book)));
        return Task.FromResult(new RenderedBook(Encoding.UTF8.GetBytes(page.ToString())));
    }

    private static void TitlePage(TextPage page, BookMetadata metadata, BookDesign design, BookWording wording)
    {
        page.Centred(metadata.Title);
        if (design.IncludeTitlePage)
        {
            page.Centred(metadata.Subtitle);
            page.Centred(metadata.Author.Length == 0 ? "" : wording.By(metadata.Author));
            page.Centred(metadata.Edition);
            page.Centred(metadata.Publisher);
            page.Centred(metadata.Copyright ?? metadata.Completed.Year.ToString("D4"));
            page.Centred(metadata.Rights);
        }

        page.Centred(wording.Disclosure(metadata.AiService));
    }

    private static IEnumerable<string> Contents(Manuscript book, BookWording wording) =>
    [
        .. book.FrontMatter.Where(matter => !BookWording.IsQuiet(matter)).Select(matter => $"      {wording.Title(matter)}"),
        .. book.Chapters.SelectMany(chapter => PartsAt(book, chapter)
            .SelectMany(part => new[] { "", wording.Heading(part, book.Parts.Count) })
            .Append($"{chapter.Number,4}  {(chapter.Title.Length == 0 ? wording.Label(chapter) : chapter.Title)}")),
        .. book.BackMatter.Where(matter => !BookWording.IsQuiet(matter)).Select(matter => $"      {wording.Title(matter)}"),
    ];

    private static void AddChapter(TextPage page, Chapter chapter, BookDesign design, BookWording wording)
    {
        var label = wording.Label(chapter, design.ChapterLabel);
        var blocks = new TextBlocks(design, wording);
        page.Heading(label.Length == 0 && chapter.Title.Length == 0 ? wording.Label(chapter) : label, chapter.Title, chapter.Subtitle, chapter.Byline);
        if (chapter.Epigraph.Count > 0)
        {
            page.Lines(blocks.Layout([new BlockQuotation([new BlockQuotation(chapter.Epigraph)])], design.TextWidth).Append(""));
        }

        page.Lines(blocks.Section(chapter.Blocks));
    }

    private static void AddMatter(TextPage page, IEnumerable<Matter> sections, BookDesign design, BookWording wording)
    {
        foreach (var matter in sections)
        {
            var blocks = new TextBlocks(design, wording);
            if (BookWording.IsQuiet(matter))
            {
                page.Lines(["", ""]);
                page.CentredLines(blocks.Section(matter.Blocks));
            }
            else
            {
                page.Heading(wording.Title(matter));
                page.Lines(blocks.Section(matter.Blocks));
            }
        }
    }

    private static IEnumerable<Part> PartsAt(Manuscript book, Chapter chapter) => book.Parts.Where(part => part.FirstChapter == chapter.Number);
}
