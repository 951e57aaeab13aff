using System.Buffers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>A footnote's text: <c>[^1]: It was so.</c>, with what is set in by four columns below it.</summary>
internal sealed class NoteDefinition(BlockParser parser, string label) : ContainerBlock(parser)
{
    public string Label { get; } = label;
}

/// <summary>Where a footnote is called: <c>[^1]</c>.</summary>
internal sealed class NoteCall(string label) : LeafInline
{
    public string Label { get; } = label;
}

/// <summary>Labels of notes, and the definitions that a document has of them.</summary>
internal static class Notes
{
    private static readonly object Key = new();
    private static readonly SearchValues<char> NoLabel = SearchValues.Create("[] \t\r\n");

    /// <summary>The definitions of a document by their labels; of two with one label the first counts.</summary>
    public static Dictionary<string, NoteDefinition> Of(MarkdownDocument document)
    {
        if (document.GetData(Key) is not Dictionary<string, NoteDefinition> notes)
        {
            document.SetData(Key, notes = []);
        }

        return notes;
    }

    /// <summary>The label of <c>[^label]</c> at the beginning of a text; null when there is none.</summary>
    public static string? Label(ReadOnlySpan<char> text)
    {
        if (text is not ['[', '^', ..])
        {
            return null;
        }

        text = text[2..Math.Min(text.Length, 100)];
        var end = text.IndexOfAny(NoLabel);
        return end > 0 && text[end] == ']' ? text[..end].ToString() : null;
    }
}

/// <summary>Reads the texts of footnotes.</summary>
internal sealed class NoteDefinitionParser : BlockParser
{
    public NoteDefinitionParser() => OpeningCharacters = ['['];

    public override BlockState TryOpen(BlockProcessor processor)
    {
        var line = processor.Line.AsSpan();
        if (processor.IsCodeIndent || Notes.Label(line) is not { } label || line.Length < label.Length + 4 || line[label.Length + 3] != ':'
            || IsInNote(processor) || Nesting.IsDeep(processor))
        {
            return BlockState.None;
        }

        var note = new NoteDefinition(this, label) { Column = processor.Column, Span = new SourceSpan(processor.Start, processor.Line.End) };
        Notes.Of(processor.Document).TryAdd(label, note);
        var start = processor.Start + label.Length + 4;
        while (start <= processor.Line.End && processor.Line.Text[start] is ' ' or '\t')
        {
            start++;
        }

        processor.Column += start - processor.Start;
        processor.Line.Start = start;
        processor.NewBlocks.Push(note);
        return BlockState.Continue;
    }

    public override BlockState TryContinue(BlockProcessor processor, Markdig.Syntax.Block block)
    {
        if (processor.IsBlankLine)
        {
            return BlockState.Continue;
        }

        if (processor.Indent < 4)
        {
            return BlockState.None;
        }

        processor.GoToCodeIndent();
        block.UpdateSpanEnd(processor.Line.End);
        return BlockState.Continue;
    }

    private static bool IsInNote(BlockProcessor processor)
    {
        for (var at = processor.GetCurrentContainerOpened(); at is not null; at = at.Parent)
        {
            if (at is NoteDefinition)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Reads calls of footnotes that have a text; every other <c>[^…]</c> is text.</summary>
internal sealed class NoteCallParser : InlineParser
{
    public NoteCallParser() => OpeningCharacters = ['['];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (Notes.Label(slice.AsSpan()) is not { } label || !Notes.Of(processor.Document).ContainsKey(label))
        {
            return false;
        }

        processor.Inline = new NoteCall(label) { IsClosed = true };
        slice.Start += label.Length + 3;
        return true;
    }
}
