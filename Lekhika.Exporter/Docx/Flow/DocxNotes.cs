using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Manuscripts;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>The document's footnotes, which Word numbers: from 1 in each chapter, as each is a section.</summary>
internal sealed class DocxNotes
{
    private readonly DocxBlocks _blocks;
    private readonly DocxContext _context;
    private readonly FootnotesPart _part;
    private readonly W.Footnotes _footnotes = new(
        Line(W.FootnoteEndnoteValues.Separator, -1, new W.SeparatorMark()),
        Line(W.FootnoteEndnoteValues.ContinuationSeparator, 0, new W.ContinuationSeparatorMark()));

    private int _last;

    public DocxNotes(MainDocumentPart main, DocxStory document, DocxContext context)
    {
        _context = context;
        _part = main.AddNewPart<FootnotesPart>("footnotes");
        _blocks = new(new DocxStory(_part, document), context, notes: null);
    }

    /// <summary>The note's number where it is called; the note itself is kept for the foot of the page.</summary>
    public W.Run Reference(Footnote note)
    {
        var id = ++_last;
        var footnote = new W.Footnote { Id = id };
        footnote.Append(_blocks.Of(note.Content, Place.Note(DocxPage.Measure(_context.Design))));
        if (footnote.FirstChild is not W.Paragraph)
        {
            footnote.InsertAt(DocxBlocks.Styled("FootnoteText"), 0);
        }

        var first = (W.Paragraph)footnote.FirstChild!;
        var mark = Mark(new W.FootnoteReferenceMark());
        first.InsertAfter(new W.Run(new W.Text(" ") { Space = SpaceProcessingModeValues.Preserve }), first.InsertAfter(mark, first.ParagraphProperties));
        _footnotes.Append(footnote);
        return Mark(new W.FootnoteReference { Id = id });
    }

    public void Save() => _part.Footnotes = _footnotes;

    private static W.Run Mark(OpenXmlElement content) => new(new W.RunProperties { RunStyle = new() { Val = "FootnoteReference" } }, content);

    private static W.Footnote Line(W.FootnoteEndnoteValues type, int id, OpenXmlElement mark) => new(new W.Paragraph(new W.Run(mark))) { Type = type, Id = id };
}
