namespace Lekhika.Core.Executions;

/// <summary>What can be asked of a run.</summary>
public enum RunCommand
{
    /// <summary>A worker takes a waiting run.</summary>
    Claim,

    /// <summary>A worker takes a run whose lease has run out.</summary>
    TakeOver,

    /// <summary>A worker gives the run back unharmed.</summary>
    HandBack,

    /// <summary>Nothing can go on without a person or money, or somebody asks for it.</summary>
    Pause,

    /// <summary>The manuscript is done; formats are made.</summary>
    Compile,

    /// <summary>Every node is done and there is nothing to export.</summary>
    Finish,

    /// <summary>An error ends the run.</summary>
    Fail,

    /// <summary>Somebody asks for the end.</summary>
    Stop,

    /// <summary>In-flight work of a stopping run has ended.</summary>
    EndStop,

    /// <summary>All formats have ended and at least one succeeded.</summary>
    FinishFormats,

    /// <summary>All formats have ended and none succeeded.</summary>
    FailFormats,

    /// <summary>Files are made again from a finished manuscript.</summary>
    MakeFiles,

    /// <summary>The run goes on, or steps of it are done again.</summary>
    Resume,
}

/// <summary>The transitions of docs/state-machine.md as one table; decisions are pure, time and I/O are elsewhere.</summary>
public static class RunTransitions
{
    private static readonly Dictionary<(RunStatus From, RunCommand Command), RunStatus> Table = new()
    {
        [(RunStatus.Queued, RunCommand.Claim)] = RunStatus.Running,
        [(RunStatus.Running, RunCommand.TakeOver)] = RunStatus.Running,
        [(RunStatus.Stopping, RunCommand.TakeOver)] = RunStatus.Stopping,
        [(RunStatus.Running, RunCommand.HandBack)] = RunStatus.Queued,
        [(RunStatus.Running, RunCommand.Pause)] = RunStatus.Paused,
        [(RunStatus.Queued, RunCommand.Pause)] = RunStatus.Paused,
        [(RunStatus.Running, RunCommand.Compile)] = RunStatus.Exporting,
        [(RunStatus.Running, RunCommand.Finish)] = RunStatus.Completed,
        [(RunStatus.Running, RunCommand.Fail)] = RunStatus.Failed,
        [(RunStatus.Queued, RunCommand.Stop)] = RunStatus.Stopped,
        [(RunStatus.Paused, RunCommand.Stop)] = RunStatus.Stopped,
        [(RunStatus.Running, RunCommand.Stop)] = RunStatus.Stopping,
        [(RunStatus.Exporting, RunCommand.Stop)] = RunStatus.Stopping,
        [(RunStatus.Stopping, RunCommand.EndStop)] = RunStatus.Stopped,
        [(RunStatus.Exporting, RunCommand.FinishFormats)] = RunStatus.Completed,
        [(RunStatus.Exporting, RunCommand.FailFormats)] = RunStatus.Failed,
        [(RunStatus.Completed, RunCommand.MakeFiles)] = RunStatus.Exporting,
        [(RunStatus.Stopped, RunCommand.MakeFiles)] = RunStatus.Exporting,
        [(RunStatus.Failed, RunCommand.MakeFiles)] = RunStatus.Exporting,
        [(RunStatus.Paused, RunCommand.Resume)] = RunStatus.Queued,
        [(RunStatus.Completed, RunCommand.Resume)] = RunStatus.Queued,
        [(RunStatus.Stopped, RunCommand.Resume)] = RunStatus.Queued,
        [(RunStatus.Failed, RunCommand.Resume)] = RunStatus.Queued,
    };

    /// <summary>The state after <paramref name="command"/>, or null when it is not allowed in <paramref name="from"/>.</summary>
    public static RunStatus? Next(RunStatus from, RunCommand command) => Table.TryGetValue((from, command), out var to) ? to : null;

    /// <summary>The states in which <paramref name="command"/> is allowed: the SQL guard of a statement that carries it out.</summary>
    public static IReadOnlyList<RunStatus> From(RunCommand command) => [.. Table.Keys.Where(key => key.Command == command).Select(key => key.From)];

    /// <summary>Whether the run has ended: nothing happens to it until somebody asks.</summary>
    public static bool HasEnded(this RunStatus status) => status is RunStatus.Completed or RunStatus.Stopped or RunStatus.Failed;
}
