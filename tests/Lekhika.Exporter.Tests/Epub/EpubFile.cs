using System.IO.Compression;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Epub;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

/// <summary>A rendered EPUB as independent readers see it: a ZIP, XML by LINQ, pages by AngleSharp, all of it by epubcheck.</summary>
internal sealed class EpubFile : IDisposable
{
    private const string Jar = "/usr/share/java/epubcheck.jar";
    private readonly ZipArchive _zip;

    private EpubFile(RenderedBook book) => (Content, Warnings, _zip) = (book.Content, book.Warnings, new ZipArchive(new MemoryStream(book.Content), ZipArchiveMode.Read));

    public byte[] Content { get; }

    public IReadOnlyList<string> Warnings { get; }

    public IReadOnlyList<string> Paths => [.. _zip.Entries.Select(entry => entry.FullName)];

    public string Style => Read("EPUB/book.css");

    public XDocument Package => XDocument.Parse(Read("EPUB/package.opf"));

    public IHtmlDocument Navigation => Page("nav");

    /// <summary>The ids of the spine's items, in reading order.</summary>
    public IReadOnlyList<string> Spine => [.. Package.Descendants().Where(element => element.Name.LocalName == "itemref").Select(element => element.Attribute("idref")!.Value)];

    public static Task<EpubFile> Of(Manuscript book, ExportSettings? settings = null, PageMap? pages = null) => Of(new EpubRenderer(), Books.Order(book, settings, pages));

    public static async Task<EpubFile> Of(IBookRenderer renderer, RenderOrder order) => new(await renderer.RenderAsync(order, default));

    /// <summary>What the package says under a name such as <c>dc:title</c>'s <c>title</c>, or a property such as <c>schema:accessMode</c>.</summary>
    public IReadOnlyList<string> Told(string name) =>
    [
        .. Package.Root!.Elements().First().Elements().Where(element => element.Name.NamespaceName.Contains("purl.org") ? element.Name.LocalName == name : element.Attribute("property")?.Value == name)
            .Select(element => element.Value),
    ];

    public byte[] Bytes(string path)
    {
        using var stream = _zip.GetEntry(path)!.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public string Read(string path) => System.Text.Encoding.UTF8.GetString(Bytes(path));

    /// <summary>A page, by the id of its item. It is well-formed XML too.</summary>
    public IHtmlDocument Page(string id)
    {
        var text = Read($"EPUB/{id}.xhtml");
        XDocument.Parse(text).Root!.Name.LocalName.ShouldBe("html");
        return new HtmlParser().ParseDocument(text);
    }

    /// <summary>The characters that a reader sees or hears of an element: text, and what is told of pictures.</summary>
    public static string Text(IElement element) => string.Concat(element.Descendants<INode>().Select(node => node switch
    {
        IText text => text.Data,
        IHtmlImageElement picture => picture.AlternativeText ?? "",
        _ => "",
    }));

    public void Check()
    {
        var path = Path.ChangeExtension(Path.GetTempFileName(), ".epub");
        File.WriteAllBytes(path, Content);
        File.Exists(Jar).ShouldBeTrue("epubcheck is not installed: run apt-get install epubcheck default-jre-headless.");
        Tool.Run("default-jre-headless", "java", "-jar", Jar, "--failonwarnings", path).ShouldContain("No errors or warnings detected");
        File.Delete(path);
    }

    public void Dispose() => _zip.Dispose();
}
