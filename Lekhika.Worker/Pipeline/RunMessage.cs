using System.Diagnostics;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>What a run's loop is told.</summary>
internal abstract record RunMessage
{
    /// <summary>A step has ended, well or badly.</summary>
    public sealed record StepEnded(StepContext Step, Task<StepResult> Work) : RunMessage;

    /// <summary>A commit was not written: false when the run is ours no longer, an exception when the database refused it.</summary>
    public sealed record NotCommitted(Task<bool> Durable) : RunMessage;

    /// <summary>Somebody has asked something of the run.</summary>
    public sealed record Requested : RunMessage;
}

/// <summary>A step on its way to a step worker.</summary>
/// <param name="Parent">The run's span.</param>
/// <param name="Ended">Where to tell; it has room.</param>
internal sealed record StepOrder(StepContext Step, ActivityContext Parent, Action<RunMessage> Ended, CancellationToken CancellationToken);
