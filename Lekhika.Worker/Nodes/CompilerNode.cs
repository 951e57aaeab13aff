using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// Puts the book together from the newest versions of the outline's chapters, by reference: no text is joined, none is touched.
/// Asks no model.
/// </summary>
internal sealed class CompilerNode(BookCompiler compiler) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var state = context.State;
        var outline = context.Need<Outline>(OutputKinds.Outline);
        var missing = outline.Chapters.Where(chapter => !state.Chapters.ContainsKey(chapter.Number)).Select(chapter => chapter.Number).ToList();
        if (missing.Count > 0)
        {
            throw StepFault.Permanent($"The node '{context.Name}' found no text for chapter {string.Join(", ", missing)}: no writer comes before it in the engine.");
        }

        var book = compiler.Compile(state, outline, partial: false);
        return Task.FromResult(new DataResult(OutputKinds.Manuscript, Json.Write(new CompiledManuscript(book.Id, book.Words, book.Chapters.Count)), Book: book));
    }
}

/// <summary>What a manuscript step's output says of the book.</summary>
internal sealed record CompiledManuscript(Guid BookId, int Words, int Chapters);
