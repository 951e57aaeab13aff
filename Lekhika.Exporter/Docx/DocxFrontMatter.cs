using DocumentFormat.OpenXml;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Flow;

namespace Lekhika.Exporter.Docx;

/// <summary>What is made of the book's metadata: half-title, title page and imprint.</summary>
internal sealed class DocxFrontMatter(DocxContext context, DocxRuns runs)
{
    private BookMetadata Book => context.Book.Metadata;

    public IEnumerable<OpenXmlElement> HalfTitle() => Lines(("HalfTitle", Book.Title));

    public IEnumerable<OpenXmlElement> TitlePage() => Lines(("Title", Book.Title), ("Subtitle", Book.Subtitle), ("Author", Book.Author), ("Publisher", Book.Publisher));

    public IEnumerable<OpenXmlElement> Imprint()
    {
        var (wording, year) = (context.Wording, $"{Book.Completed.UtcDateTime.Year:D4}");
        return Lines([.. new[]
        {
            Book.Title,
            Book.Subtitle,
            Book.Copyright ?? (Book.Author.Length > 0 ? $"© {year} {Book.Author}" : year),
            Book.Rights,
            Book.Edition,
            Book.Publisher,
            Book.PrintIsbn is { } print ? wording.PrintIsbn(print) : null,
            Book.EbookIsbn is { } electronic ? wording.EbookIsbn(electronic) : null,
            wording.Disclosure(Book.AiService),
            $"urn:uuid:{Book.Identifier}",
        }.Select(line => ("Imprint", line))]);
    }

    private IEnumerable<OpenXmlElement> Lines(params IEnumerable<(string Style, string? Text)> lines) =>
        lines.Where(line => line.Text is { Length: > 0 }).Select(line => DocxBlocks.Styled(line.Style, runs.Of(line.Text!)));
}
