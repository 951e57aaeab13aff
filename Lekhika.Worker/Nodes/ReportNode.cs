using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>A specialist who reports: research, market, world, characters, facts, quality. Runs once, or once for each element of a list that an earlier node made.</summary>
internal sealed class ReportNode(NodeModels models) : IDataNode
{
    public IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node) => FanOutItem.OfList(state, node);

    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        models.AskAsync<Report>(
            context,
            OutputKinds.Report,
            words: 1_500,
            task =>
            {
                task.WithBrief(context).With<StoryRequirements>(context, OutputKinds.Requirements)
                    .With("duty", new { context.Role.Key, context.Name, Chapters = context.State.Chapters.Values })
                    .With("before", Before(context));
                return context.Element is { } element ? task.WithJson("element", Core.Json.Write(JsonDocument.Parse(element).RootElement)) : task;
            },
            cancellationToken);

    private static Dictionary<string, JsonElement> Before(StepContext context) => context.State.Graph.Predecessors(context.Node)
        .Select(node => (node.Id, Value: context.State.Value(node.Id)))
        .Where(output => output.Value is not null)
        .ToDictionary(output => output.Id, output => output.Value!.Value);
}
