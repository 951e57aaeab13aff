using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Rendering;

/// <summary>Makes one file format of a manuscript; registered once for each format and found by <see cref="Format"/>.</summary>
internal interface IBookRenderer
{
    ExportFormat Format { get; }

    /// <summary>
    /// Renders the whole book. The same order gives the same bytes wherever the format allows.
    /// Throws <see cref="RenderException"/> with a sentence for the user when this format cannot be made; other formats go on.
    /// </summary>
    Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken);
}

/// <summary>What is to be rendered.</summary>
/// <param name="Pages">The true pages of this order's PDF, for formats that use them; null when there is no PDF.</param>
internal sealed record RenderOrder(Manuscript Manuscript, ExportSettings Settings, PageMap? Pages = null)
{
    /// <summary>How the book is to look: what the settings ask for, and the theme's where they are silent.</summary>
    public BookDesign Design { get; } = BookDesign.Of(Settings);
}

/// <summary>A finished file, and its page map when the format has pages.</summary>
internal sealed record RenderedBook(byte[] Content, PageMap? Pages = null)
{
    /// <summary>What the renderer could not do as asked, in sentences for people; empty when all is as it should be.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Where things stand in the PDF.</summary>
/// <param name="PageCount">Physical pages, covers included.</param>
/// <param name="ChapterFolios">The printed page number (folio) on which each chapter opens, in chapter order.</param>
internal sealed record PageMap(int PageCount, IReadOnlyList<int> ChapterFolios)
{
    /// <summary>The printed page number of each section of the front matter (small Roman figures), in their order; null: it bears no heading. Empty: not known, as in maps of before.</summary>
    public IReadOnlyList<string?> Front { get; init; } = [];

    /// <summary>The same of the parts.</summary>
    public IReadOnlyList<string?> Parts { get; init; } = [];

    /// <summary>The same of the back matter.</summary>
    public IReadOnlyList<string?> Back { get; init; } = [];

    /// <summary>The same of the colophon.</summary>
    public string? Colophon { get; init; }

    /// <summary>Where the section of that index stands, or null.</summary>
    public static string? At(IReadOnlyList<string?>? pages, int index) => pages is not null && index < pages.Count ? pages[index] : null;
}

/// <summary>A format could not be made; the message is a sentence that the user may read.</summary>
/// <param name="forOperator">What only the operator is told, in the log: paths, settings, a child's last words.</param>
internal sealed class RenderException(string message, string? forOperator = null, Exception? inner = null) : Exception(message, inner)
{
    public string? ForOperator { get; } = forOperator;
}
