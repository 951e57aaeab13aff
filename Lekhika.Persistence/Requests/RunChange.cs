using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Requests;
using Lekhika.Persistence.Signals;

namespace Lekhika.Persistence.Requests;

/// <summary>One guarded change of a run's row with all that hangs on it; nothing happens in another state than <paramref name="From"/>.</summary>
/// <param name="From">The states in which it is made.</param>
/// <param name="To">The state afterwards; null when it stays.</param>
internal sealed record RunChange(IReadOnlyList<RunStatus> From, RunStatus? To = null)
{
    /// <summary>The states in which the table of transitions allows a command, by the state that it leads to.</summary>
    public static IReadOnlyList<RunStatus> Allowed(RunCommand command, RunStatus to) =>
        [.. RunTransitions.From(command).Where(from => RunTransitions.Next(from, command) == to)];

    /// <summary>A run that rests for its batch goes on: none of its calls waits any more.</summary>
    public static RunChange BatchOver { get; } = new([RunStatus.Paused], RunTransitions.Next(RunStatus.Paused, RunCommand.Resume)) { WhenInBatch = true, Reason = "batch" };

    /// <summary>Counts as a request, at which the worker that holds the run looks.</summary>
    public bool Counts { get; init; }

    /// <summary>Whether a pause is asked for afterwards; null when that stays.</summary>
    public bool? Pausing { get; init; }

    /// <summary>Made only when a pause is asked for, or only when not; null when that does not matter.</summary>
    public bool? WhenPausing { get; init; }

    /// <summary>Made only when chapters are missing in the newest book.</summary>
    public bool WhenInPart { get; init; }

    /// <summary>Made only when the run rests for its batch.</summary>
    public bool WhenInBatch { get; init; }

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<JournalEvent> Events { get; init; } = [];

    /// <summary>Steps that are done anew, each with its event after <see cref="Events"/>; their generations are counted in the database.</summary>
    public IReadOnlyList<SelectedStep> Steps { get; init; } = [];

    /// <summary>Why the run waits for a worker again: of the event that comes last. With <see cref="RunStatus.Queued"/> only.</summary>
    public string? Reason { get; init; }

    /// <summary>What a person said to a preview; the change is made only when that preview was waiting.</summary>
    public PreviewDecision? Decision { get; init; }

    public WakeUpTopic? Wake => To == RunStatus.Queued ? WakeUpTopic.Runs : Counts ? WakeUpTopic.Requests : null;
}

/// <summary>What a person said to a preview: approved, or revise with guidance.</summary>
internal sealed record PreviewDecision(string NodeId, int Generation, string Decision, string? Guidance);
