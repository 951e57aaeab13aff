using System.Text.Json;
using Lekhika.Core.Manuscripts;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>
/// One walk over the workflow of a run that is made from another, from the input to the output. Of each node it keeps what is known of
/// it: what it makes when all its steps are reused, nothing when one of them runs, that it is left out when all ways to it are closed.
/// </summary>
internal sealed class PlanWalk(StoredRun stored, ChangedRun now)
{
    private readonly Dictionary<string, NodeView> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<StepKey, StoredStep> _finished = stored.Steps.ToDictionary(step => step.Step);
    private readonly ILookup<string, StoredStep> _byNode = stored.Steps.ToLookup(step => step.Step.NodeId);
    private readonly HashSet<string> _oldIds = [.. stored.Workflow.Nodes.Select(node => node.Id)];
    private readonly HashSet<string> _ids = [.. now.Graph.TopologicalOrder];
    private readonly int _briefWords = WordCount.Of(Json.Write(now.Brief.ForWriting()));

    private StepFacts Facts => new(now.Graph, now.Brief, now.Formats, now.Settings, id => _views.GetValueOrDefault(id)?.Hash, Output) { Prompts = now.Prompts };

    /// <summary>Every step, each after those before it.</summary>
    public IReadOnlyList<PlannedStep> Steps() => [.. now.Graph.TopologicalOrder.SelectMany(id => Node(now.Graph.Node(id)))];

    private List<PlannedStep> Node(WorkflowNode node)
    {
        var contract = RoleContracts.For(node.Data.Role!) ?? throw new ArgumentException($"The role {node.Data.Role} cannot run.", nameof(node));
        var (isOpen, doubt) = Way(node);
        if (!isOpen && doubt is null)
        {
            _views[node.Id] = new NodeView(Known: true, Skipped: true);
            return [new PlannedStep(node.Id, 0, PlannedAction.Skip, [StepReasons.NotTaken], 0, 0)];
        }

        var reads = StepReads.Of(now.Graph, node, contract, now.Prompts).ToList();
        var unknown = reads.Where(read => !IsKnown(read)).ToList();
        var after = unknown.Select(read => read.NodeId).Concat(doubt is null ? [] : [doubt]).Distinct().Select(StepReasons.After).ToList();
        var estimate = Estimate(node, contract.Makes, reads);
        var steps = Items(node, contract, reads)
            .Select(item => Step(node, contract.Makes, item.Item, Reasons(node, contract.Makes, item, [.. unknown.Select(read => read.Name)], after), estimate)).ToList();
        _views[node.Id] = View(node, steps, reads);
        return steps;
    }

    /// <summary>Whether a way to the node is open for certain; else, when one may be, the condition that decides it.</summary>
    private (bool IsOpen, string? Doubt) Way(WorkflowNode node)
    {
        string? doubt = null;
        var before = now.Graph.Predecessors(node).ToList();
        foreach (var (other, view) in before.Select(other => (other, _views[other.Id])).Where(pair => !pair.Item2.Skipped))
        {
            var cause = view.Doubt ?? (other.Type == NodeType.Condition && view.Open is null ? other.Id : null);
            if (cause is null && view.Open?.Contains(node.Id) != false)
            {
                return (true, null);
            }

            doubt ??= cause;
        }

        return (before.Count == 0, doubt);
    }

    /// <summary>The node's steps; as many as before, or as the brief wants, when it cannot be known yet.</summary>
    private IEnumerable<(int Item, string? Element)> Items(WorkflowNode node, RoleContract contract, List<StepRead> reads)
    {
        var isKnown = !StepReads.FansOut(node, contract) || reads.Where(read => read.Name is OutputKinds.Outline or "element").All(IsKnown);
        if (isKnown && StepReads.Items(now.Graph, node, contract, now.Brief, Output) is { } items)
        {
            return items;
        }

        var count = contract.Makes == OutputKinds.Chapter ? now.Brief.ChapterCount : Math.Max(1, _byNode[node.Id].Select(step => step.Step.Item).DefaultIfEmpty().Max());
        return Enumerable.Range(1, count).Select(item => (item, (string?)null));
    }

    private List<string> Reasons(WorkflowNode node, string kind, (int Item, string? Element) item, HashSet<string> unknown, List<string> after)
    {
        if (Earlier(node, item.Item) is not { } earlier)
        {
            return [_oldIds.Contains(node.Id) ? StepReasons.NeverFinished : StepReasons.NewNode, .. after];
        }

        if (earlier.Kind != kind)
        {
            return [StepReasons.Role, .. after];
        }

        if (earlier.Inputs.Count == 0 || earlier.Hash is null)
        {
            return [StepReasons.Code, .. after];
        }

        var names = StepInputs.Differences(earlier.Inputs, RunPlanner.InputsNow(Facts, node, item.Element, earlier)).Where(name => !unknown.Contains(name))
            .Select(name => name == "prompt" && IsPlatforms(node, item.Element, earlier) ? StepReasons.Prompt(stored.Prompts.VersionOf(kind), now.Prompts.VersionOf(kind)) : name);
        var ways = kind == OutputKinds.Decision && !WaysOut(node).SetEquals(OldWaysOut(node)) ? [StepReasons.WaysOut] : Array.Empty<string>();
        return [.. StepReasons.Of(names, stored.Brief, now.Brief), .. ways, .. after];
    }

    /// <summary>Whether the step's prompt is another because the platform's is: with the stored run's texts it would be the same.</summary>
    private bool IsPlatforms(WorkflowNode node, string? element, StoredStep earlier) =>
        RunPlanner.InputsNow(Facts with { Prompts = stored.Prompts }, node, element, earlier).GetValueOrDefault("prompt") == earlier.Inputs.GetValueOrDefault("prompt");

    private PlannedStep Step(WorkflowNode node, string kind, int item, List<string> reasons, Func<int, (long Input, long Output)> estimate)
    {
        var (input, output) = estimate(item);
        return kind switch
        {
            OutputKinds.Approval => new(node.Id, item, PlannedAction.Wait, reasons, 0, 0),
            // A book and its files belong to one run, so they are made for each.
            OutputKinds.Manuscript or OutputKinds.Handover => new(node.Id, item, PlannedAction.Run, reasons.Count == 0 ? [StepReasons.MadeForEachRun] : reasons, input, output),
            _ when reasons.Count == 0 => new(node.Id, item, PlannedAction.Reuse, [], input, output) { Source = Earlier(node, item)!.Step },
            _ => new(node.Id, item, PlannedAction.Run, reasons, input, output),
        };
    }

    private Func<int, (long Input, long Output)> Estimate(WorkflowNode node, string kind, List<StepRead> reads)
    {
        var materials = reads.Select(read => read.NodeId).Distinct().SelectMany(id => _byNode[id])
            .Where(step => step.Step.Generation == stored.Generation(step.Step.NodeId, step.Step.Item)).Sum(step => WordCount.Of(step.Content));
        var outline = reads.Where(read => read.Name == OutputKinds.Outline).Select(read => Output(read.NodeId)).LastOrDefault(found => found is not null);
        var targets = StepReads.Outline(outline)?.Chapters.DistinctBy(chapter => chapter.Number).ToDictionary(chapter => chapter.Number, chapter => chapter.TargetWords) ?? [];
        var average = now.Brief.WordCount / now.Brief.ChapterCount;
        return item => TokenEstimate.Of(
            node, kind, Earlier(node, item) ?? _byNode[node.Id].Where(step => step.Step.Item == item).MaxBy(step => step.Step.Generation),
            _briefWords + materials, targets.GetValueOrDefault(item, average));
    }

    private NodeView View(WorkflowNode node, List<PlannedStep> steps, List<StepRead> reads)
    {
        var open = node.Type == NodeType.Condition && reads.All(IsKnown)
            ? ConditionEvaluator.Routes(node, WaysOut(node), field => FieldReference.Parse(field, _ids).Resolve(now.Brief.Values, Output)).ToHashSet()
            : null;
        var doubt = Way(node).Doubt;
        if (steps.Any(step => step.Source is null))
        {
            return new NodeView(Known: false, Open: open, Doubt: doubt);
        }

        var reused = steps.Select(step => _finished[step.Source!.Value]).ToList();
        return new NodeView(Known: true, Hash: StepInputs.Join(reused.Select(step => step.Hash)), Output: RunPlanner.Output(reused), Open: open, Doubt: doubt);
    }

    private StoredStep? Earlier(WorkflowNode node, int item) => _finished.GetValueOrDefault(new StepKey(node.Id, item, stored.Generation(node.Id, item)));

    private bool IsKnown(StepRead read) => _views.GetValueOrDefault(read.NodeId) is { Known: true };

    private JsonElement? Output(string nodeId) => _views.GetValueOrDefault(nodeId)?.Output;

    private HashSet<string> WaysOut(WorkflowNode node) => [.. now.Graph.Successors(node).Select(next => next.Id)];

    private HashSet<string> OldWaysOut(WorkflowNode node) => [.. stored.Workflow.Edges.Where(edge => edge.Source == node.Id).Select(edge => edge.Target)];

    /// <summary>What is known of a node that the walk has passed.</summary>
    /// <param name="Known">Whether all that it makes is known; also when it is left out and makes nothing.</param>
    /// <param name="Open">The ways out that a condition opens, when that is known.</param>
    /// <param name="Doubt">The condition that decides whether the node is reached at all.</param>
    private sealed record NodeView(bool Known, bool Skipped = false, byte[]? Hash = null, JsonElement? Output = null, IReadOnlySet<string>? Open = null, string? Doubt = null);
}
