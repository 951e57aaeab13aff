namespace Lekhika.AppHost.Local.Engine;

/// <summary>Brings one resource to life; disposing it returns when it has ended, and does nothing when it never started.</summary>
internal interface IRunner : IAsyncDisposable
{
    /// <summary>Returns when it has been started, which is not yet healthy.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}

/// <summary>How a process is started; called again after a crash.</summary>
/// <param name="IsHealthyAsync">Null: healthy while it runs.</param>
/// <param name="Restarts">False for what runs to its end.</param>
internal sealed record Launch(Func<CancellationToken, Task<Running>> StartAsync, Func<CancellationToken, Task<bool>>? IsHealthyAsync, bool Restarts);

internal sealed record Running(int ProcessId, string? Url, Task<int> Exited, Func<Task> StopAsync);
