using System.Text.Encodings.Web;
using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// An order as the JSON that typesetter/index.mjs and book.typ read. Blocks are objects with a kind <c>t</c> (p, h, break, quote,
/// list, code, table); inlines are plain strings, or objects with <c>t</c> (em, strong, code, link, br).
/// </summary>
internal static class BookData
{
    /// <summary>
    /// Nesting that Typst's call depth (80) surely bears; what lies deeper keeps its characters and loses its frame.
    /// </summary>
    private const int MaxDepth = 5;

    /// <summary>One line of UTF-8 JSON without a newline.</summary>
    public static ReadOnlyMemory<byte> Order(RenderOrder order)
    {
        var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("id", Guid.NewGuid());
            json.WritePropertyName("book");
            Book(json, PrintableText.Of(order.Manuscript), order.Design);
            json.WriteEndObject();
        }

        return line.GetBuffer().AsMemory(0, (int)line.Length);
    }

    private static void Book(Utf8JsonWriter json, Manuscript book, BookDesign design)
    {
        var (metadata, wording) = (book.Metadata, BookWording.For(book.Metadata.Language));
        var size = design.PageSize;
        var language = metadata.Language.Split('-');

        json.WriteStartObject();
        json.WriteString("title", metadata.Title);
        json.WriteString("subtitle", metadata.Subtitle);
        json.WriteString("author", metadata.Author);
        json.WriteString("description", metadata.Description);
        json.WriteString("identifier", $"urn:uuid:{metadata.Identifier}");
        json.WriteString("lang", language[0].ToLowerInvariant());
        json.WriteString("region", language.LastOrDefault(part => part.Length == 2 && part != language[0])?.ToUpperInvariant());
        Array(json, "keywords", [metadata.AiService], json.WriteStringValue);
        var date = metadata.Completed.UtcDateTime;
        Array(json, "date", [date.Year, date.Month, date.Day], json.WriteNumberValue);

        json.WriteStartObject("settings");
        json.WriteNumber("width", size.WidthMillimetres);
        json.WriteNumber("height", size.HeightMillimetres);
        json.WriteNumber("size", design.BodyFontSize);
        json.WriteBoolean("contents", design.IncludeContents);
        json.WriteEndObject();

        json.WriteStartObject("wording");
        json.WriteString("contents", wording.Contents);
        json.WriteString("colophon", wording.Colophon);
        json.WriteString("type", wording.SetIn("EB Garamond"));
        json.WriteString("disclosure", wording.Disclosure(metadata.AiService));
        json.WriteEndObject();

        Array(json, "chapters", book.Chapters, chapter =>
        {
            json.WriteStartObject();
            json.WriteNumber("number", chapter.Number);
            json.WriteString("label", wording.Label(chapter));
            json.WriteString("title", chapter.Title);
            json.WriteString("heading", wording.Heading(chapter));
            Blocks(json, "blocks", chapter.Blocks, 0);
            json.WriteEndObject();
        });
        Blocks(json, "colophon", [.. book.Colophon.Select(text => new Paragraph([new Core.Manuscripts.Text(text)]))], 0);
        json.WriteEndObject();
    }

    private static void Blocks(Utf8JsonWriter json, string name, IReadOnlyList<Block> blocks, int depth)
    {
        json.WriteStartArray(name);
        foreach (var block in depth < MaxDepth ? blocks : blocks.SelectMany(Unframed))
        {
            Block(json, block, depth);
        }

        json.WriteEndArray();
    }

    private static IEnumerable<Block> Unframed(Block block) => block switch
    {
        BlockQuotation q => q.Content.SelectMany(Unframed),
        ItemList l => l.Items.SelectMany(item => item.SelectMany(Unframed)),
        _ => [block],
    };

    private static void Block(Utf8JsonWriter json, Block block, int depth)
    {
        json.WriteStartObject();
        switch (block)
        {
            case Paragraph p:
                Kind(json, "p");
                Inlines(json, "c", p.Content, 0);
                break;
            case Heading h:
                Kind(json, "h");
                json.WriteNumber("level", h.Level);
                Inlines(json, "c", h.Content, 0);
                break;
            case SceneBreak:
                Kind(json, "break");
                break;
            case BlockQuotation q:
                Kind(json, "quote");
                Blocks(json, "c", q.Content, depth + 1);
                break;
            case ItemList l:
                Kind(json, "list");
                json.WriteBoolean("ordered", l.Ordered);
                json.WriteNumber("start", l.Start);
                Array(json, "items", l.Items, item =>
                {
                    json.WriteStartObject();
                    Blocks(json, "c", item, depth + 1);
                    json.WriteEndObject();
                });
                break;
            case CodeBlock c:
                Kind(json, "code");
                json.WriteString("v", c.Value);
                break;
            case Table t:
                Kind(json, "table");
                Array(json, "columns", t.Columns, column => json.WriteStringValue(column.ToString().ToLowerInvariant()));
                Row(json, "header", t.Header);
                Array(json, "rows", t.Rows, row =>
                {
                    json.WriteStartObject();
                    Row(json, "c", row);
                    json.WriteEndObject();
                });
                break;
        }

        json.WriteEndObject();
    }

    private static void Row(Utf8JsonWriter json, string name, IReadOnlyList<IReadOnlyList<Inline>> cells) => Array(json, name, cells, cell =>
    {
        json.WriteStartObject();
        Inlines(json, "c", cell, 0);
        json.WriteEndObject();
    });

    private static void Inlines(Utf8JsonWriter json, string name, IReadOnlyList<Inline> inlines, int depth) => Array(json, name, inlines, inline =>
    {
        switch (inline)
        {
            case Core.Manuscripts.Text t: json.WriteStringValue(t.Value); break;
            case LineBreak: Marked("br"); break;
            case CodeSpan c: Marked("code", () => json.WriteString("v", c.Value)); break;
            case var deep when depth >= MaxDepth: json.WriteStringValue(PlainText.Of([deep])); break;
            case Emphasis e: Marked("em", () => Inlines(json, "c", e.Content, depth + 1)); break;
            case Strong s: Marked("strong", () => Inlines(json, "c", s.Content, depth + 1)); break;
            case Link l:
                Marked("link", () =>
                {
                    json.WriteString("to", LinkTarget.Of(l.Target));
                    Inlines(json, "c", l.Content, depth + 1);
                });
                break;
        }

        void Marked(string kind, Action? content = null)
        {
            json.WriteStartObject();
            Kind(json, kind);
            content?.Invoke();
            json.WriteEndObject();
        }
    });

    private static void Kind(Utf8JsonWriter json, string kind) => json.WriteString("t", kind);

    private static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
