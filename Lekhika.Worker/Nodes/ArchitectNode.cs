using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>Makes the story bible: what all chapters must agree with.</summary>
internal sealed class ArchitectNode(NodeModels models) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        models.AskAsync<StoryBible>(
            context,
            OutputKinds.Bible,
            words: 2_000 + (50 * context.State.Brief.ChapterCount),
            task => task.WithBrief(context).With<StoryRequirements>(context, OutputKinds.Requirements).WithReports(context),
            cancellationToken);
}
