using Lekhika.Core.Manuscripts;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>Writes the outline's chapters, each from bible and outline alone, so that all can be written at the same time.</summary>
internal sealed class ChapterWriterNode(NodeModels models) : IWriterNode
{
    public IReadOnlyList<int> Items(RunState state, WorkflowNode node) =>
        [.. state.Need<Outline>(OutputKinds.Outline, node.Data.Label ?? node.Id).Chapters.Select(chapter => chapter.Number)];

    public async Task<ChapterResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var outline = context.State.Need<Outline>(OutputKinds.Outline, context.Name);
        var chapter = outline.Chapters[context.Step.Item - 1];
        var answer = await models.WriteAsync(
            context,
            chapter.TargetWords,
            task => task
                .With("brief", context.State.Brief)
                .With("bible", context.State.Need<StoryBible>(OutputKinds.Bible, context.Name))
                .With("outline", outline)
                .With("chapter", chapter),
            cancellationToken);
        var text = answer.Text.Trim();
        var words = WordCount.Of(MarkdownReader.Read(text));
        return words == 0
            ? throw StepFault.InvalidAnswer($"The model's answer for chapter {chapter.Number} has no words.")
            : new ChapterResult(chapter.Number, chapter.Title, text, words, answer.Use);
    }
}
