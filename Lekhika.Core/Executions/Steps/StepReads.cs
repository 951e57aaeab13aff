using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>An input of a step that another node makes.</summary>
/// <param name="Name">As <see cref="StepInputs"/> calls it.</param>
internal readonly record struct StepRead(string Name, string NodeId);

/// <summary>Where the inputs of a step come from, and how many steps a node has.</summary>
internal static class StepReads
{
    /// <summary>Each input of a node's steps that another node makes, with that node; nothing that comes from the client.</summary>
    public static IEnumerable<StepRead> Of(WorkflowGraph graph, WorkflowNode node, RoleContract contract)
    {
        var made = contract.Reads.SelectMany(kind => StepInputs.Makers(graph, node, kind).Select(maker => new StepRead(kind, maker)));
        return contract.Makes switch
        {
            OutputKinds.Report => [.. made, .. Before(graph, node, "steps before"), .. Element(graph, node)],
            OutputKinds.Approval => [.. made, .. Before(graph, node, "shown")],
            OutputKinds.Decision => [.. made, .. Fields(graph, node)],
            _ => made,
        };
    }

    /// <summary>
    /// The numbers of a node's steps, each with its element's JSON when it fans out over a list; null when they follow from an output
    /// that there is not.
    /// </summary>
    /// <param name="output">The JSON that a node has made; null when there is none.</param>
    public static IReadOnlyList<(int Item, string? Element)>? Items(
        WorkflowGraph graph, WorkflowNode node, RoleContract contract, Brief brief, Func<string, JsonElement?> output)
    {
        if (contract.Makes == OutputKinds.Chapter)
        {
            var outline = StepInputs.Makers(graph, node, OutputKinds.Outline).Select(output).LastOrDefault(found => found is not null);
            return outline is { } plan ? [.. plan.Deserialize<Outline>(Json.Options)!.Chapters.Select(chapter => (chapter.Number, (string?)null))] : null;
        }

        if (contract.Makes != OutputKinds.Report || string.IsNullOrWhiteSpace(node.Data.ForEach))
        {
            return [(0, null)];
        }

        var list = FieldReference.Parse(node.Data.ForEach, Ids(graph)).Resolve(brief.Values, output);
        return list is { ValueKind: JsonValueKind.Array } elements ? [.. elements.EnumerateArray().Select((element, i) => (i + 1, (string?)element.GetRawText()))] : null;
    }

    private static IEnumerable<StepRead> Before(WorkflowGraph graph, WorkflowNode node, string name) =>
        graph.Predecessors(node).Select(before => new StepRead(name, before.Id));

    private static IEnumerable<StepRead> Fields(WorkflowGraph graph, WorkflowNode node) =>
        from field in (node.Data.Conditions ?? []).Select(condition => condition.Field).Distinct()
        let maker = FieldReference.Parse(field, Ids(graph)).NodeId
        where maker is not null
        select new StepRead($"field {field}", maker);

    private static IEnumerable<StepRead> Element(WorkflowGraph graph, WorkflowNode node) =>
        !string.IsNullOrWhiteSpace(node.Data.ForEach) && FieldReference.Parse(node.Data.ForEach, Ids(graph)).NodeId is { } maker ? [new StepRead("element", maker)] : [];

    private static HashSet<string> Ids(WorkflowGraph graph) => [.. graph.TopologicalOrder];
}
