using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// Puts the book together from the newest versions of the outline's chapters, by reference: no text is joined, none is touched.
/// Asks no model.
/// </summary>
internal sealed class CompilerNode(ModelCatalogue catalogue) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (brief, state) = (context.State.Brief, context.State);
        var outline = state.Need<Outline>(OutputKinds.Outline, context.Name);
        var missing = outline.Chapters.Where(chapter => !state.Chapters.ContainsKey(chapter.Number)).Select(chapter => chapter.Number).ToList();
        if (missing.Count > 0)
        {
            throw StepFault.Permanent($"The node '{context.Name}' found no text for chapter {string.Join(", ", missing)}: no writer comes before it in the engine.");
        }

        var writers = state.Outputs.Values.Where(output => output.Kind == OutputKinds.Chapter).Select(output => output.Model).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var book = new BookRecord(
            Guid.CreateVersion7(),
            brief.Title,
            brief.Subtitle,
            brief.Author,
            brief.Language,
            state.Need<StoryRequirements>(OutputKinds.Requirements, context.Name).Logline,
            string.Join(", ", writers),
            outline.Chapters.Sum(chapter => state.Chapters[chapter.Number].Words),
            [.. outline.Chapters.Select(chapter => new ChapterReference(chapter.Number, state.Chapters[chapter.Number].Version))],
            catalogue.Colophon(writers));
        var content = Json.Write(new { bookId = book.Id, book.Words, Chapters = book.Chapters.Count });
        return Task.FromResult(new DataResult(OutputKinds.Manuscript, content, Book: book));
    }
}
