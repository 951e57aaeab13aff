using DocumentFormat.OpenXml;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Styles;
using Lekhika.Exporter.Rendering;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>Where blocks stand: under which style paragraphs of prose are, how far from the margin, how deep in lists, how much width is left (twips).</summary>
internal sealed record Place(string? Style, int Indent, int ListLevel, int Width)
{
    public static Place Chapter(int width) => new(null, 0, -1, width);

    public static Place Note(int width) => new("FootnoteText", 0, -1, width);

    /// <summary>Prose of that style; set in once more where prose is set apart already.</summary>
    public Place In(string style) => this with { Style = style, Indent = Style == style || ListLevel >= 0 ? Indent + DocxNumbering.Step : Indent };

    /// <summary>A box of its own within this place.</summary>
    public Place Boxed(string style) => new(style, 0, -1, Math.Max(Width - Indent - (2 * DocxTables.Padding), DocxNumbering.Step * 3));
}

/// <summary>Blocks as paragraphs and tables in named styles.</summary>
internal sealed class DocxBlocks(DocxStory story, DocxContext context, DocxNotes? notes)
{
    public DocxRuns Runs { get; } = new(story, context, notes);

    public IEnumerable<OpenXmlElement> Of(IReadOnlyList<Block> blocks, Place place)
    {
        Block? before = null;
        OpenXmlElement? last = null;
        foreach (var block in blocks)
        {
            foreach (var element in Of(block, before, place))
            {
                // Tables have no space around them, would join where they touch, and must not end a cell.
                if (element is W.Table && last is not null && !IsSpace(last))
                {
                    yield return Styled("TableSpace");
                }

                yield return last = element;
                if (element is W.Table)
                {
                    yield return last = Styled("TableSpace");
                }
            }

            before = block;
        }
    }

    private static bool IsSpace(OpenXmlElement element) => element is W.Paragraph { ParagraphProperties.ParagraphStyleId.Val.Value: "TableSpace" };

    public static W.Paragraph Styled(string style, params OpenXmlElement[] content) => Styled(style, content.AsEnumerable());

    public static W.Paragraph Styled(string style, IEnumerable<OpenXmlElement> content)
    {
        var paragraph = new W.Paragraph(new W.ParagraphProperties { ParagraphStyleId = new() { Val = style } });
        paragraph.Append(content);
        return paragraph;
    }

    private IEnumerable<OpenXmlElement> Of(Block block, Block? before, Place place) => block switch
    {
        Paragraph p => [Prose(p, place.Style ?? (before is Paragraph ? "BodyTextFirstIndent" : "BodyText"), place)],
        Heading h => [Placed($"Heading{Math.Clamp(h.Level, 2, 6)}", place, Runs.Of(h.Content))],
        SceneBreak => [Styled("SceneBreak", Runs.Of(context.Design.SceneOrnament))],
        BlockQuotation q => Of(q.Content, place.In("Quote")),
        Letter l => Of(l.Content, place.In("Letter")),
        ItemList l => List(l, place),
        CodeBlock c => [Placed("Code", place, Runs.Code(c.Value))],
        Table t => DocxTables.Fits(t) ? [DocxTables.Of(t, Runs, context, place)] : Rows(t, place),
        Verse v => v.Stanzas.SelectMany(stanza => stanza.Select((line, i) => Line(line, i == stanza.Count - 1, place))),
        Figure f => Picture(f, place),
        Callout c => [Box("Callout", c.Title.Count > 0 ? Runs.Of(c.Title) : Runs.Of(context.Wording.CalloutTitle(c.Kind)), c.Content, place)],
        Exercise e => [Box("Exercise", e.Title.Count > 0 ? Runs.Of(e.Title) : Runs.Of(context.Wording.Exercise), e.Content, place)],
        _ => [],
    };

    private W.Paragraph Prose(Paragraph prose, string style, Place place)
    {
        var paragraph = Placed(style, place, Runs.Of(prose.Content));
        if (prose.Content is [LanguageSpan span] && new LanguageTag(span.Language).IsRightToLeft is var rightToLeft && rightToLeft != context.Language.IsRightToLeft)
        {
            paragraph.ParagraphProperties!.BiDi = new() { Val = rightToLeft };
        }

        return paragraph;
    }

    private IEnumerable<OpenXmlElement> List(ItemList list, Place place)
    {
        var level = Math.Min(place.ListLevel + 1, DocxNumbering.MaxLevel);
        var instance = context.Numbering.Instance(list.Ordered, list.Start, level);
        var inner = place with { Style = "ListContinue", Indent = DocxNumbering.Indent(level), ListLevel = level };
        foreach (var item in list.Items)
        {
            var paragraph = Styled(list.Ordered ? "ListNumber" : "ListBullet", item is [Paragraph first, ..] ? Runs.Of(first.Content) : []);
            paragraph.ParagraphProperties!.NumberingProperties = new(new W.NumberingLevelReference { Val = level }, new W.NumberingId { Val = instance });
            yield return paragraph;
            foreach (var element in Of(item is [Paragraph, ..] ? [.. item.Skip(1)] : item, inner))
            {
                yield return element;
            }
        }
    }

    /// <summary>A table that is too wide for Word: each row a paragraph, a tab between its cells.</summary>
    private IEnumerable<OpenXmlElement> Rows(Table table, Place place)
    {
        context.WideTables++;
        return table.Rows.Select(row => Row("TableText", row)).Prepend(Row("TableHeading", table.Header));

        W.Paragraph Row(string style, IReadOnlyList<IReadOnlyList<Inline>> cells) =>
            Placed(style, place, cells.SelectMany((cell, i) => i == 0 ? Runs.Of(cell) : Runs.Of(cell).Prepend(new W.Run(new W.TabChar()))));
    }

    private W.Paragraph Line(VerseLine line, bool isLast, Place place) => Placed(
        isLast ? "VerseEnd" : "Verse",
        place,
        Enumerable.Range(0, Math.Clamp(line.Indent, 0, 8)).Select(_ => new W.Run(new W.TabChar())).Concat(Runs.Of(line.Content)));

    private IEnumerable<OpenXmlElement> Picture(Figure figure, Place place)
    {
        var image = BookPicture.Find(context.Book, figure.Image);
        context.Pictures.Lost += image is null ? 1 : 0;
        var shown = image is null
            ? Runs.Of(figure.Alternative.Length > 0 ? figure.Alternative : context.Wording.Picture)
            : [new W.Run(context.Pictures.Drawing(story, figure.Image, image, figure.Alternative, place.Width - place.Indent, DocxPage.TextHeight(context.Design) * 3 / 4))];
        yield return Placed(image is null ? "FigureText" : "Figure", place, shown);
        if (figure.Caption.Count > 0)
        {
            yield return Placed("Caption", place, Runs.Of(figure.Caption));
        }
    }

    private W.Table Box(string style, IEnumerable<OpenXmlElement> title, IReadOnlyList<Block> content, Place place) =>
        DocxTables.Box(style, [Styled("BoxTitle", title), .. Of(content, place.Boxed("BoxText"))], context, place);

    private W.Paragraph Placed(string style, Place place, IEnumerable<OpenXmlElement> content)
    {
        var paragraph = Styled(style, content);
        if (place.Indent > 0)
        {
            paragraph.ParagraphProperties!.Indentation = new() { Left = DocxStyles.Twips(place.Indent + DocxStyles.Left(style, context.Design)) };
        }

        return paragraph;
    }
}
