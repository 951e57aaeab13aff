using System.Xml.Linq;

namespace Lekhika.Exporter.Epub;

/// <summary>The package document (EPUB Packages 3.2): metadata, manifest, spine; and the container that points to it.</summary>
internal static class EpubPackage
{
    private static readonly XNamespace Opf = EpubMetadata.Opf;
    private static readonly XNamespace Ocf = "urn:oasis:names:tc:opendocument:xmlns:container";

    public static XDocument Container() => new(new XElement(
        Ocf + "container",
        new XAttribute("version", "1.0"),
        new XElement(Ocf + "rootfiles", new XElement(
            Ocf + "rootfile", new XAttribute("full-path", "EPUB/package.opf"), new XAttribute("media-type", "application/oebps-package+xml")))));

    public static XDocument Document(EpubBook book) => new(new XElement(
        Opf + "package",
        new XAttribute("version", "3.0"),
        new XAttribute("unique-identifier", "id"),
        new XAttribute(XNamespace.Xml + "lang", book.Metadata.Language),
        book.IsRightToLeft ? new XAttribute("dir", "rtl") : null,
        EpubMetadata.Of(book),
        new XElement(
            Opf + "manifest",
            Item("nav", "nav.xhtml", "application/xhtml+xml", "nav"),
            Item("style", "book.css", "text/css"),
            book.Pages.Select(page => Item(page.Id, page.FileName, "application/xhtml+xml")),
            book.Files.Select(file => Item(file.Id, file.Path, file.MediaType, file == book.Pictures.Cover ? "cover-image" : null))),
        new XElement(
            Opf + "spine",
            new XAttribute("page-progression-direction", book.IsRightToLeft ? "rtl" : "ltr"),
            book.BeforeContents.Select(page => ItemReference(page.Id)),
            book.ShowsContents ? ItemReference("nav") : null,
            book.BehindContents.Select(page => ItemReference(page.Id)))));

    private static XElement Item(string id, string href, string mediaType, string? properties = null) => new(
        Opf + "item",
        new XAttribute("id", id),
        new XAttribute("href", href),
        new XAttribute("media-type", mediaType),
        properties is null ? null : new XAttribute("properties", properties));

    private static XElement ItemReference(string id) => new(Opf + "itemref", new XAttribute("idref", id));
}
