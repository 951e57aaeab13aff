using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Persistence.Batches;

namespace Lekhika.Persistence.Runs;

/// <summary>All that a worker needs to go on with a run: what was asked, which workflow, and everything that is finished.</summary>
/// <param name="Requests">The count of requests at the time of reading.</param>
/// <param name="TraceParent">The span of the request that submitted it (W3C Trace Context).</param>
/// <param name="Settings">JSON of <see cref="ExportSettings"/>.</param>
/// <param name="WorkflowVersionId">The definition never changes, so whoever has read it once need not again.</param>
/// <param name="FruitlessClaims">Claims since the last finished step, less those that were handed back: how often the run ended its worker without getting on.</param>
/// <param name="Orders">Orders of formats so far.</param>
/// <param name="Books">Compilations so far.</param>
public sealed record RunSnapshot(
    RunStatus Status,
    bool PauseRequested,
    int Requests,
    string? TraceParent,
    IReadOnlyList<ExportFormat> Formats,
    Brief Brief,
    string Settings,
    Guid WorkflowVersionId,
    int FruitlessClaims,
    int Orders,
    int Books)
{
    /// <summary>The JSON of no versions at all: the run has the embedded texts.</summary>
    public const string EmbeddedPrompts = "{}";

    /// <summary>JSON of the versions of the platform's prompts by kind, fixed when the run was submitted; a kind that is absent has the embedded text.</summary>
    public string PromptVersions { get; init; } = EmbeddedPrompts;

    /// <summary>How long a call may wait for a batch; null at normal speed.</summary>
    public int? EconomyHours { get; init; }

    /// <summary>Calls that wait for a batch, or have.</summary>
    public IReadOnlyList<BatchCall> BatchCalls { get; init; } = [];

    /// <summary>Every finished step, of every generation.</summary>
    public IReadOnlyList<StepOutput> Outputs { get; init; } = [];

    /// <summary>Every version of every chapter, without its text, in order.</summary>
    public IReadOnlyList<ChapterSummary> Chapters { get; init; } = [];

    /// <summary>Steps that are to be done anew.</summary>
    public IReadOnlyList<Regeneration> Regenerations { get; init; } = [];

    /// <summary>Previews and what was said to them.</summary>
    public IReadOnlyList<PreviewState> Previews { get; init; } = [];

    /// <summary>Finished scenes of chapters that are not finished, in order.</summary>
    public IReadOnlyList<SceneCheckpoint> Scenes { get; init; } = [];
}

/// <summary>A chapter version without its text.</summary>
public sealed record ChapterSummary(int Number, int Version, string Title, int Words);

/// <summary>From this generation on a step is done anew.</summary>
/// <param name="Step">Its item is <see cref="EveryItem"/> when every element of the fan-out is meant.</param>
/// <param name="Guidance">What a person wants to be different.</param>
/// <param name="Fault">What was wrong with the earlier answer.</param>
public sealed record Regeneration(StepKey Step, string? Guidance, string? Fault)
{
    /// <summary>Stands for every element of a node's fan-out.</summary>
    public const int EveryItem = -1;
}

/// <summary>A preview and what was said to it.</summary>
/// <param name="Decision">approved, revise, or null while it waits.</param>
public sealed record PreviewState(string NodeId, int Generation, string? Decision, string? Guidance);
