using DocumentFormat.OpenXml;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>Title page, imprint and contents: the document's first section.</summary>
internal static class DocxFrontMatter
{
    public static void Write(DocxBody body, Manuscript book, BookDesign design, PageMap? pages)
    {
        var (metadata, wording) = (book.Metadata, BookWording.For(book.Metadata.Language));
        body.Append(Line("Title", metadata.Title));
        if (metadata.Subtitle is not null)
        {
            body.Append(Line("Subtitle", metadata.Subtitle));
        }

        if (metadata.Author.Length > 0)
        {
            body.Append(Line("Author", metadata.Author));
        }

        var imprint = Line("Imprint", wording.Disclosure(metadata.AiService));
        imprint.ParagraphProperties!.PageBreakBefore = new();
        body.Append(imprint);
        body.Append(Line("Imprint", $"{metadata.Completed.UtcDateTime.Year:D4}"));
        body.Append(Line("Imprint", $"urn:uuid:{metadata.Identifier}"));
        if (design.IncludeContents && book.Chapters.Count > 0)
        {
            body.Append(Line("TOCHeading", wording.Contents));
            foreach (var entry in Contents(book, wording, pages))
            {
                body.Append(entry);
            }
        }

        // The last paragraph of a section carries its properties.
        body.Append(new W.Paragraph(new W.ParagraphProperties(DocxPage.Section(design, front: true))));
    }

    /// <summary>The bookmark at a chapter's heading, as Word names its own.</summary>
    public static string Bookmark(Chapter chapter) => $"_Toc{chapter.Number:D9}";

    /// <summary>A field that Word can bring up to date, already filled with the PDF's pages where they are known.</summary>
    private static IEnumerable<W.Paragraph> Contents(Manuscript book, BookWording wording, PageMap? pages)
    {
        for (var i = 0; i < book.Chapters.Count; i++)
        {
            var chapter = book.Chapters[i];
            var entry = new W.Paragraph(new W.ParagraphProperties { ParagraphStyleId = new() { Val = "TOC1" } });
            if (i == 0)
            {
                entry.Append(Mark(W.FieldCharValues.Begin), Instruction(" TOC \\o \"1-1\" \\h \\z \\u "), Mark(W.FieldCharValues.Separate));
            }

            var link = new W.Hyperlink(DocxBody.Run(chapter.Title.Length == 0 ? wording.Label(chapter) : $"{wording.Label(chapter)} {chapter.Title}"), new W.Run(new W.TabChar())) { Anchor = Bookmark(chapter), History = true };
            link.Append(Mark(W.FieldCharValues.Begin), Instruction($" PAGEREF {Bookmark(chapter)} \\h "), Mark(W.FieldCharValues.Separate));
            link.Append(DocxBody.Run(pages is null ? "" : $"{pages.ChapterFolios[i]}"), Mark(W.FieldCharValues.End));
            entry.Append(link);
            if (i == book.Chapters.Count - 1)
            {
                entry.Append(Mark(W.FieldCharValues.End));
            }

            yield return entry;
        }
    }

    private static W.Paragraph Line(string style, string text) =>
        new(new W.ParagraphProperties { ParagraphStyleId = new() { Val = style } }, DocxBody.Run(text));

    private static W.Run Mark(W.FieldCharValues type) => new(new W.FieldChar { FieldCharType = type });

    private static W.Run Instruction(string code) => new(new W.FieldCode(code) { Space = SpaceProcessingModeValues.Preserve });
}
