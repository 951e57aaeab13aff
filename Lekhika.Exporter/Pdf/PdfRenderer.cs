using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Pdf;

/// <summary>PDF/UA-1 (or PDF/A-2a on request), tagged, by Typst: the manuscript goes as data into a fixed template (typesetter/book.typ).</summary>
internal sealed class PdfRenderer(Typesetter typesetter) : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Pdf;

    public async Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var answer = await typesetter.SetAsync(BookData.Order(order), cancellationToken);
        return answer is { Pdf: { } pdf, Error: null }
            ? new RenderedBook(pdf, Pages(answer, order.Manuscript)) { Warnings = answer.Notes ?? [] }
            : throw new RenderException("No PDF: the book could not be typeset.", answer.Error);
    }

    private static PageMap Pages(TypesetAnswer answer, Manuscript book)
    {
        return new(answer.Pages, answer.Folios ?? [])
        {
            Front = [.. book.FrontMatter.Select((_, i) => Of($"front-{i}"))],
            Parts = [.. book.Parts.Select(part => Of($"part-{part.FirstChapter}"))],
            Back = [.. book.BackMatter.Select((_, i) => Of($"back-{i}"))],
            Colophon = Of("colophon"),
        };

        string? Of(string name) => answer.Openings?.GetValueOrDefault(name);
    }
}
