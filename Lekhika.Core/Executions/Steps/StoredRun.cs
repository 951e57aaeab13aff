using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>A run as it is stored: what was asked for, and every step that is finished.</summary>
/// <param name="Workflow">The definition that it runs; may be one that this version would not accept any more.</param>
/// <param name="Formats">Keys of the formats asked for.</param>
/// <param name="Settings">JSON of the typographic settings, as stored: their hash is one of its text.</param>
public sealed record StoredRun(WorkflowDefinition Workflow, Brief Brief, IReadOnlyList<string> Formats, string Settings)
{
    /// <summary>Stands for every element of a node's fan-out.</summary>
    public const int EveryItem = -1;

    /// <summary>The texts for models that it has had since it was submitted.</summary>
    public PromptSet Prompts { get; init; } = PromptSet.Embedded;

    /// <summary>Every finished step, of every generation.</summary>
    public IReadOnlyList<StoredStep> Steps { get; init; } = [];

    /// <summary>Generations above the first that somebody asked for, finished or not; the item may be <see cref="EveryItem"/>.</summary>
    public IReadOnlyList<StepKey> Regenerated { get; init; } = [];

    /// <summary>The generation of a step that counts now: the highest asked for.</summary>
    public int Generation(string nodeId, int item) => Regenerated
        .Where(asked => asked.NodeId == nodeId && (asked.Item == item || asked.Item == EveryItem))
        .Select(asked => asked.Generation).DefaultIfEmpty(1).Max();
}

/// <summary>A finished step of a stored run.</summary>
/// <param name="Kind">One of <see cref="OutputKinds"/>.</param>
/// <param name="Content">JSON.</param>
/// <param name="Inputs">What it was made of (<see cref="StepInputs"/>), as recorded with it; empty in runs of before this was recorded.</param>
/// <param name="Hash">SHA-256 of what came out; null in runs of before this was recorded.</param>
/// <param name="InputTokens">Zero also for a step that was copied from another run.</param>
public sealed record StoredStep(
    StepKey Step, string Kind, string Content, IReadOnlyDictionary<string, string> Inputs, byte[]? Hash, long InputTokens, long OutputTokens);

/// <summary>A run as it would be: the same kinds of things as a stored run has, with a workflow that can run.</summary>
public sealed record ChangedRun(WorkflowGraph Graph, Brief Brief, IReadOnlyList<string> Formats, string Settings)
{
    /// <summary>The texts for models that it would have.</summary>
    public PromptSet Prompts { get; init; } = PromptSet.Embedded;
}
