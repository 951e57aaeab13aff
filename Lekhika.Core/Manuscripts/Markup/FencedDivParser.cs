using Markdig.Parsers;
using Markdig.Syntax;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>
/// Reads Pandoc's fenced divs of the classes that books have. A fence of at least as many colons closes the innermost one; it
/// may follow a paragraph, a list or a quotation without a blank line, and never ends code.
/// </summary>
internal sealed class FencedDivParser : BlockParser
{
    public FencedDivParser() => OpeningCharacters = [':'];

    public override BlockState TryOpen(BlockProcessor processor)
    {
        if (processor.IsCodeIndent || DivHead.Read(processor.Line.AsSpan()) is not { } head || Nesting.IsDeep(processor))
        {
            return BlockState.None;
        }

        var span = new SourceSpan(processor.Start, processor.Line.End);
        processor.NewBlocks.Push(head.Kind == "verse"
            ? new FencedVerse(this, head, processor.Indent) { Column = processor.Column, Span = span, IsBreakable = false }
            : new FencedDiv(this, head) { Column = processor.Column, Span = span });
        return BlockState.ContinueDiscard;
    }

    public override BlockState TryContinue(BlockProcessor processor, Markdig.Syntax.Block block)
    {
        var div = (IFenced)block;
        if (!processor.IsBlankLine)
        {
            block.UpdateSpanEnd(processor.Line.End);
        }

        if (IsClosing(processor, block, div.Head.Fence))
        {
            div.IsFenced = true;
            return BlockState.BreakDiscard;
        }

        if (block is FencedVerse verse)
        {
            verse.Indents.Add(Math.Max(0, processor.Indent - verse.Indent));
        }
        else
        {
            // What stands in the div has its own indent.
            processor.GoToColumn(processor.ColumnBeforeIndent);
        }

        return BlockState.Continue;
    }

    private static bool IsClosing(BlockProcessor processor, Markdig.Syntax.Block block, int fence) =>
        processor.CurrentChar == ':'
        && !processor.IsCodeIndent
        && DivHead.Closing(processor.Line.AsSpan()) >= fence
        && (block is FencedVerse || processor.NextContinue switch
        {
            FencedCodeBlock => false,
            IFenced inner => DivHead.Closing(processor.Line.AsSpan()) < inner.Head.Fence,
            ListBlock => processor.Column <= block.Column,
            _ => true,
        });
}

/// <summary>How deep blocks stand in each other.</summary>
internal static class Nesting
{
    /// <summary>Deeper nesting is read as text, so that no model output can exhaust the stack.</summary>
    public const int Most = 16;

    /// <summary>Whether a container that is opened now would be read as text anyway.</summary>
    public static bool IsDeep(BlockProcessor processor)
    {
        var depth = 0;
        for (var at = processor.GetCurrentContainerOpened(); at is not null; at = at.Parent)
        {
            depth += at is ListBlock ? 0 : 1;
        }

        return depth > Most;
    }
}
