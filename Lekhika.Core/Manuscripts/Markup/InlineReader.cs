using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Makes a book's inlines of Markdig's.</summary>
/// <param name="note">The text of a note at this call; null where it stays text.</param>
internal sealed class InlineReader(Func<NoteCall, Footnote?> note, LineEnds lineEnds = LineEnds.AsWritten)
{
    /// <summary>The inlines of a block; a break behind which nothing comes, as Markdig leaves it above a table, is none, and the backslash that made it is one.</summary>
    public IReadOnlyList<Inline> Read(ContainerInline? container)
    {
        var inlines = Read(container, 0);
        if (lineEnds != LineEnds.Breaks && inlines is [.., LineBreak] && container?.LastChild is LineBreakInline { IsBackslash: true })
        {
            inlines.RemoveAt(inlines.Count - 1);
            if (inlines is [.., Text before])
            {
                inlines[^1] = new Text(before.Value + "\\");
            }
            else
            {
                inlines.Add(new Text("\\"));
            }

            return inlines;
        }

        while (lineEnds != LineEnds.Breaks && inlines is [.., LineBreak])
        {
            inlines.RemoveAt(inlines.Count - 1);
        }

        return inlines;
    }

    /// <summary>The characters of inlines without their marks, in one line; calls of notes stay as they were written.</summary>
    public static string PlainLine(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (var inline in new InlineReader(_ => null).Read(container))
        {
            text.Append(PlainText.Of([inline]));
        }

        return text.Replace('\n', ' ').ToString().Trim();
    }

    private List<Inline> Read(ContainerInline? container, int depth)
    {
        var run = new InlineRun();
        AddAll(run, container, depth);
        return run.ToList();
    }

    private void AddAll(InlineRun run, ContainerInline? container, int depth)
    {
        foreach (var inline in container ?? [])
        {
            switch (inline)
            {
                case ContainerInline nested when depth >= Nesting.Most: AddLeaves(run, nested); break;
                case EmphasisInline { DelimiterCount: 2 } strong: run.Add(new Strong(Read(strong, depth + 1))); break;
                case EmphasisInline emphasis: run.Add(new Emphasis(Read(emphasis, depth + 1))); break;
                case LinkInline { IsImage: false } link when WebLink.IsSafe(link.Url): run.Add(new Link(Read(link, depth + 1), link.Url!)); break;
                case SpanInline span: run.Add(Span(span, Read(span, depth + 1))); break;
                case DelimiterInline mark: run.AddText(mark.ToLiteral()); AddAll(run, mark, depth + 1); break;
                case ContainerInline other: AddAll(run, other, depth + 1); break;
                default: AddLeaf(run, inline); break;
            }
        }
    }

    private static Inline Span(SpanInline span, List<Inline> content)
    {
        foreach (var name in span.Classes.Reverse())
        {
            Inline inner = name switch
            {
                "smallcaps" => new SmallCaps(content),
                "emphasis" => new Emphasis(content),
                "strong" => new Strong(content),
                _ => new Superscript(content),
            };
            content = [inner];
        }

        return span.Language is null ? content[0] : new LanguageSpan(content, span.Language);
    }

    private void AddLeaf(InlineRun run, Markdig.Syntax.Inlines.Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal: run.AddText(literal.Content.AsSpan()); break;
            case HtmlEntityInline entity: run.AddText(entity.Transcoded.AsSpan()); break;
            case CodeInline code: run.Add(new CodeSpan(code.Content)); break;
            case LineBreakInline line when lineEnds == LineEnds.Breaks || (line.IsHard && lineEnds == LineEnds.AsWritten): run.Add(new LineBreak()); break;
            case LineBreakInline: run.AddText(" "); break;
            case AutolinkInline { IsEmail: true } mail: run.Add(new Link([new Text(mail.Url)], "mailto:" + mail.Url)); break;
            case AutolinkInline auto when WebLink.IsSafe(auto.Url): run.Add(new Link([new Text(auto.Url)], auto.Url)); break;
            case AutolinkInline other: run.AddText($"<{other.Url}>"); break;
            case NoteCall call when note(call) is { } footnote: run.Add(footnote); break;
            case NoteCall call: run.AddText($"[^{call.Label}]"); break;
            default: run.AddText(inline.ToString()); break;
        }
    }

    private void AddLeaves(InlineRun run, ContainerInline container)
    {
        foreach (var inline in container.Descendants<Markdig.Syntax.Inlines.Inline>().Prepend(container))
        {
            switch (inline)
            {
                // A mark without its other half: Markdig leaves it where it is.
                case DelimiterInline mark: run.AddText(mark.ToLiteral()); break;
                case LeafInline: AddLeaf(run, inline); break;
            }
        }
    }
}

/// <summary>What the end of a line within a block is.</summary>
internal enum LineEnds
{
    /// <summary>A space, or a break where the writer marked one.</summary>
    AsWritten,

    /// <summary>A break, as in verse.</summary>
    Breaks,

    /// <summary>A space, as in the cell of a table, which is one line.</summary>
    Spaces,
}

/// <summary>Inlines in a row. Neighbouring literals are one text: Markdig splits them at every character that might have been a mark.</summary>
internal sealed class InlineRun
{
    private readonly List<Inline> _inlines = [];
    private readonly StringBuilder _text = new();

    public void Add(Inline inline)
    {
        EndText();
        _inlines.Add(inline);
    }

    public void AddText(ReadOnlySpan<char> value) => _text.Append(value);

    public List<Inline> ToList()
    {
        EndText();
        return _inlines;
    }

    private void EndText()
    {
        if (_text.Length > 0)
        {
            _inlines.Add(new Text(_text.ToString()));
            _text.Clear();
        }
    }
}
