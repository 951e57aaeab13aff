using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>How pages of a section are numbered.</summary>
internal enum Folio
{
    /// <summary>They carry no number, though they count.</summary>
    Blind,

    /// <summary>i, ii, iii: before the text.</summary>
    Roman,

    /// <summary>1, 2, 3: from the text on.</summary>
    Arabic,
}

/// <summary>A stretch of pages that begins in one way and has one running head: a chapter, a title page.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Folio">How its pages are numbered.</param>
internal sealed record DocxSection(W.SectionMarkValues Start, Folio Folio)
{
    /// <summary>Its title in the head of right-hand pages; null: no running heads.</summary>
    public string? RunningHead { get; init; }

    /// <summary>Whether its first page has a number at the foot and no running head.</summary>
    public bool Opens { get; init; } = true;

    /// <summary>Whether counting begins anew.</summary>
    public bool Restarts { get; init; }

    public W.VerticalJustificationValues? Vertically { get; init; }

    /// <summary>Whether it is one picture up to the edges of the page.</summary>
    public bool IsPicture { get; init; }
}
