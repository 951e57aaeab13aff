using System.Collections.Immutable;
using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// What a run knows: the brief, and every finished step. Immutable, so that steps in flight read one state while the run's loop
/// makes the next; folded from the database when a run is claimed and from finished steps after that.
/// </summary>
internal sealed record RunState(RunLease Lease, WorkflowGraph Graph, Brief Brief, string Settings, IReadOnlyList<ExportFormat> Formats)
{
    /// <summary>The newest generation of each finished step.</summary>
    public ImmutableDictionary<(string NodeId, int Item), FinishedStep> Finished { get; private init; } = ImmutableDictionary<(string, int), FinishedStep>.Empty;

    /// <summary>The newest version of each chapter.</summary>
    public ImmutableSortedDictionary<int, ChapterSummary> Chapters { get; private init; } = ImmutableSortedDictionary<int, ChapterSummary>.Empty;

    /// <summary>Finished scenes of chapters that are not finished.</summary>
    public ILookup<StepKey, SceneCheckpoint> Scenes { get; private init; } = Array.Empty<SceneCheckpoint>().ToLookup(scene => scene.Step);

    /// <summary>The newest preview of each preview node.</summary>
    public ImmutableDictionary<string, PreviewState> Previews { get; private init; } = ImmutableDictionary<string, PreviewState>.Empty;

    /// <summary>How long a call may wait for a batch; null at normal speed.</summary>
    public int? EconomyHours { get; private init; }

    /// <summary>Calls that waited for a batch when the run was read, or had.</summary>
    public ImmutableDictionary<StepKey, BatchCall> BatchCalls { get; private init; } = ImmutableDictionary<StepKey, BatchCall>.Empty;

    /// <summary>Orders of formats so far.</summary>
    public int Orders { get; private init; }

    /// <summary>Compilations so far.</summary>
    public int Books { get; private init; }

    /// <summary>The brief as prompts show it.</summary>
    public string BriefJson { get; private init; } = "";

    /// <summary>The texts for models, the same for the run's whole life.</summary>
    public PromptSet Prompts { get; private init; } = PromptSet.Embedded;

    private ImmutableDictionary<(string NodeId, int Item), Regeneration> Asked { get; init; } = ImmutableDictionary<(string, int), Regeneration>.Empty;

    public static RunState From(RunLease lease, WorkflowGraph graph, RunSnapshot snapshot, PromptSet prompts) =>
        new RunState(lease, graph, snapshot.Brief, snapshot.Settings, snapshot.Formats)
        {
            BriefJson = Json.Write(snapshot.Brief.ForWriting()),
            Prompts = prompts,
            Scenes = snapshot.Scenes.ToLookup(scene => scene.Step),
            EconomyHours = snapshot.EconomyHours,
        }.With(snapshot);

    /// <summary>With all that others (the Api, an earlier attempt) have written in the meantime.</summary>
    public RunState With(RunSnapshot snapshot)
    {
        var state = this with
        {
            Orders = Math.Max(Orders, snapshot.Orders),
            Books = Math.Max(Books, snapshot.Books),
            BatchCalls = BatchCalls.SetItems(snapshot.BatchCalls.Select(call => KeyValuePair.Create(call.Step, call))),
            Chapters = Chapters.SetItems(snapshot.Chapters.Select(chapter => KeyValuePair.Create(chapter.Number, chapter))),
            Previews = Previews.SetItems(snapshot.Previews.OrderBy(preview => preview.Generation).Select(preview => KeyValuePair.Create(preview.NodeId, preview))),
            Asked = Asked.SetItems(snapshot.Regenerations.OrderBy(asked => asked.Step.Generation).Select(asked => KeyValuePair.Create((asked.Step.NodeId, asked.Step.Item), asked))),
        };
        foreach (var output in snapshot.Outputs)
        {
            state = state.With(output, null);
        }

        return state;
    }

    public RunState With(StepOutput output, ChapterVersion? chapter)
    {
        var key = (output.Step.NodeId, output.Step.Item);
        return Finished.TryGetValue(key, out var known) && known.Output.Step.Generation >= output.Step.Generation ? this : this with
        {
            Finished = Finished.SetItem(key, new FinishedStep(output)),
            Chapters = chapter is null ? Chapters : Chapters.SetItem(chapter.Number, new ChapterSummary(chapter.Number, chapter.Version, chapter.Title, chapter.Words)),
        };
    }

    /// <summary>With one compilation more.</summary>
    public RunState WithBook() => this with { Books = Books + 1 };

    public RunState With(BatchCall call) => this with { BatchCalls = BatchCalls.SetItem(call.Step, call) };

    public RunState With(PreviewState preview) => this with { Previews = Previews.SetItem(preview.NodeId, preview) };

    /// <summary>Why a step is done anew; null in its first generation.</summary>
    public Regeneration? RegenerationOf(string nodeId, int item)
    {
        var one = Asked.GetValueOrDefault((nodeId, item));
        var every = Asked.GetValueOrDefault((nodeId, Regeneration.EveryItem));
        return one is null || every?.Step.Generation > one.Step.Generation ? every : one;
    }

    /// <summary>The generation in which a step is due, or was done.</summary>
    public int GenerationOf(string nodeId, int item) => Asked.IsEmpty ? 1 : RegenerationOf(nodeId, item)?.Step.Generation ?? 1;

    public bool IsFinished(string nodeId, int item) =>
        Finished.TryGetValue((nodeId, item), out var step) && step.Output.Step.Generation >= GenerationOf(nodeId, item);

    /// <summary>Whether a step is still to be done, in this generation.</summary>
    public bool IsOpen(StepKey step) => !IsFinished(step.NodeId, step.Item) && GenerationOf(step.NodeId, step.Item) == step.Generation;

    /// <summary>What a node before <paramref name="node"/> has made of a kind, the nearest; null when there is none.</summary>
    public T? Find<T>(string kind, WorkflowNode node)
        where T : class => FindStep(kind, node)?.Read<T>();

    /// <summary>Its JSON as prompts show it.</summary>
    public FinishedStep? FindStep(string kind, WorkflowNode node) =>
        StepInputs.Makers(Graph, node, kind).Reverse().Select(id => Finished.GetValueOrDefault((id, 0))).FirstOrDefault(step => step is not null);

    /// <summary>What specialists before a node have reported, by the reporting node's id.</summary>
    public IReadOnlyDictionary<string, JsonElement> Reports(WorkflowNode node) => StepInputs.Makers(Graph, node, OutputKinds.Report)
        .Select(id => (Id: id, Output: OutputOf(id))).Where(report => report.Output is not null)
        .ToDictionary(report => report.Id, report => report.Output!.Value, StringComparer.Ordinal);

    /// <summary>The chapters' plan, once it is there.</summary>
    public Outline? Outline => Graph.TopologicalOrder.Reverse().Select(id => Finished.GetValueOrDefault((id, 0)))
        .FirstOrDefault(step => step?.Output.Kind == OutputKinds.Outline)?.Read<Outline>();

    /// <summary>The value of a field of the form or of an earlier node's output; null when it is absent.</summary>
    public JsonElement? Value(string field) =>
        FieldReference.Parse(field, Graph.Nodes.Select(node => node.Id).ToHashSet()).Resolve(Brief.Values, OutputOf);

    public StepFacts Facts => new(Graph, Brief, [.. Formats.Select(format => format.Key)], Settings, HashOf, OutputOf) { Prompts = Prompts };

    private byte[]? HashOf(string nodeId) => Finished.TryGetValue((nodeId, 0), out var single)
        ? single.Output.Hash
        : StepInputs.Join(StepsOf(nodeId).Select(step => step.Output.Hash));

    /// <summary>A node's output; the list of its elements' outputs for a fan-out.</summary>
    private JsonElement? OutputOf(string nodeId)
    {
        if (Finished.TryGetValue((nodeId, 0), out var single))
        {
            return single.Json;
        }

        var steps = StepsOf(nodeId).ToList();
        return steps.Count == 0 ? null : JsonSerializer.SerializeToElement(steps.Select(step => step.Json).ToList());
    }

    private IEnumerable<FinishedStep> StepsOf(string nodeId) =>
        Finished.Where(step => step.Key.NodeId == nodeId).OrderBy(step => step.Key.Item).Select(step => step.Value);
}
