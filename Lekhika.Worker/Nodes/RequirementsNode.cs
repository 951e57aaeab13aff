using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>Reads the brief as an editor would: what the book is about, for whom, what must be in it.</summary>
internal sealed class RequirementsNode(NodeModels models) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        models.AskAsync<StoryRequirements>(context, OutputKinds.Requirements, words: 500, task => task.With("brief", context.State.Brief), cancellationToken);
}
