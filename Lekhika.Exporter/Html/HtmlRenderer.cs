using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.BlockMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>One self-contained HTML page, written as polyglot XHTML: no script, no request to anywhere.</summary>
internal sealed class HtmlRenderer : IBookRenderer
{
    private static readonly string Style = EmbeddedText.Read("Html.reader.css");

    public ExportFormat Format => ExportFormat.Html;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var wording = BookWording.For(book.Metadata.Language);
        var page = Element(
            "html",
            new XAttribute("lang", book.Metadata.Language),
            Head(book.Metadata, order.Design),
            Element(
                "body",
                Element("a", new XAttribute("class", "skip"), new XAttribute("href", "#text"), wording.SkipToText),
                TitlePage(book.Metadata, wording),
                order.Design.IncludeContents ? Contents(book, wording) : null,
                Element("main", new XAttribute("id", "text"), book.Chapters.Select(chapter => Section(chapter, wording))),
                Colophon(book, wording)));

        var content = new MemoryStream();
        content.Write("<!DOCTYPE html>\n"u8);
        using (var writer = XmlWriter.Create(content, new() { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.None }))
        {
            page.WriteTo(writer);
        }

        return Task.FromResult(new RenderedBook(content.ToArray()));
    }

    private static XElement Head(BookMetadata metadata, BookDesign design)
    {
        var size = design.PageSize;
        return Element(
            "head",
            Element("meta", new XAttribute("charset", "utf-8")),
            Element("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            Element("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
            Element("title", metadata.Title),
            Meta("author", metadata.Author),
            Meta("description", metadata.Description),
            Meta("dcterms.date", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            Element("style", FormattableString.Invariant(
                $"@page {{ size: {size.WidthMillimetres}mm {size.HeightMillimetres}mm }}\n:root {{ --body-size: {design.BodyFontSize}pt }}\n"), Style));
    }

    private static XElement? Meta(string name, string? content) =>
        string.IsNullOrEmpty(content) ? null : Element("meta", new XAttribute("name", name), new XAttribute("content", content));

    private static XElement TitlePage(BookMetadata metadata, BookWording wording) => Element(
        "header",
        Element("h1", metadata.Title),
        metadata.Subtitle is null ? null : Element("p", new XAttribute("class", "subtitle"), metadata.Subtitle),
        metadata.Author.Length == 0 ? null : Element("p", new XAttribute("class", "author"), wording.By(metadata.Author)),
        Element("p", new XAttribute("class", "disclosure"), wording.Disclosure(metadata.AiService)));

    private static XElement Contents(Manuscript book, BookWording wording) => Element(
        "nav",
        new XAttribute("aria-labelledby", "contents"),
        Element("h2", new XAttribute("id", "contents"), wording.Contents),
        Element("ol", book.Chapters.Select(chapter => Element(
            "li", Element("a", new XAttribute("href", "#" + Id(chapter)), chapter.Title.Length == 0 ? wording.Label(chapter) : chapter.Title)))));

    private static XElement Section(Chapter chapter, BookWording wording) => Element(
        "section",
        new XAttribute("id", Id(chapter)),
        new XAttribute("aria-labelledby", Id(chapter) + "-title"),
        Element(
            "h2",
            new XAttribute("id", Id(chapter) + "-title"),
            chapter.Title.Length == 0
                ? wording.Label(chapter)
                : new object[] { Element("span", new XAttribute("class", "label"), wording.Label(chapter)), " ", chapter.Title }),
        Of(chapter.Blocks, lowerBy: 1));

    private static XElement Colophon(Manuscript book, BookWording wording) => Element(
        "footer",
        Element("h2", wording.Colophon),
        book.Colophon.Select(text => Element("p", text)));

    private static string Id(Chapter chapter) => $"chapter-{chapter.Number}";
}
