using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Docx.Flow;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Docx;

/// <summary>Parts the document into sections, and makes their heads and feet. Each names all of its own: none changes when an editor moves another.</summary>
internal sealed class DocxSections(MainDocumentPart main, DocxContext context)
{
    /// <summary>A longer title would push the text down; the field that keeps the head true to the heading cannot cut it.</summary>
    private const int MostLetters = 60;

    private readonly W.Body _body = new();
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly DocxRuns _runs = new(new(main), context, notes: null);
    private W.SectionProperties? _last;
    private int _heads;
    private string? _left;

    /// <summary>The body with all of its sections, the last one's properties at its end.</summary>
    public W.Body Body
    {
        get
        {
            if (_last is not null)
            {
                _body.Append(_last);
                _last = null;
            }

            return _body;
        }
    }

    public void Add(DocxSection section, IEnumerable<OpenXmlElement> content)
    {
        Close();
        _body.Append(content);
        _last = Properties(section);
    }

    /// <summary>The last paragraph of a section carries its properties.</summary>
    private void Close()
    {
        if (_last is null)
        {
            return;
        }

        if (_body.LastChild is not W.Paragraph)
        {
            _body.Append(new W.Paragraph(new W.ParagraphProperties()));
        }

        var paragraph = (W.Paragraph)_body.LastChild!;
        (paragraph.ParagraphProperties ??= new()).SectionProperties = _last;
        _last = null;
    }

    private W.SectionProperties Properties(DocxSection section)
    {
        var design = context.Design;
        var properties = new W.SectionProperties(References(section));
        properties.Append(
            new W.FootnoteProperties(new W.NumberingRestart { Val = W.RestartNumberValues.EachSection }),
            new W.SectionType { Val = section.Start },
            DocxPage.Size(design),
            section.IsPicture ? DocxPage.NoMargins() : DocxPage.Margins(design),
            new W.PageNumberType { Format = section.Folio == Folio.Roman ? W.NumberFormatValues.LowerRoman : W.NumberFormatValues.Decimal, Start = section.Restarts ? 1 : null });
        if (section.Vertically is { } place)
        {
            properties.Append(new W.VerticalTextAlignmentOnPage { Val = place });
        }

        if (section.Opens)
        {
            properties.Append(new W.TitlePage());
        }

        if (context.Language.IsRightToLeft)
        {
            properties.Append(new W.BiDi());
        }

        return properties;
    }

    private IEnumerable<OpenXmlElement> References(DocxSection section)
    {
        if (context.Design.RunningHeads)
        {
            var title = section.RunningHead;
            yield return Head(W.HeaderFooterValues.Even, title is null ? Blank("even") : _left ??= Head(context.Book.Metadata.Title, follows: false));
            yield return Head(W.HeaderFooterValues.Default, title is null ? Blank("default") : Head(title, follows: true));
            yield return Head(W.HeaderFooterValues.First, Blank("first"));
        }

        if (context.Design.Folios)
        {
            yield return new W.FooterReference { Type = W.HeaderFooterValues.Even, Id = Foot("even", section.Folio) };
            yield return new W.FooterReference { Type = W.HeaderFooterValues.Default, Id = Foot("default", section.Folio) };
            yield return new W.FooterReference { Type = W.HeaderFooterValues.First, Id = Foot("first", section.Folio) };
        }
    }

    private static W.HeaderReference Head(W.HeaderFooterValues type, string id) => new() { Type = type, Id = id };

    private string Blank(string side) => Once($"head-blank-{side}", id => Head(id, []));

    private string Foot(string side, Folio folio) => folio == Folio.Blind
        ? Once($"foot-blank-{side}", id => Foot(id, []))
        : Once($"foot-folio-{side}", id => Foot(id, [new W.SimpleField(new W.Run(new W.Text("1"))) { Instruction = " PAGE " }]));

    private string Once(string id, Action<string> make)
    {
        if (_made.Add(id))
        {
            make(id);
        }

        return id;
    }

    /// <param name="follows">Whether the head follows the heading when an editor changes it.</param>
    private string Head(string title, bool follows)
    {
        if (title.Length > MostLetters)
        {
            var cut = StringInfo.ParseCombiningCharacters(title).LastOrDefault(at => at <= MostLetters);
            return Head(_runs.Of(title[..cut].TrimEnd() + "…"));
        }

        return Head(follows ? [new W.SimpleField(_runs.Of(title)) { Instruction = " STYLEREF \"Chapter Title\" " }] : _runs.Of(title));
    }

    private string Head(IEnumerable<OpenXmlElement> content)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"head-{++_heads}");
        Head(id, content);
        return id;
    }

    private void Head(string id, IEnumerable<OpenXmlElement> content) => main.AddNewPart<HeaderPart>(id).Header = new W.Header(DocxBlocks.Styled("Header", content));

    private void Foot(string id, IEnumerable<OpenXmlElement> content) => main.AddNewPart<FooterPart>(id).Footer = new W.Footer(DocxBlocks.Styled("Footer", content));
}
