using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai;

namespace Lekhika.Worker.Nodes;

/// <summary>A specialist who reports: research, market, world, characters, facts, quality. Runs once, or once for each element of a list that an earlier node made.</summary>
internal sealed class ReportNode(NodeModels models) : IDataNode
{
    /// <summary>Most elements of a list; the rest would be somebody's mistake.</summary>
    public const int MostElements = 200;

    public IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node)
    {
        if (string.IsNullOrWhiteSpace(node.Data.ForEach))
        {
            return FanOutItem.Single;
        }

        var elements = FieldReference.Items(state.Value(node.Data.ForEach));
        return elements.Count <= MostElements
            ? [.. elements.Select((element, i) => new FanOutItem(i + 1, element.GetRawText()))]
            : throw StepFault.Permanent($"The list {node.Data.ForEach} of the node '{node.Data.Label ?? node.Id}' has {elements.Count} elements; a node runs for at most {MostElements}.");
    }

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
