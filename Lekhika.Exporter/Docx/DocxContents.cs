using DocumentFormat.OpenXml;
using Lekhika.Exporter.Docx.Flow;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>
/// The contents: a field that Word can bring up to date, already filled with what it would make of the headings, and with the
/// PDF's pages where they are known. It stands in the frame by which Word offers to update it.
/// </summary>
internal static class DocxContents
{
    public static W.SdtBlock Of(DocxOutline outline, IEnumerable<OpenXmlElement> title, DocxRuns runs) => new(
        new W.SdtProperties(
            new W.SdtId { Val = 1 },
            new W.SdtContentDocPartObject(new W.DocPartGallery { Val = "Table of Contents" }, new W.DocPartUnique())),
        new W.SdtContentBlock(Entries(outline.Entries, runs).Prepend(DocxBlocks.Styled("TOCHeading", title))));

    private static IEnumerable<OpenXmlElement> Entries(IReadOnlyList<DocxEntry> entries, DocxRuns runs)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var paragraph = DocxBlocks.Styled("TOC1");
            if (i == 0)
            {
                paragraph.Append(Mark(W.FieldCharValues.Begin), Instruction(" TOC \\o \"1-1\" \\h \\z \\u "), Mark(W.FieldCharValues.Separate));
            }

            var link = new W.Hyperlink(runs.Of(entries[i].Text)) { Anchor = entries[i].Bookmark, History = true };
            link.Append(new W.Run(new W.TabChar()));
            link.Append(Mark(W.FieldCharValues.Begin), Instruction($" PAGEREF {entries[i].Bookmark} \\h "), Mark(W.FieldCharValues.Separate));
            link.Append(new W.Run(new W.Text(entries[i].Folio ?? "")), Mark(W.FieldCharValues.End));
            paragraph.Append(link);
            if (i == entries.Count - 1)
            {
                paragraph.Append(Mark(W.FieldCharValues.End));
            }

            yield return paragraph;
        }
    }

    private static W.Run Mark(W.FieldCharValues type) => new(new W.FieldChar { FieldCharType = type });

    private static W.Run Instruction(string code) => new(new W.FieldCode(code) { Space = SpaceProcessingModeValues.Preserve });
}
