using System.IO.Packaging;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Drawing.Wordprocessing;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace Lekhika.Exporter.Tests.Docx;

/// <summary>A rendered document as the Open XML SDK reads it.</summary>
internal sealed class DocxFile : IDisposable
{
    private readonly WordprocessingDocument _file;

    private DocxFile(RenderedBook book) => (Content, Warnings, _file) = (book.Content, book.Warnings, WordprocessingDocument.Open(new MemoryStream(book.Content), isEditable: false));

    public byte[] Content { get; }

    public IReadOnlyList<string> Warnings { get; }

    public MainDocumentPart Main => _file.MainDocumentPart!;

    public W.Body Body => Main.Document.Body!;

    public W.Settings Settings => Main.DocumentSettingsPart!.Settings;

    public PackageProperties Properties => _file.PackageProperties;

    public IReadOnlyList<W.SectionProperties> Sections => [.. Body.Descendants<W.SectionProperties>()];

    public IEnumerable<string> Errors => new[] { FileFormatVersions.Office2019, FileFormatVersions.Microsoft365 }
        .SelectMany(version => new OpenXmlValidator(version).Validate(_file)).Select(error => $"{error.Description} at {error.Path?.XPath} in {error.Part?.Uri}");

    public static Task<DocxFile> Of(Manuscript book, ExportSettings? settings = null, PageMap? pages = null) => Of(Books.Order(book, settings, pages));

    public static async Task<DocxFile> Of(RenderOrder order) => new(await new DocxRenderer().RenderAsync(order, default));

    public W.Style Style(string id) => Main.StyleDefinitionsPart!.Styles!.Elements<W.Style>().Single(style => style.StyleId == id);

    /// <summary>A paragraph style's value of one kind, its own or that of the styles it is based on; null where none says it.</summary>
    public T? Inherited<T>(string style)
        where T : OpenXmlElement
    {
        for (var at = Style(style); ; at = Style(at.BasedOn.Val!.Value!))
        {
            if (at.Descendants<T>().FirstOrDefault() is { } found)
            {
                return found;
            }

            if (at.BasedOn is null)
            {
                return null;
            }
        }
    }

    public IEnumerable<W.Paragraph> Styled(string style) => Body.Descendants<W.Paragraph>().Where(paragraph => StyleOf(paragraph) == style);

    /// <summary>What stands behind the heading of each section that has one of level 1.</summary>
    public IReadOnlyList<IReadOnlyList<OpenXmlElement>> Chapters
    {
        get
        {
            List<List<OpenXmlElement>> sections = [[]];
            foreach (var element in Body.Elements())
            {
                sections[^1].Add(element);
                if (element.Descendants<W.SectionProperties>().Any())
                {
                    sections.Add([]);
                }
            }

            return [.. sections.Where(section => section.Count > 0 && StyleOf(section[0]) == "Heading1").Select(section => section[1..])];
        }
    }

    /// <summary>The words of each footnote, in order.</summary>
    public IReadOnlyList<string> Notes => [.. Main.FootnotesPart!.Footnotes.Elements<W.Footnote>().Where(note => note.Type is null).Select(note => Text(note))];

    /// <summary>The characters that a reader sees or hears: text, and what is told of pictures; ornaments and fields' instructions left out.</summary>
    public static string Text(params IEnumerable<OpenXmlElement> elements)
    {
        var text = new StringBuilder();
        foreach (var element in elements.SelectMany(element => element.Descendants().Prepend(element)))
        {
            switch (element)
            {
                case W.Text t when t.Ancestors<W.Paragraph>().First() is var paragraph && StyleOf(paragraph) != "SceneBreak": text.Append(t.Text); break;
                case DocProperties picture: text.Append(picture.Description); break;
            }
        }

        return text.ToString();
    }

    public static string? StyleOf(OpenXmlElement element) => (element as W.Paragraph)?.ParagraphProperties?.ParagraphStyleId?.Val;

    public void Dispose() => _file.Dispose();
}
