using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Flow;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>The whole book in reading order, from the cover to the colophon: each piece a section of the document.</summary>
internal sealed class DocxBook
{
    private readonly DocxContext _context;
    private readonly DocxOutline _outline;
    private readonly DocxSections _sections;
    private readonly DocxStory _story;
    private readonly DocxBlocks _blocks;
    private readonly DocxNotes _notes;
    private bool _inText;
    private bool _afterChapter;

    public DocxBook(MainDocumentPart main, DocxContext context, DocxOutline outline)
    {
        (_context, _outline, _sections, _story) = (context, outline, new(main, context), new(main));
        _notes = new(main, _story, context);
        _blocks = new(_story, context, _notes);
    }

    /// <summary>What running heads follow.</summary>
    private static Look Title { get; } = new("ChapterTitle");

    private Manuscript Book => _context.Book;

    private BookDesign Design => _context.Design;

    private Place Text => Place.Chapter(DocxPage.Measure(Design));

    /// <summary>Where titles, parts and sections begin.</summary>
    private W.SectionMarkValues NewPage => Design.ChapterOpening == ChapterOpening.Recto ? W.SectionMarkValues.OddPage : W.SectionMarkValues.NextPage;

    public W.Body Write(CancellationToken cancellationToken)
    {
        FrontMatter();
        foreach (var chapter in Book.Chapters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var part in Book.Parts.Where(part => part.FirstChapter == chapter.Number))
            {
                AddText(new(NewPage, Folio.Blind) { Opens = false, Vertically = W.VerticalJustificationValues.Center }, [Heading("PartTitle", _outline.Of(part)!)]);
                _afterChapter = false;
            }

            Chapter(chapter);
        }

        foreach (var section in Book.BackMatter)
        {
            Section(section, Folio.Arabic);
        }

        var colophon = _blocks.Of(ColophonText.Of(Book), Text with { Style = "Colophon" });
        _sections.Add(new(NewPage, Folio.Arabic) { RunningHead = _context.Wording.Colophon }, colophon.Prepend(DocxBlocks.Styled("ColophonTitle", _blocks.Runs.Of(_context.Wording.Colophon, Title))));
        _notes.Save();
        return _sections.Body;
    }

    private void FrontMatter()
    {
        var front = new DocxFrontMatter(_context, _blocks.Runs);
        if (Design.IncludeCover && BookPicture.Find(Book, Book.CoverImage) is { } cover)
        {
            // A line holds a picture only with a little room below it.
            var picture = _context.Pictures.Drawing(_story, Book.CoverImage!, cover, $"{_context.Wording.Cover}: {Book.Metadata.Title}", DocxPage.Width(Design), DocxPage.Height(Design) * 97 / 100, fills: true);
            _sections.Add(new(NewPage, Folio.Blind) { Opens = false, IsPicture = true, Vertically = W.VerticalJustificationValues.Center }, [DocxBlocks.Styled("Cover", new W.Run(picture))]);
        }

        if (Design.IncludeTitlePage)
        {
            _sections.Add(new(NewPage, Folio.Blind) { Opens = false, Restarts = true }, front.HalfTitle());
            _sections.Add(new(NewPage, Folio.Blind) { Opens = false }, front.TitlePage());
        }

        _sections.Add(new(W.SectionMarkValues.NextPage, Folio.Blind) { Opens = false, Vertically = W.VerticalJustificationValues.Bottom, Restarts = !Design.IncludeTitlePage }, front.Imprint());

        // As The Chicago Manual of Style orders them (1.4): a dedication and a motto stand before the contents, all else behind them.
        foreach (var motto in Book.FrontMatter.Where(section => _outline.Of(section) is null))
        {
            Section(motto, Folio.Roman);
        }

        if (Design.IncludeContents && _outline.Entries.Count > 0)
        {
            _sections.Add(new(NewPage, Folio.Roman) { RunningHead = _context.Wording.Contents }, [DocxContents.Of(_outline, _blocks.Runs.Of(_context.Wording.Contents, Title), _blocks.Runs)]);
        }

        foreach (var section in Book.FrontMatter.Where(section => _outline.Of(section) is not null))
        {
            Section(section, Folio.Roman);
        }
    }

    private void Section(Matter section, Folio folio)
    {
        if (_outline.Of(section) is { } entry)
        {
            var content = _blocks.Of(section.Blocks, Text).Prepend(Heading("Heading1", entry));
            _sections.Add(new(NewPage, folio) { RunningHead = entry.Running }, content);
        }
        else
        {
            var place = Text with { Style = section.Kind == MatterKind.Dedication ? "Dedication" : "Epigraph" };
            _sections.Add(new(NewPage, Folio.Blind) { Opens = false, Vertically = W.VerticalJustificationValues.Center }, _blocks.Of(section.Blocks, place));
        }
    }

    private void Chapter(Chapter chapter)
    {
        var entry = _outline.Of(chapter)!;
        var content = new List<OpenXmlElement> { Heading("Heading1", entry) };
        if (chapter.Subtitle is not null)
        {
            content.Add(DocxBlocks.Styled("ChapterSubtitle", _blocks.Runs.Of(chapter.Subtitle)));
        }

        if (chapter.Byline is not null)
        {
            content.Add(DocxBlocks.Styled("ChapterByline", _blocks.Runs.Of(chapter.Byline)));
        }

        content.AddRange(_blocks.Of(chapter.Epigraph, Text with { Style = "Epigraph" }));
        content.AddRange(_blocks.Of(chapter.Blocks, Text));
        var follows = Design.ChapterOpening == ChapterOpening.Continuous && _afterChapter;
        AddText(new(follows ? W.SectionMarkValues.Continuous : NewPage, Folio.Arabic) { RunningHead = entry.Running, Opens = !follows }, content);
        _afterChapter = true;
    }

    /// <summary>The text begins on page 1.</summary>
    private void AddText(DocxSection section, IEnumerable<OpenXmlElement> content)
    {
        _sections.Add(section with { Restarts = !_inText }, content);
        _inText = true;
    }

    private W.Paragraph Heading(string style, DocxEntry entry)
    {
        var id = $"{entry.Id}";
        var heading = DocxBlocks.Styled(style, new W.BookmarkStart { Id = id, Name = entry.Bookmark });
        if (entry.Label.Length > 0 && entry.Title.Length > 0)
        {
            heading.Append(_blocks.Runs.Of(entry.Label, new Look("ChapterLabel")));
            heading.Append(new W.Run(new W.Break()));
        }

        heading.Append(_blocks.Runs.Of(entry.Running, Title));
        heading.Append(new W.BookmarkEnd { Id = id });
        return heading;
    }
}
