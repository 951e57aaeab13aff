using System.Text;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Core.Manuscripts.Markup;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Text;

/// <summary>Markdown in the form of <see cref="BookFile"/>: <see cref="BookReader"/> reads the same manuscript again. Only title page and contents are made from settings.</summary>
internal sealed class MarkdownRenderer : IBookRenderer
{
    private const int Base64Columns = 76;

    public ExportFormat Format => ExportFormat.Markdown;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var wording = BookWording.For(book.Metadata.Language);
        var writer = new MarkdownWriter();
        var file = new StringBuilder();

        Add(file, MetadataBlock.Lines(BookFileMetadata.Of(book)));
        Add(file, MarkdownWriter.Fenced(BookFile.TitlePage, TitlePage(book, order.Design, wording)));
        AddMatter(file, book.FrontMatter, BookFile.FrontMatter, writer, wording);
        foreach (var chapter in book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var part in book.Parts.Where(part => part.FirstChapter == chapter.Number))
            {
                Add(file, Heading(part.Title, wording.Label(part, book.Parts.Count), $"{{.{BookFile.Part} number={part.Number}"));
            }

            Add(file, Heading(chapter.Title, wording.Label(chapter), $"{{.{BookFile.Chapter} number={chapter.Number} version={chapter.Version}"));
            AddHead(file, chapter, writer);
            Add(file, writer.Section(chapter.Blocks));
        }

        AddMatter(file, book.BackMatter, BookFile.BackMatter, writer, wording);
        if (book.Colophon.Count > 0)
        {
            Add(file, Heading("", wording.Colophon, $"{{.{BookFile.Colophon}"));
            Add(file, writer.Section(ColophonText.Of(book)));
        }

        AddPictures(file, book.Images);
        return Task.FromResult(new RenderedBook(Encoding.UTF8.GetBytes(file.ToString())));
    }

    private static IEnumerable<string> TitlePage(Manuscript book, BookDesign design, BookWording wording)
    {
        var metadata = book.Metadata;
        IEnumerable<string?> lines =
        [
            design.IncludeTitlePage ? $"# {MarkdownText.Escape(metadata.Title)}" : null,
            design.IncludeTitlePage && metadata.Subtitle is not null ? $"**{MarkdownText.Escape(metadata.Subtitle)}**" : null,
            design.IncludeTitlePage && metadata.Author.Length > 0 ? MarkdownText.Escape(wording.By(metadata.Author)) : null,
            $"*{MarkdownText.Escape(wording.Disclosure(metadata.AiService))}*",
            design.IncludeContents ? $"**{MarkdownText.Escape(wording.Contents)}**" : null,
            .. design.IncludeContents ? book.Chapters.Select(chapter => $"- {MarkdownText.Escape(wording.Heading(chapter))}") : [],
        ];
        return lines.OfType<string>().SelectMany((line, i) => i == 0 || line.StartsWith("- ", StringComparison.Ordinal) ? [line] : new[] { "", line });
    }

    /// <summary>What stands between a chapter's title and its text.</summary>
    private static void AddHead(StringBuilder file, Chapter chapter, MarkdownWriter writer)
    {
        if (chapter.Subtitle is { } subtitle)
        {
            Add(file, MarkdownWriter.Fenced("subtitle", [MarkdownText.Escape(subtitle)]));
        }

        if (chapter.Byline is { } byline)
        {
            Add(file, MarkdownWriter.Fenced("byline", [MarkdownText.Escape(byline)]));
        }

        if (chapter.Epigraph.Count > 0)
        {
            Add(file, MarkdownWriter.Fenced("epigraph", writer.Lines(chapter.Epigraph)));
        }
    }

    private static void AddMatter(StringBuilder file, IEnumerable<Matter> sections, string place, MarkdownWriter writer, BookWording wording)
    {
        foreach (var matter in sections)
        {
            Add(file, Heading(matter.Title, wording.MatterTitle(matter.Kind), $"{{.{place} .{BookFile.Class(matter.Kind)}"));
            Add(file, writer.Section(matter.Blocks));
        }
    }

    private static void AddPictures(StringBuilder file, IReadOnlyDictionary<string, BookImage> images)
    {
        if (images.Count == 0)
        {
            return;
        }

        Add(file, [$"# {{.{BookFile.Pictures}}}"]);
        foreach (var (id, image) in images.OrderBy(image => image.Key, StringComparer.Ordinal))
        {
            var line = MetadataBlock.Line(new(id, image.MediaType, image.Width, image.Height, image.Source));
            Add(file, [$"``` {BookFile.Picture}", line, .. Convert.ToBase64String(image.Content.Span).Chunk(Base64Columns).Select(chunk => new string(chunk)), "```"]);
        }
    }

    private static IEnumerable<string> Heading(string title, string label, string attributes) =>
        [title.Length > 0 ? $"# {MarkdownText.Escape(title)} {attributes}}}" : $"# {MarkdownText.Escape(label)} {attributes} .{BookFile.Untitled}}}"];

    private static void Add(StringBuilder file, IEnumerable<string> lines)
    {
        var isEmpty = true;
        foreach (var line in lines)
        {
            file.Append(isEmpty && file.Length > 0 ? "\n" : "").Append(line).Append('\n');
            isEmpty = false;
        }
    }
}
