using System.Buffers;
using System.Text;

namespace Lekhika.Core.Manuscripts;

/// <summary>Counts words as a reader would: runs of characters between white space that hold a letter or a digit.</summary>
public static class WordCount
{
    /// <summary>Words in a plain or Markdown text (marks on their own, such as <c>***</c> or a dash, do not count).</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var words = 0;
        var counted = false;
        for (var at = 0; at < text.Length;)
        {
            // Most of most texts is ASCII, which needs no tables.
            var character = text[at];
            var (rune, length) = (default(Rune), 1);
            if (!char.IsAscii(character))
            {
                _ = Rune.DecodeFromUtf16(text[at..], out rune, out length);
            }

            if (char.IsAscii(character) ? character is ' ' or (>= '\t' and <= '\r') : Rune.IsWhiteSpace(rune))
            {
                counted = false;
            }
            else if (!counted && (char.IsAscii(character) ? char.IsAsciiLetterOrDigit(character) : Rune.IsLetterOrDigit(rune)))
            {
                counted = true;
                words++;
            }

            at += length;
        }

        return words;
    }

    // Only what stands behind these can make the words of a text others than those of its blocks: links, spans, notes, HTML, entities, tables, code, escapes; and fences.
    private static readonly SearchValues<char> Marks = SearchValues.Create("[<&|`\\~");

    /// <summary>Words in the blocks of a chapter's Markdown: of most prose without the cost of reading it into blocks.</summary>
    public static int OfMarkdown(string markdown) =>
        markdown.AsSpan().ContainsAny(Marks) || markdown.Contains(":::", StringComparison.Ordinal) || HasLineOfFigures(markdown) ? Of(MarkdownReader.Read(markdown)) : Of(markdown.AsSpan());

    /// <summary>Words in blocks, at any depth; code and tables included.</summary>
    public static int Of(IEnumerable<Block> blocks) => blocks.Sum(Of);

    /// <summary>Whether a line begins with a figure, perhaps within quotations and lists: the number of a list's item is no word.</summary>
    private static bool HasLineOfFigures(ReadOnlySpan<char> text)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (line.TrimStart(" \t>-*+#") is [var first, ..] && char.IsAsciiDigit(first))
            {
                return true;
            }
        }

        return false;
    }

    private static int Of(Block block) => block switch
    {
        Paragraph p => Of(p.Content),
        Heading h => Of(h.Content),
        BlockQuotation q => Of(q.Content),
        ItemList l => l.Items.Sum(Of),
        CodeBlock c => Of(c.Value),
        Table t => t.Header.Sum(Of) + t.Rows.Sum(row => row.Sum(Of)),
        Verse v => v.Stanzas.Sum(stanza => stanza.Sum(line => Of(line.Content))),
        Letter l => Of(l.Content),
        Figure f => Of(f.Caption),
        Callout c => Of(c.Title) + Of(c.Content),
        Exercise e => Of(e.Title) + Of(e.Content),
        _ => 0,
    };

    private static int Of(IReadOnlyList<Inline> inlines) => Of(PlainText.Of(inlines)) + InNotes(inlines);

    private static int InNotes(IReadOnlyList<Inline> inlines) => inlines.Sum(inline => inline switch
    {
        Footnote n => Of(n.Content),
        Emphasis e => InNotes(e.Content),
        Strong s => InNotes(s.Content),
        SmallCaps c => InNotes(c.Content),
        Superscript u => InNotes(u.Content),
        Link l => InNotes(l.Content),
        LanguageSpan l => InNotes(l.Content),
        _ => 0,
    });
}
