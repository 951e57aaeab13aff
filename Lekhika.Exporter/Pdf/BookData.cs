using System.Text.Encodings.Web;
using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// An order as the JSON that typesetter/index.mjs and its templates read: the book's words (<c>book</c>) and its pictures
/// (<c>images</c>, by name). Design is written by <see cref="DesignData"/>, blocks and inlines by <see cref="BlockData"/>.
/// </summary>
internal static class BookData
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>One line of UTF-8 JSON without a newline; with <paramref name="wrap"/> an order of the cover alone.</summary>
    public static ReadOnlyMemory<byte> Order(RenderOrder order, Wrap? wrap = null)
    {
        var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Unescaped))
        {
            var manuscript = PrintableText.Of(order.Manuscript);
            var pictures = new PictureNames(manuscript.Images);
            json.WriteStartObject();
            json.WriteString("id", Guid.NewGuid());
            json.WritePropertyName("book");
            Book(json, wrap is null ? manuscript : Cover(manuscript), order, wrap, new BlockData(json, BookWording.For(manuscript.Metadata.Language), pictures));
            pictures.Write(json);
            json.WriteEndObject();
        }

        return line.GetBuffer().AsMemory(0, (int)line.Length);
    }

    /// <summary>The <c>book</c> of an order of the cover in letters as a picture: the same for the same cover.</summary>
    public static ReadOnlyMemory<byte> CoverOnly(RenderOrder order)
    {
        var data = new MemoryStream();
        using (var json = new Utf8JsonWriter(data, Unescaped))
        {
            var manuscript = PrintableText.Of(Cover(order.Manuscript)) with { CoverImage = null };
            Book(json, manuscript, order, wrap: null, new BlockData(json, BookWording.For(manuscript.Metadata.Language), new PictureNames(manuscript.Images)), coverOnly: true);
        }

        return data.GetBuffer().AsMemory(0, (int)data.Length);
    }

    private static void Book(Utf8JsonWriter json, Manuscript book, RenderOrder order, Wrap? wrap, BlockData blocks, bool coverOnly = false)
    {
        var (metadata, wording, design) = (book.Metadata, BookWording.For(book.Metadata.Language), order.Design);
        var language = metadata.Language.Split('-');
        var date = metadata.Completed.UtcDateTime;

        json.WriteStartObject();
        json.WriteString("title", metadata.Title);
        json.WriteString("subtitle", metadata.Subtitle);
        json.WriteString("author", metadata.Author);
        json.WriteString("description", metadata.Description);
        json.WriteString("identifier", $"urn:uuid:{metadata.Identifier}");
        json.WriteString("lang", language[0].ToLowerInvariant());
        json.WriteString("region", language.LastOrDefault(part => part.Length == 2 && part != language[0])?.ToUpperInvariant());
        blocks.Array("keywords", [.. metadata.Subjects, metadata.AiService, .. metadata.Provenance is { } manifest ? [manifest] : Array.Empty<string>()], json.WriteStringValue);
        blocks.Array("date", [date.Year, date.Month, date.Day], json.WriteNumberValue);
        blocks.Array("imprint", Imprint(metadata, wording, design), json.WriteStringValue);
        json.WriteString("publisher", metadata.Publisher);
        json.WriteString("isbn", metadata.PrintIsbn);
        json.WriteString("coverImage", blocks.Pictures.NameOf(book.CoverImage));
        json.WriteBoolean("coverOnly", coverOnly);
        if (wrap is not null)
        {
            json.WriteStartObject("wrap");
            json.WriteNumber("spine", wrap.Spine);
            json.WriteNumber("bleed", wrap.Bleed);
            json.WriteBoolean("spineText", wrap.HasSpineText);
            json.WriteEndObject();
        }

        DesignData.Write(json, design, Theme.Find(order.Settings.Theme) ?? Theme.Default, book);

        json.WriteStartObject("wording");
        json.WriteString("contents", wording.Contents);
        json.WriteString("colophon", wording.Colophon);
        json.WriteString("picture", wording.Picture);
        json.WriteEndObject();

        var hasParts = book.Parts.Count > 0;
        Sections(json, "front", book.FrontMatter, wording, blocks);
        blocks.Array("chapters", book.Chapters, chapter =>
        {
            var part = book.Parts.FirstOrDefault(part => part.FirstChapter == chapter.Number);
            var level = hasParts && book.Parts.Any(p => p.FirstChapter <= chapter.Number) ? 2 : 1;
            json.WriteStartObject();
            if (part is not null)
            {
                json.WriteStartObject("part");
                json.WriteString("label", wording.Label(part, book.Parts.Count));
                json.WriteString("title", part.Title);
                json.WriteString("heading", wording.Heading(part, book.Parts.Count));
                json.WriteEndObject();
            }

            json.WriteNumber("number", chapter.Number);
            json.WriteNumber("level", level);
            json.WriteString("label", wording.Label(chapter));
            json.WriteString("shown", wording.Label(chapter, design.ChapterLabel));
            json.WriteString("title", chapter.Title);
            json.WriteString("heading", wording.Heading(chapter));
            json.WriteString("subtitle", chapter.Subtitle);
            json.WriteString("byline", chapter.Byline);
            blocks.Write("epigraph", chapter.Epigraph, level);
            var lead = LeadIn.Of(chapter.Blocks, design);
            if (lead is not null)
            {
                json.WritePropertyName("lead");
                blocks.Write(lead);
            }

            blocks.Write("blocks", lead is null ? chapter.Blocks : [.. chapter.Blocks.Skip(1)], level, scenesLeadIn: design.SmallCapsLeadIn);
            json.WriteEndObject();
        });
        Sections(json, "back", book.BackMatter, wording, blocks);
        blocks.Write("colophon", ColophonText.Of(book), 1);
        json.WriteEndObject();
    }

    /// <summary>What a cover needs of a book.</summary>
    private static Manuscript Cover(Manuscript book) =>
        book with { Metadata = book.Metadata with { Provenance = null }, Chapters = [], FrontMatter = [], BackMatter = [], Parts = [], Colophon = [] };

    /// <summary>The lines of the imprint below title and author.</summary>
    private static IEnumerable<string> Imprint(BookMetadata metadata, BookWording wording, BookDesign design)
    {
        var year = metadata.Completed.UtcDateTime.Year.ToString(System.Globalization.CultureInfo.InvariantCulture);
        IEnumerable<string?> lines =
        [
            metadata.Edition,
            metadata.Copyright ?? (metadata.Author.Length == 0 ? year : $"© {year} {metadata.Author}"),
            metadata.Rights,
            metadata.Publisher,
            metadata.PrintIsbn is { } print ? wording.PrintIsbn(print) : null,
            metadata.EbookIsbn is { } ebook ? wording.EbookIsbn(ebook) : null,
            wording.Disclosure(metadata.AiService),
            wording.SetIn(design.BodyFont),
            $"urn:uuid:{metadata.Identifier}",
        ];
        return lines.OfType<string>();
    }

    private static void Sections(Utf8JsonWriter json, string name, IReadOnlyList<Matter> sections, BookWording wording, BlockData blocks) =>
        blocks.Array(name, sections, section =>
        {
            json.WriteStartObject();
            json.WriteString("kind", section.Kind.ToString().ToLowerInvariant());
            json.WriteString("title", wording.Title(section));
            json.WriteBoolean("titled", section.Title.Length > 0);
            blocks.Write("blocks", section.Blocks, 1);
            json.WriteEndObject();
        });
}
