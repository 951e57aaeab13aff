using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Epub.Fonts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>A manuscript laid out as an EPUB's content documents.</summary>
internal sealed class EpubBook
{
    private readonly EpubPages _pages;

    public EpubBook(Manuscript manuscript, BookDesign design, PageMap? pageMap, CancellationToken cancellationToken)
    {
        (Manuscript, Design, Wording, Pictures) = (manuscript, design, BookWording.For(manuscript.Metadata.Language), new(manuscript));
        HasPages = pageMap is not null && pageMap.ChapterFolios.Count == manuscript.Chapters.Count && manuscript.Chapters.Count > 0;
        var pages = _pages = new EpubPages(manuscript, design, Wording, Pictures);
        Cover = design.IncludeCover ? pages.Cover() : null;
        TitlePage = design.IncludeTitlePage ? pages.TitlePage() : null;
        Imprint = pages.Imprint();

        // As The Chicago Manual of Style orders them (1.4): a dedication and a motto stand before the contents, all else behind them.
        List<EpubPage> front = [.. manuscript.FrontMatter.Select((section, i) => pages.SectionPage(section, isFront: true, i + 1, Known(pageMap?.Front, i)))];
        Mottoes = [.. front.Where(page => page.Title is null)];
        FrontMatter = [.. front.Where(page => page.Title is not null)];
        Parts = [.. manuscript.Parts.Select((part, i) => (part.FirstChapter, pages.PartPage(part, Known(pageMap?.Parts, i))))];
        Chapters = [.. manuscript.Chapters.Select((chapter, i) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (chapter.Number, pages.ChapterPage(chapter, HasPages ? $"{pageMap!.ChapterFolios[i]}" : null));
        })];
        BackMatter = [.. manuscript.BackMatter.Select((section, i) => pages.SectionPage(section, isFront: false, i + 1, Known(pageMap?.Back, i))), pages.Colophon(HasPages ? pageMap!.Colophon : null)];
        Navigation = EpubNavigation.Document(this);

        string? Known(IReadOnlyList<string?>? folios, int index) => HasPages ? PageMap.At(folios, index) : null;
    }

    public Manuscript Manuscript { get; }

    public BookDesign Design { get; }

    public BookMetadata Metadata => Manuscript.Metadata;

    public BookWording Wording { get; }

    public EpubPictures Pictures { get; }

    /// <summary>The typefaces that the book carries along: none until they are given.</summary>
    public EpubTypefaces Typefaces { get; private set; } = EpubTypefaces.None;

    public IReadOnlyList<(EpubFile File, EpubFont Font)> Fonts { get; private set; } = [];

    /// <summary>The navigation, which may also be a page of the book.</summary>
    public XDocument Navigation { get; }

    public bool IsRightToLeft => Wording.IsRightToLeft;

    /// <summary>Whether the contents are also a page of the book, and not only the reader's own list.</summary>
    public bool ShowsContents => Design.IncludeContents;

    /// <summary>Whether chapters, and what else has a heading, know the page of the PDF on which they open.</summary>
    public bool HasPages { get; }

    /// <summary>The cover, for a book that has no picture of it in letters until one is painted.</summary>
    public EpubPage? Cover { get; private set; }

    public EpubPage? TitlePage { get; }

    public EpubPage Imprint { get; }

    /// <summary>Dedication and motto: before the contents.</summary>
    public IReadOnlyList<EpubPage> Mottoes { get; }

    public IReadOnlyList<EpubPage> FrontMatter { get; }

    /// <summary>Parts by the number of the chapter before which each stands.</summary>
    public IReadOnlyList<(int FirstChapter, EpubPage Page)> Parts { get; }

    public IReadOnlyList<(int Number, EpubPage Page)> Chapters { get; }

    /// <summary>The colophon is the last of it.</summary>
    public IReadOnlyList<EpubPage> BackMatter { get; }

    /// <summary>Every page up to the contents, in reading order.</summary>
    public IEnumerable<EpubPage> BeforeContents => [.. new[] { Cover, TitlePage, Imprint }.OfType<EpubPage>(), .. Mottoes];

    /// <summary>Parts and chapters in reading order.</summary>
    public IEnumerable<EpubPage> Text => Chapters.SelectMany(chapter => Parts.Where(part => part.FirstChapter == chapter.Number).Select(part => part.Page).Append(chapter.Page));

    /// <summary>Every page behind the contents, in reading order.</summary>
    public IEnumerable<EpubPage> BehindContents => [.. FrontMatter, .. Text, .. BackMatter];

    /// <summary>Every content document but the navigation.</summary>
    public IEnumerable<EpubPage> Pages => [.. BeforeContents, .. BehindContents];

    public IEnumerable<EpubFile> Files => [.. Pictures.Files, .. Fonts.Select(font => font.File)];

    public void Show(BookImage paintedCover) => Cover = _pages.Cover(paintedCover);

    public void Carry(EpubTypefaces typefaces)
    {
        Typefaces = typefaces;
        Fonts = [.. typefaces.Fonts.Select((font, i) => (new EpubFile($"font-{i + 1}", $"fonts/font-{i + 1}.{font.MediaType.Split('/')[1]}", font.MediaType, font.Content), font))];
    }
}
