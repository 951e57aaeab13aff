using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>An input of a step that another node makes.</summary>
/// <param name="Name">As <see cref="StepInputs"/> calls it.</param>
internal readonly record struct StepRead(string Name, string NodeId);

/// <summary>Where the inputs of a step come from, and how many steps a node has.</summary>
internal static class StepReads
{
    /// <summary>Each input of a node's steps that another node makes, with that node; nothing that comes from the client.</summary>
    public static IEnumerable<StepRead> Of(WorkflowGraph graph, WorkflowNode node, RoleContract contract, PromptSet prompts)
    {
        var made = contract.Reads.SelectMany(kind => StepInputs.Makers(graph, node, kind).Select(maker => new StepRead(kind, maker)));
        return contract.Makes switch
        {
            OutputKinds.Manuscript or OutputKinds.Handover => made,
            OutputKinds.Approval => [.. made, .. Before(graph, node, "shown")],
            OutputKinds.Decision => [.. made, .. Looks(graph, (node.Data.Conditions ?? []).Select(condition => condition.Field), "field")],
            OutputKinds.Report => [.. made, .. Asked(graph, node, contract, prompts), .. Before(graph, node, "steps before"), .. Chapters(graph, node), .. Element(graph, node)],
            OutputKinds.Image or OutputKinds.Cover => [.. made, .. Looks(graph, StepInputs.Variables(prompts, node, contract.Makes), "variable"), .. Element(graph, node)],
            _ => [.. made, .. Asked(graph, node, contract, prompts)],
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
        if (!FansOut(node, contract))
        {
            return [(0, null)];
        }

        if (contract.Makes == OutputKinds.Chapter)
        {
            var outline = StepInputs.Makers(graph, node, OutputKinds.Outline).Select(output).LastOrDefault(found => found is not null);
            return Outline(outline) is { } plan ? [.. plan.Chapters.Select(chapter => (chapter.Number, (string?)null))] : null;
        }

        return [.. FieldReference.Items(FieldReference.Parse(node.Data.ForEach!, Ids(graph)).Resolve(brief.Values, output)).Select((element, i) => (i + 1, (string?)element.GetRawText()))];
    }

    /// <summary>Whether a node has a step for each element of something.</summary>
    public static bool FansOut(WorkflowNode node, RoleContract contract) =>
        contract.Makes == OutputKinds.Chapter || (contract.Makes is OutputKinds.Report or OutputKinds.Image && !string.IsNullOrWhiteSpace(node.Data.ForEach));

    /// <summary>The outline that a node has made; null when there is none, or one that this version cannot read.</summary>
    public static Outline? Outline(JsonElement? output)
    {
        try
        {
            return output?.Deserialize<Outline>(Json.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<StepRead> Before(WorkflowGraph graph, WorkflowNode node, string name) =>
        graph.Predecessors(node).Select(before => new StepRead(name, before.Id));

    /// <summary>What a model is shown besides the materials of its role.</summary>
    private static IEnumerable<StepRead> Asked(WorkflowGraph graph, WorkflowNode node, RoleContract contract, PromptSet prompts) =>
    [
        .. StepInputs.Makers(graph, node, OutputKinds.Report).Select(maker => new StepRead("reports", maker)),
        .. Looks(graph, StepInputs.Variables(prompts, node, contract.Makes), "variable"),
    ];

    private static IEnumerable<StepRead> Chapters(WorkflowGraph graph, WorkflowNode node) =>
        StepInputs.Makers(graph, node, OutputKinds.Chapter).Select(maker => new StepRead(OutputKinds.Chapter, maker));

    private static IEnumerable<StepRead> Looks(WorkflowGraph graph, IEnumerable<string> fields, string name) =>
        from field in fields.Distinct()
        let maker = FieldReference.Parse(field, Ids(graph)).NodeId
        where maker is not null
        select new StepRead($"{name} {field}", maker);

    private static IEnumerable<StepRead> Element(WorkflowGraph graph, WorkflowNode node) =>
        !string.IsNullOrWhiteSpace(node.Data.ForEach) && FieldReference.Parse(node.Data.ForEach, Ids(graph)).NodeId is { } maker ? [new StepRead("element", maker)] : [];

    private static HashSet<string> Ids(WorkflowGraph graph) => [.. graph.TopologicalOrder];
}
