using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>What of a run its steps are made of, besides the node itself.</summary>
/// <param name="Formats">Keys of the formats asked for.</param>
/// <param name="Settings">JSON of the typographic settings.</param>
/// <param name="HashOf">SHA-256 of what a node has made (of all elements of its fan-out in order); null when it made nothing.</param>
/// <param name="OutputOf">The JSON that a node has made; null when there is none.</param>
public sealed record StepFacts(
    WorkflowGraph Graph,
    Brief Brief,
    IReadOnlyList<string> Formats,
    string Settings,
    Func<string, byte[]?> HashOf,
    Func<string, JsonElement?> OutputOf)
{
    /// <summary>The run's texts for models.</summary>
    public PromptSet Prompts { get; init; } = PromptSet.Embedded;
}

/// <summary>
/// The content address of a step: each thing that goes into it by name, with the first 16 hexadecimal digits of its SHA-256. Two steps with
/// the same inputs may share one output; a finished step whose inputs are no longer those of now is stale; where they differ says why.
/// </summary>
public static class StepInputs
{
    /// <summary>Goes up when the code of a node changes what comes out for the same inputs.</summary>
    private const string CodeVersion = "1";

    /// <summary>The inputs of a step of <paramref name="node"/> now, in the order of their names.</summary>
    /// <param name="element">JSON of the element, for a fan-out over a list.</param>
    /// <param name="guidance">What a person wants to be different in this generation.</param>
    /// <param name="fault">What was wrong with the generation before.</param>
    public static SortedDictionary<string, string> Of(StepFacts facts, WorkflowNode node, string? element = null, string? guidance = null, string? fault = null)
    {
        var contract = RoleContracts.For(node.Data.Role!) ?? throw new ArgumentException($"The role {node.Data.Role} cannot run.", nameof(node));
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["code"] = CodeVersion };
        foreach (var kind in contract.Reads)
        {
            inputs[kind] = Short(Joined(facts, Makers(facts.Graph, node, kind)));
        }

        switch (contract.Makes)
        {
            case OutputKinds.Manuscript:
                inputs["title page"] = Of(Json.Write(new { facts.Brief.Title, facts.Brief.Subtitle, facts.Brief.Author, facts.Brief.Language }));
                break;
            case OutputKinds.Handover:
                inputs["formats"] = Of(string.Join(',', facts.Formats));
                inputs["settings"] = Of(facts.Settings);
                break;
            case OutputKinds.Decision:
                AddDecision(inputs, facts, node);
                break;
            case OutputKinds.Approval:
                inputs["shown"] = Short(Joined(facts, facts.Graph.Predecessors(node).Select(before => before.Id)));
                break;
            case OutputKinds.Image or OutputKinds.Cover:
                inputs["brief"] = Of(Json.Write(facts.Brief.ForWriting() with { Seed = 0 }));
                inputs["size"] = Of($"{node.Data.ImageWidth}x{node.Data.ImageHeight}");
                AddModel(inputs, facts, node, contract.Makes);
                break;
            default:
                inputs["brief"] = Of(Json.Write(facts.Brief.ForWriting() with { Seed = 0 }));
                inputs["seed"] = Of(facts.Brief.Seed.ToString());
                AddModel(inputs, facts, node, contract.Makes);
                AddIfThere(inputs, "reports", Joined(facts, Makers(facts.Graph, node, OutputKinds.Report)) is { } reports ? Short(reports) : null);
                break;
        }

        if (contract.Makes == OutputKinds.Report)
        {
            inputs["steps before"] = Short(Joined(facts, facts.Graph.Predecessors(node).Select(before => before.Id)));
            AddIfThere(inputs, OutputKinds.Chapter, Joined(facts, Makers(facts.Graph, node, OutputKinds.Chapter)) is { } chapters ? Short(chapters) : null);
        }

        AddIfThere(inputs, "element", element is null ? null : CanonicalJson.Of(element));
        AddIfThere(inputs, "guidance", guidance is null && fault is null ? null : $"{guidance}\n{fault}");
        return inputs;
    }

    /// <summary>The names of the inputs that differ; empty when the step need not be asked again.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. before.Keys.Union(now.Keys).Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name)).Order(StringComparer.Ordinal)];

    /// <summary>SHA-256 of what came out of a step.</summary>
    public static byte[] Hash(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(content));

    /// <summary>One hash for several, in their order; null when there is none.</summary>
    public static byte[]? Join(IEnumerable<byte[]?> hashes)
    {
        var all = hashes.OfType<byte[]>().ToList();
        return all.Count switch
        {
            0 => null,
            1 => all[0],
            _ => SHA256.HashData([.. all.SelectMany(hash => hash)]),
        };
    }

    /// <summary>The nodes before <paramref name="node"/> that make <paramref name="kind"/>, each after those before it.</summary>
    public static IEnumerable<string> Makers(WorkflowGraph graph, WorkflowNode node, string kind)
    {
        var ancestors = graph.Ancestors(node.Id);
        return graph.TopologicalOrder.Where(id => ancestors.Contains(id) && RoleContracts.For(graph.Node(id).Data.Role!)?.Makes == kind);
    }

    /// <summary>The variables of a node's prompts, apart from those of the chapter that it writes; none when it asks no model.</summary>
    internal static IEnumerable<string> Variables(PromptSet prompts, WorkflowNode node, string kind) => !node.Data.AiEnabled
        ? []
        : PromptVariables.In(prompts.System(node, kind)).Union(PromptVariables.In(prompts.Task(node, kind)))
            .Where(name => kind != OutputKinds.Chapter || !PromptVariables.OfChapters.Contains(FieldReference.Normal(name)));

    private static void AddModel(SortedDictionary<string, string> inputs, StepFacts facts, WorkflowNode node, string kind)
    {
        if (node.Data.AiEnabled)
        {
            inputs["model"] = Of(string.Join(',', node.Data.SelectedModels ?? []));
            var prompt = $"{facts.Prompts.System(node, kind)}\n{facts.Prompts.Task(node, kind)}\n{node.Data.Role}\n{node.Data.Temperature}\n{node.Data.MaxTokens}";
            // A specialist is told his name.
            inputs["prompt"] = Of(kind == OutputKinds.Report ? $"{prompt}\n{node.Data.Label}" : prompt);
            AddFields(inputs, facts, Variables(facts.Prompts, node, kind), "variable");
        }
    }

    private static void AddDecision(SortedDictionary<string, string> inputs, StepFacts facts, WorkflowNode node)
    {
        inputs["conditions"] = Of(Json.Write(new { node.Data.Conditions, node.Data.DefaultRoute }));
        AddFields(inputs, facts, (node.Data.Conditions ?? []).Select(condition => condition.Field), "field");
    }

    private static void AddFields(SortedDictionary<string, string> inputs, StepFacts facts, IEnumerable<string> fields, string name)
    {
        var ids = facts.Graph.TopologicalOrder.ToHashSet();
        foreach (var field in fields.Distinct())
        {
            var value = FieldReference.Parse(field, ids).Resolve(facts.Brief.Values, facts.OutputOf);
            inputs[$"{name} {field}"] = Of(value is { } found ? CanonicalJson.Of(found) : "");
        }
    }

    private static void AddIfThere(SortedDictionary<string, string> inputs, string name, string? value)
    {
        if (value is not null)
        {
            inputs[name] = Of(value);
        }
    }

    private static byte[]? Joined(StepFacts facts, IEnumerable<string> nodes) => Join(nodes.Select(facts.HashOf));

    private static string Of(string value) => Short(Hash(value));

    private static string Short(byte[]? hash) => hash is null ? "" : Convert.ToHexStringLower(hash.AsSpan(0, 8));
}
