using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>Plans the chapters. Their number and the book's words are the brief's; the model spreads the words.</summary>
internal sealed class OutlinerNode(NodeModels models) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var brief = context.State.Brief;
        return models.AskAsync<Outline>(
            context,
            OutputKinds.Outline,
            words: 300 * brief.ChapterCount,
            task => task
                .WithBrief(context)
                .With<StoryRequirements>(context, OutputKinds.Requirements)
                .With<StoryBible>(context, OutputKinds.Bible)
                .WithReports(context),
            cancellationToken,
            outline => Check(outline, brief));
    }

    private static Outline Check(Outline outline, Brief brief)
    {
        if (outline.Chapters.Count != brief.ChapterCount)
        {
            throw StepFault.InvalidAnswer($"The outline has {outline.Chapters.Count} chapters; {brief.ChapterCount} were asked for.");
        }

        if (outline.Chapters.Any(chapter => string.IsNullOrWhiteSpace(chapter.Title) || chapter.Title.Length > BriefReader.MaxLine))
        {
            throw StepFault.InvalidAnswer("The outline has a chapter without a title, or with one that is too long.");
        }

        return new Outline(WordTargets.Spread([.. outline.Chapters.Select((chapter, i) => chapter with { Number = i + 1 })], brief.WordCount));
    }
}
