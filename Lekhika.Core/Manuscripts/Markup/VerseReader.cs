using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Makes verse of lines. Marks may hold over several lines of a stanza: then each line has them.</summary>
internal static class VerseReader
{
    private const int MostIndent = 8;
    private const int ColumnsOfAStep = 2;

    public static Verse Read(FencedVerse block, MarkdownSource source, Func<NoteCall, Footnote?> note)
    {
        var stanzas = new List<IReadOnlyList<VerseLine>>();
        var stanza = new List<(int Indent, string Words)>();
        for (var i = 0; i <= block.Lines.Count; i++)
        {
            var line = i < block.Lines.Count ? block.Lines.Lines[i].Slice.ToString().TrimEnd() : "";
            if (line.Length > 0)
            {
                stanza.Add((Math.Min(MostIndent, block.Indents[i] / ColumnsOfAStep), line));
            }
            else if (stanza.Count > 0)
            {
                var lines = Lines(stanza, source, note).Select((words, at) => new VerseLine(stanza[at].Indent, words)).Where(written => written.Content.Count > 0).ToList();
                if (lines.Count > 0)
                {
                    stanzas.Add(lines);
                }

                stanza.Clear();
            }
        }

        return new(stanzas);
    }

    private static List<IReadOnlyList<Inline>> Lines(List<(int Indent, string Words)> stanza, MarkdownSource source, Func<NoteCall, Footnote?> note)
    {
        var reader = new InlineReader(note, LineEnds.Breaks);
        var whole = source.Parse(string.Join('\n', stanza.Select(line => line.Words)));

        // Code and the target of a link swallow the ends of lines, and a lone backslash is one: then each line stands for itself.
        return whole.Descendants<LineBreakInline>().Count() == stanza.Count - 1 && Split(reader.Read(whole)) is var lines && lines.TrueForAll(line => line.Count > 0)
            ? lines
            : [.. stanza.Select(line => reader.Read(source.Parse(line.Words)))];
    }

    private static List<IReadOnlyList<Inline>> Split(IReadOnlyList<Inline> inlines)
    {
        var lines = new List<IReadOnlyList<Inline>>();
        var line = new List<Inline>();
        foreach (var inline in inlines)
        {
            var parts = inline is LineBreak ? [[], []] : Parts(inline);
            line.AddRange(parts[0]);
            foreach (var part in parts.Skip(1))
            {
                lines.Add(line);
                line = [.. part];
            }
        }

        lines.Add(line);
        return lines;
    }

    private static List<IReadOnlyList<Inline>> Parts(Inline inline) => inline switch
    {
        Emphasis e => Wrapped(e.Content, part => new Emphasis(part)),
        Strong s => Wrapped(s.Content, part => new Strong(part)),
        SmallCaps c => Wrapped(c.Content, part => new SmallCaps(part)),
        Superscript u => Wrapped(u.Content, part => new Superscript(part)),
        Link l => Wrapped(l.Content, part => new Link(part, l.Target)),
        LanguageSpan l => Wrapped(l.Content, part => new LanguageSpan(part, l.Language)),
        _ => [[inline]],
    };

    private static List<IReadOnlyList<Inline>> Wrapped(IReadOnlyList<Inline> content, Func<IReadOnlyList<Inline>, Inline> wrap) =>
        [.. Split(content).Select(IReadOnlyList<Inline> (part) => part is [] ? [] : [wrap(part)])];
}
