using System.Text.Json;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// Blocks and inlines as JSON. Blocks are objects with a kind <c>t</c> (p, lead, h, break, quote, list, code, table, verse, letter,
/// figure, callout, exercise); inlines are plain strings, or objects with <c>t</c> (long, em, strong, sc, sup, lang, code, link, note, picture, br).
/// </summary>
internal sealed class BlockData(Utf8JsonWriter json, BookWording wording, PictureNames pictures)
{
    /// <summary>Nesting that Typst's call depth (80) surely bears; what lies deeper keeps its characters and loses its frame.</summary>
    private const int MaxDepth = 5;

    /// <summary>Characters from which on a word is marked as long.</summary>
    private const int LongWord = 20;

    /// <summary>Words from which on a note may be divided between pages.</summary>
    private const int LongNote = 80;

    /// <summary>Words by which a line counts that is not full.</summary>
    private const int WordsOfLine = 8;

    private int _heading;
    private int _under;
    private bool _inNote;

    public PictureNames Pictures => pictures;

    /// <summary>Writes blocks under a heading of level <paramref name="under"/>; <paramref name="scenesLeadIn"/>: the first words of scenes are in small capitals.</summary>
    public void Write(string name, IReadOnlyList<Block> blocks, int under, bool scenesLeadIn = false)
    {
        (_heading, _under) = (under, under);
        if (!scenesLeadIn)
        {
            Blocks(name, blocks, 0);
            return;
        }

        json.WriteStartArray(name);
        Block? before = null;
        foreach (var block in blocks)
        {
            if (before is SceneBreak && block is Paragraph p && LeadIn.OfScene(p) is { } scene)
            {
                Write(scene);
            }
            else
            {
                Block(block, 0);
            }

            before = block;
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the paragraph that opens a chapter or a scene.</summary>
    public void Write(LeadIn lead)
    {
        json.WriteStartObject();
        Kind("lead");
        json.WriteString("open", lead.Opening);
        json.WriteString("cap", lead.Capital);
        Array("first", lead.Words, word =>
        {
            json.WriteStartObject();
            json.WriteBoolean("sc", word.IsSmallCaps);
            Inlines("c", word.Content, 0);
            json.WriteEndObject();
        });
        Inlines("rest", lead.Rest, 0);
        json.WriteEndObject();
    }

    public void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    private void Blocks(string name, IReadOnlyList<Block> blocks, int depth)
    {
        json.WriteStartArray(name);
        foreach (var block in depth < MaxDepth ? blocks : blocks.SelectMany(Unframed))
        {
            Block(block, depth);
        }

        json.WriteEndArray();
    }

    private static IEnumerable<Block> Unframed(Block block) => block switch
    {
        BlockQuotation q => q.Content.SelectMany(Unframed),
        Letter l => l.Content.SelectMany(Unframed),
        ItemList l => l.Items.SelectMany(item => item.SelectMany(Unframed)),
        Callout c => Titled(c.Title).Concat(c.Content.SelectMany(Unframed)),
        Exercise e => Titled(e.Title).Concat(e.Content.SelectMany(Unframed)),
        _ => [block],
    };

    private static IEnumerable<Block> Titled(IReadOnlyList<Inline> title) => title.Count == 0 ? [] : [new Paragraph(title)];

    private void Block(Block block, int depth)
    {
        json.WriteStartObject();
        switch (block)
        {
            case Paragraph p:
                Kind("p");
                Inlines("c", p.Content, 0);
                break;
            case Heading h:
                // PDF/UA wants levels without gaps, however a writer counted them.
                Kind("h");
                var rank = Math.Clamp(h.Level, 2, 6);
                json.WriteNumber("rank", rank);
                _heading = Math.Min(_heading + 1, rank + _under - 1);
                json.WriteNumber("level", _heading);
                Inlines("c", h.Content, 0);
                break;
            case SceneBreak:
                Kind("break");
                break;
            case BlockQuotation q:
                Kind("quote");
                Blocks("c", q.Content, depth + 1);
                break;
            case Letter l:
                Kind("letter");
                Blocks("c", l.Content, depth + 1);
                break;
            case ItemList l:
                Kind("list");
                json.WriteBoolean("ordered", l.Ordered);
                json.WriteNumber("start", l.Start);
                Array("items", l.Items, item =>
                {
                    json.WriteStartObject();
                    Blocks("c", item, depth + 1);
                    json.WriteEndObject();
                });
                break;
            case CodeBlock c:
                Kind("code");
                json.WriteString("v", c.Value);
                break;
            case Table t:
                Kind("table");
                Array("columns", t.Columns, column => json.WriteStringValue(column.ToString().ToLowerInvariant()));
                Row("header", t.Header);
                Array("rows", t.Rows, row =>
                {
                    json.WriteStartObject();
                    Row("c", row);
                    json.WriteEndObject();
                });
                break;
            case Verse v:
                Kind("verse");
                Array("stanzas", v.Stanzas, stanza =>
                {
                    json.WriteStartObject();
                    Array("lines", stanza, line =>
                    {
                        json.WriteStartObject();
                        json.WriteNumber("indent", Math.Clamp(line.Indent, 0, 8));
                        Inlines("c", line.Content, 0);
                        json.WriteEndObject();
                    });
                    json.WriteEndObject();
                });
                break;
            case Figure f:
                Kind("figure");
                json.WriteString("image", pictures.NameOf(f.Image));
                json.WriteString("alt", Alternative(f));
                Inlines("c", f.Caption, 0);
                break;
            case Callout c:
                Kind("box");
                json.WriteString("kind", c.Kind.ToString().ToLowerInvariant());
                json.WriteString("label", wording.CalloutTitle(c.Kind));
                Inlines("title", c.Title, 0);
                Blocks("c", c.Content, depth + 1);
                break;
            case Exercise e:
                Kind("box");
                json.WriteString("kind", "exercise");
                json.WriteString("label", wording.Exercise);
                Inlines("title", e.Title, 0);
                Blocks("c", e.Content, depth + 1);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>What an inline says without its marks; its notes are called where they were.</summary>
    private static IEnumerable<Inline> Unmarked(Inline inline) => inline switch
    {
        Emphasis e => e.Content.SelectMany(Unmarked),
        Strong s => s.Content.SelectMany(Unmarked),
        SmallCaps s => s.Content.SelectMany(Unmarked),
        Superscript s => s.Content.SelectMany(Unmarked),
        LanguageSpan l => l.Content.SelectMany(Unmarked),
        Link l => l.Content.SelectMany(Unmarked),
        CodeSpan c => [new Core.Manuscripts.Text(c.Value)],
        _ => [inline],
    };

    private void Row(string name, IReadOnlyList<IReadOnlyList<Inline>> cells) => Array(name, cells, cell =>
    {
        json.WriteStartObject();
        Inlines("c", cell, 0);
        json.WriteEndObject();
    });

    private void Inlines(string name, IReadOnlyList<Inline> inlines, int depth) => Array(name, depth < MaxDepth ? inlines : inlines.SelectMany(Unmarked), inline =>
    {
        switch (inline)
        {
            case Core.Manuscripts.Text t when IsLong(t.Value): Marked("long", () => json.WriteString("v", t.Value)); break;
            case Core.Manuscripts.Text t: json.WriteStringValue(t.Value); break;
            case LineBreak: Marked("br"); break;
            case CodeSpan c: Marked("code", () => json.WriteString("v", c.Value)); break;
            case Footnote n when !_inNote: Note(n); break;
            case Footnote: break;
            case Emphasis e: Marked("em", () => Inlines("c", e.Content, depth + 1)); break;
            case Strong s: Marked("strong", () => Inlines("c", s.Content, depth + 1)); break;
            case SmallCaps s: Marked("sc", () => Inlines("c", s.Content, depth + 1)); break;
            case Superscript s: Marked("sup", () => Inlines("c", s.Content, depth + 1)); break;
            case LanguageSpan l:
                Marked("lang", () =>
                {
                    var parts = l.Language.Split('-');
                    json.WriteString("lang", parts[0].ToLowerInvariant());
                    json.WriteString("region", parts.LastOrDefault(part => part.Length == 2 && part != parts[0])?.ToUpperInvariant());
                    Inlines("c", l.Content, depth + 1);
                });
                break;
            case Link l:
                Marked("link", () =>
                {
                    json.WriteString("to", LinkTarget.Of(l.Target));
                    Inlines("c", l.Content, depth + 1);
                });
                break;
        }

        void Marked(string kind, Action? content = null)
        {
            json.WriteStartObject();
            Kind(kind);
            content?.Invoke();
            json.WriteEndObject();
        }

        // A note's first paragraph stands on the line of its number, so it is written apart from what follows.
        void Note(Footnote note) => Marked("note", () =>
        {
            _inNote = true;
            var first = note.Content is [Paragraph p, ..] ? p.Content : [];
            Inlines("c", first, 1);
            Array("more", note.Content.Skip(note.Content is [Paragraph, ..] ? 1 : 0).SelectMany(Unframed).SelectMany(Captioned), block =>
            {
                json.WriteStartObject();
                if (block is Figure f && pictures.NameOf(f.Image) is { } name)
                {
                    Array("c", [f], _ => Marked("picture", () =>
                    {
                        json.WriteString("image", name);
                        json.WriteString("alt", Alternative(f));
                    }));
                }
                else
                {
                    Inlines("c", Line(block), 1);
                }

                json.WriteEndObject();
            });
            // Each block, and each line of code, begins a line.
            json.WriteBoolean("long", WordCount.Of(note.Content) + (note.Content.SelectMany(Unframed).Sum(Lines) * WordsOfLine) > LongNote);
            _inNote = false;
        });
    });

    /// <summary>Whether a line might be too short for a word: it has that many characters in a row among which no line ends. (Between Chinese, Japanese and Korean ones it may.)</summary>
    private static bool IsLong(string text)
    {
        var row = 0;
        foreach (var c in text)
        {
            row = c is ' ' or '\t' or (>= '\u2E80' and <= '\uD7FF') or (>= '\uF900' and <= '\uFAFF') ? 0 : row + 1;
            if (row >= LongWord)
            {
                return true;
            }
        }

        return false;
    }

    private static int Lines(Block block) => block is CodeBlock c ? (c.Value.Length / 60) + c.Value.Count(letter => letter == '\n') + 1 : block is Paragraph p ? (PlainText.Of(p.Content).Length / 240) + 1 : 1;

    /// <summary>A figure of a note as its picture and a paragraph of its caption.</summary>
    private static IEnumerable<Block> Captioned(Block block) => block is Figure { Caption.Count: > 0 } f ? [f, new Paragraph(f.Caption)] : [block];

    private string Alternative(Figure f) => f.Alternative.Length > 0 ? f.Alternative : PlainText.Of(f.Caption) is { Length: > 0 } caption ? caption : wording.Picture;

    /// <summary>What a note keeps of a block that is no paragraph: its characters, on one line.</summary>
    private IReadOnlyList<Inline> Line(Block block) => block switch
    {
        Paragraph p => p.Content,
        Heading h => h.Content,
        CodeBlock c => [new CodeSpan(c.Value)],
        Verse v => [new Core.Manuscripts.Text(string.Join(" / ", v.Stanzas.SelectMany(stanza => stanza).Select(line => PlainText.Of(line.Content))))],
        Table t => [new Core.Manuscripts.Text(string.Join(" · ", t.Rows.Prepend(t.Header).SelectMany(row => row).Select(PlainText.Of)))],
        Figure f => f.Alternative.Length > 0 || f.Caption.Count == 0 ? [new Core.Manuscripts.Text(Alternative(f))] : [],
        _ => [],
    };

    private void Kind(string kind) => json.WriteString("t", kind);
}
