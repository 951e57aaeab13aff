using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Docx;
using Lekhika.Exporter.Tests.Epub;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Provenance;

/// <summary>Where each file says how it was made, as programs that did not make it read it.</summary>
public sealed class ProvenanceLinkSpecs(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Address = WholeBook.Manifest;

    private static readonly Manuscript Unlinked = WholeBook.Of() with { Metadata = WholeBook.Of().Metadata with { Provenance = null }, Colophon = ["Made by hand."] };

    [Fact]
    public async Task An_epub_links_its_record_and_epubcheck_has_nothing_to_say()
    {
        using var epub = await EpubFile.Of(WholeBook.Of());

        var link = epub.Package.Descendants().Single(element => element.Name.LocalName == "link");
        (link.Attribute("rel")!.Value, link.Attribute("href")!.Value, link.Attribute("media-type")!.Value).ShouldBe(("record", Address, "application/json"));
        epub.Page("colophon").QuerySelector("p a")!.GetAttribute("href").ShouldBe(Address);
        epub.Check();
    }

    [Fact]
    public async Task A_docx_has_it_as_a_property_of_its_own_and_as_a_link()
    {
        using var docx = await DocxFile.Of(WholeBook.Of());

        var property = Custom(docx).ShouldNotBeNull().Root!.Elements().ShouldHaveSingleItem();
        (property.Attribute("name")!.Value, property.Value).ShouldBe(("Provenance", Address));
        docx.Main.HyperlinkRelationships.ShouldContain(link => link.Uri.OriginalString == Address);
        docx.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pdf_has_it_among_its_keywords_and_as_a_tagged_link_of_its_colophon()
    {
        var file = await workshop.Render(ExportFormat.Pdf, Books.Order(WholeBook.Of()));
        using var pdf = new PdfFile(file.Content);

        file.Warnings.ShouldBeEmpty(); // It would tell of a rule of PDF/UA-1 that is broken.
        pdf.Info().ShouldContain(Address);
        Tool.Run("poppler-utils", "pdfinfo", "-url", pdf.FilePath).ShouldContain(Address);
        string.Concat(pdf.Pages()[^1].Where(character => !char.IsWhiteSpace(character))).ShouldContain(Address);
    }

    [Fact]
    public async Task A_page_describes_itself_by_it_and_fetches_nothing()
    {
        var page = new HtmlParser().ParseDocument(Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Html, Books.Order(WholeBook.Of()))).Content));

        var link = page.QuerySelectorAll("link").ShouldHaveSingleItem();
        (link.GetAttribute("rel"), link.GetAttribute("href"), link.GetAttribute("type")).ShouldBe(("describedby", Address, "application/json"));
        page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content").ShouldStartWith("default-src 'none'");
        page.QuerySelector("footer p a")!.GetAttribute("href").ShouldBe(Address);
    }

    [Fact]
    public async Task Markdown_has_it_in_its_metadata_and_gives_it_back()
    {
        var file = Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Markdown, Books.Order(WholeBook.Of()))).Content);

        file.Split("\n---\n")[0].ShouldContain($"provenance: \"{Address}\"");
        BookReader.Read(file).Metadata.Provenance.ShouldBe(Address);
    }

    [Fact]
    public async Task Plain_text_has_it_in_its_colophon_in_one_piece()
    {
        var file = Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Txt, Books.Order(WholeBook.Of()))).Content);

        file.TrimEnd('\n').Split('\n')[^1].ShouldBe(Address);
    }

    [Fact]
    public async Task A_book_without_an_address_says_nothing_in_any_format()
    {
        using var epub = await EpubFile.Of(Unlinked);
        using var docx = await DocxFile.Of(Unlinked);
        using var pdf = new PdfFile((await workshop.Render(ExportFormat.Pdf, Books.Order(Unlinked))).Content);
        var page = new HtmlParser().ParseDocument(Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Html, Books.Order(Unlinked))).Content));
        var markdown = Encoding.UTF8.GetString((await workshop.Render(ExportFormat.Markdown, Books.Order(Unlinked))).Content);

        epub.Package.Descendants().ShouldAllBe(element => element.Name.LocalName != "link");
        Custom(docx).ShouldBeNull();
        pdf.Info().ShouldContain("Keywords:        Clocks, Sea stories, offline-author\n");
        page.QuerySelectorAll("link").ShouldBeEmpty();
        markdown.ShouldNotContain("provenance:");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/v1/executions/1/provenance")]
    public async Task What_is_no_address_is_left_out(string address)
    {
        using var epub = await EpubFile.Of(WholeBook.Of() with { Metadata = WholeBook.Of().Metadata with { Provenance = address } });

        epub.Read("EPUB/package.opf").ShouldNotContain(address);
    }

    [Theory]
    [InlineData("https://books.example.org", true)]
    [InlineData("http://127.0.0.1:5180/lekhika/", true)]
    [InlineData("", true)]
    [InlineData("books.example.org", false)]
    [InlineData("https://ada:secret@books.example.org", false)]
    [InlineData("https://books.example.org/?token=1", false)]
    [InlineData("ftp://books.example.org", false)]
    public void A_public_address_has_no_secret_in_it(string address, bool isOne)
    {
        var options = new ExporterOptions { PublicAddress = address };

        Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true).ShouldBe(isOne);
    }

    private static XDocument? Custom(DocxFile docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx.Content), ZipArchiveMode.Read);
        using var part = zip.GetEntry("docProps/custom.xml")?.Open();
        return part is null ? null : XDocument.Load(part);
    }
}
