using Lekhika.Core.Manuscripts;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// Writes the outline's chapters, each from bible and outline alone, so that all can be written at the same time. What is written already,
/// before a crash or before an answer was cut at its limit, is given back to the model, which goes on where it ends.
/// </summary>
internal sealed class ChapterWriterNode(NodeModels models) : IWriterNode
{
    /// <summary>Calls for one chapter; an answer that is cut more often than that will not end.</summary>
    private const int MostCalls = 8;

    public IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node) =>
        [.. (state.Find<Outline>(OutputKinds.Outline, node)?.Chapters ?? []).Select(chapter => new FanOutItem(chapter.Number))];

    public async Task<ChapterResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var outline = context.Need<Outline>(OutputKinds.Outline);
        var chapter = outline.Chapters[context.Step.Item - 1];
        var (written, use, isCut) = (context.Written, default(ModelUse), true);
        for (var call = 0; isCut; call++)
        {
            if (call == MostCalls)
            {
                throw StepFault.InvalidAnswer($"Chapter {chapter.Number} was cut off at the model's limit {MostCalls} times. Ask for fewer words or choose a model with longer answers.");
            }

            var sofar = written;
            var answer = await models.WriteAsync(
                context,
                chapter.TargetWords,
                call == 0,
                task => task
                    .WithBrief(context)
                    .With<StoryBible>(context, OutputKinds.Bible)
                    .With<Outline>(context, OutputKinds.Outline)
                    .WithReports(context)
                    .Shared()
                    .With("chapter", chapter)
                    .WithWritten(sofar),
                cancellationToken);
            written = Join(written, answer.Text);
            use += answer.Use;
            isCut = answer.IsCut;
        }

        var text = written.Trim();
        var words = WordCount.OfMarkdown(text);
        return words == 0
            ? throw StepFault.InvalidAnswer($"The model's answer for chapter {chapter.Number} has no words.")
            : new ChapterResult(chapter.Number, chapter.Title, text, words, use);
    }

    /// <summary>A scene ends with its white space, so a model that begins with some of its own would double it; a text cut in a word goes on in it.</summary>
    private static string Join(string written, string next) =>
        written.Length == 0 || !char.IsWhiteSpace(written[^1]) ? written + next : written + next.TrimStart();
}
