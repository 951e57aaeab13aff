using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>Reads the brief as an editor would: what the book is about, for whom, what must be in it. Without a model it hands on what the brief says.</summary>
internal sealed class RequirementsNode(NodeModels models) : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken) => context.Node.Data.AiEnabled
        ? models.AskAsync<StoryRequirements>(context, OutputKinds.Requirements, words: 500, task => task.WithBrief(context), cancellationToken)
        : Task.FromResult(new DataResult(OutputKinds.Requirements, Json.Write(AsAsked(context.State.Brief))));

    private static StoryRequirements AsAsked(Brief brief) =>
        new(brief.Premise.Length > 0 ? brief.Premise : brief.Title, $"{brief.Genre} for {brief.Audience}.", [], "", [], []);
}
