namespace Lekhika.AppHost.Local.Engine;

/// <summary>Aspire's words (KnownResourceStates).</summary>
internal enum ResourceState
{
    NotStarted,
    Waiting,
    Starting,
    Running,

    /// <summary>What should run it is not on this machine.</summary>
    RuntimeUnhealthy,
    FailedToStart,

    /// <summary>Ended by itself: with a code that is not 0, or though it should have run on.</summary>
    Exited,

    /// <summary>Ended with 0 as it was meant to, or stopped by us.</summary>
    Finished,
}

/// <summary>One instance of a resource at one moment.</summary>
/// <param name="IsHealthy">Null unless Running.</param>
internal sealed record ResourceSnapshot(ResourceState State, bool? IsHealthy = null, int? ProcessId = null, string? Url = null, int? ExitCode = null)
{
    public bool IsReady => State == ResourceState.Running && IsHealthy == true;

    public bool HasEnded => State is ResourceState.Exited or ResourceState.Finished;

    public bool CannotStart => State is ResourceState.FailedToStart or ResourceState.RuntimeUnhealthy;
}
