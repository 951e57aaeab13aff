using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>A manuscript laid out as an EPUB's content documents.</summary>
internal sealed class EpubBook
{
    public EpubBook(Manuscript manuscript, BookDesign design, PageMap? pageMap)
    {
        (Manuscript, Wording) = (manuscript, BookWording.For(manuscript.Metadata.Language));
        ShowsContents = design.IncludeContents;
        HasPages = pageMap is not null && pageMap.ChapterFolios.Count == manuscript.Chapters.Count && manuscript.Chapters.Count > 0;
        Chapters = [.. manuscript.Chapters.Select((chapter, i) => EpubPages.ChapterPage(chapter, HasPages ? pageMap!.ChapterFolios[i] : null, Metadata.Language, Wording))];
        Cover = EpubPages.Cover(Metadata, Wording);
        TitlePage = EpubPages.TitlePage(Metadata, Wording);
        Colophon = EpubPages.Colophon(manuscript.Colophon, Metadata.Language, Wording);
    }

    public Manuscript Manuscript { get; }

    public BookMetadata Metadata => Manuscript.Metadata;

    public BookWording Wording { get; }

    /// <summary>Whether the contents are also a page of the book, and not only the reader's own list.</summary>
    public bool ShowsContents { get; }

    /// <summary>Whether chapters know the page of the PDF on which they open.</summary>
    public bool HasPages { get; }

    public EpubPage Cover { get; }

    public EpubPage TitlePage { get; }

    public IReadOnlyList<EpubPage> Chapters { get; }

    public EpubPage Colophon { get; }

    /// <summary>Every content document but the navigation.</summary>
    public IEnumerable<EpubPage> Pages => [Cover, TitlePage, .. Chapters, Colophon];
}
