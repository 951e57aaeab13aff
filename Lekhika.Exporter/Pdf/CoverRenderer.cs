using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// The cover of a printed book in one piece (back, spine, front): its spine follows from the pages of the order's PDF and from the paper.
/// A format of its own, since a printer takes it as a file of its own.
/// </summary>
internal sealed class CoverRenderer(Typesetter typesetter) : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Cover;

    public async Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        if (order.Design.Print.Paper is not { } paper)
        {
            throw new RenderException("No cover: its spine needs to know the paper (setting print.paper).");
        }

        if (order.Pages is not { } pages)
        {
            throw new RenderException("No cover: its spine needs to know the pages, and there is no PDF of this order.");
        }

        var answer = await typesetter.SetAsync(BookData.Order(order, Wrap.Of(order.Design, paper, pages)), cancellationToken);
        return answer is { Pdf: { } pdf, Error: null }
            ? new RenderedBook(pdf) { Warnings = answer.Notes ?? [] }
            : throw new RenderException("No cover: it could not be typeset.", answer.Error);
    }
}

/// <summary>What a cover wrap measures besides the page.</summary>
/// <param name="Spine">Millimetres.</param>
/// <param name="Bleed">Millimetres.</param>
/// <param name="HasSpineText">Whether the spine is wide enough for words.</param>
internal sealed record Wrap(double Spine, double Bleed, bool HasSpineText)
{
    /// <summary>0.125 in, what printers ask for at least (Amazon KDP, IngramSpark).</summary>
    private const double LeastBleed = 3.175;

    /// <summary>Amazon KDP prints words on a spine from 79 pages on.</summary>
    private const int LeastPagesForText = 79;

    /// <summary>The wrap of a book of so many pages: a sheet has two, and a cover page for screens is not printed.</summary>
    public static Wrap Of(BookDesign design, Paper paper, PageMap pages)
    {
        var isPress = design.Print.Bleed > 0 || design.Print.CropMarks;
        var printed = pages.PageCount - (design.IncludeCover && !isPress ? 2 : 0);
        printed += printed % 2;
        return new(Math.Round(printed * Thickness(paper), 3), Math.Max(design.Print.Bleed, LeastBleed), printed >= LeastPagesForText);
    }

    /// <summary>Millimetres a page, as <see cref="Paper"/> tells.</summary>
    private static double Thickness(Paper paper) => paper switch
    {
        Paper.White => 0.0572,
        Paper.Cream => 0.0635,
        _ => 0.0596,
    };
}
