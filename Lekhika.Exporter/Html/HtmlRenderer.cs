using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.HtmlMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>One self-contained HTML page, written as polyglot XHTML: no script, no request to anywhere, and a policy that allows neither.</summary>
internal sealed class HtmlRenderer : IBookRenderer
{
    public ExportFormat Format => ExportFormat.Html;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken)
    {
        var book = PrintableText.Of(order.Manuscript);
        var wording = BookWording.For(book.Metadata.Language);
        var pages = new HtmlPages(book, order.Design, wording);
        var page = Element(
            "html",
            new XAttribute("lang", book.Metadata.Language),
            new XAttribute("dir", wording.IsRightToLeft ? "rtl" : "ltr"),
            Head(book.Metadata, HtmlStyle.Of(book.Metadata, order.Design, wording)),
            Element(
                "body",
                Element("a", new XAttribute("class", "skip"), new XAttribute("href", "#text"), wording.SkipToText),
                pages.TitlePage(),
                order.Design.IncludeContents ? pages.Contents() : null,
                Element("main", new XAttribute("id", "text"), pages.Sections(cancellationToken)),
                pages.Colophon()));

        var content = new MemoryStream();
        content.Write("<!DOCTYPE html>\n"u8);
        using (var writer = XmlWriter.Create(content, new() { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.None }))
        {
            page.WriteTo(writer);
        }

        return Task.FromResult(new RenderedBook(content.ToArray()));
    }

    private static XElement Head(BookMetadata metadata, string style) => Element(
        "head",
        Element("meta", new XAttribute("charset", "utf-8")),
        Element("meta", new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", Policy(style))),
        Element("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
        Meta("referrer", "no-referrer"),
        Meta("color-scheme", "light dark"),
        Element("title", metadata.Title),
        Meta("author", metadata.Author),
        Meta("description", metadata.Description),
        Meta("dcterms.date", metadata.Completed.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Meta("dcterms.publisher", metadata.Publisher),
        Meta("dcterms.rights", metadata.Rights),
        Meta("keywords", string.Join(", ", metadata.Subjects)),
        metadata.Provenance is null ? null : Element("link", new XAttribute("rel", "describedby"), new XAttribute("type", "application/json"), new XAttribute("href", metadata.Provenance)), // Of the IANA's link relations; browsers ask for nothing.
        Element("style", style));

    /// <summary>Nothing but this style and pictures that the page holds itself.</summary>
    private static string Policy(string style) =>
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; img-src data:; base-uri 'none'; form-action 'none'";

    private static XElement? Meta(string name, string? content) =>
        string.IsNullOrEmpty(content) ? null : Element("meta", new XAttribute("name", name), new XAttribute("content", content));
}
