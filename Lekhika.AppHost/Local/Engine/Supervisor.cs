using System.Diagnostics;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Keeps one process running: watches its health, and when it ends unasked starts it again, waiting longer each time.</summary>
internal sealed class Supervisor(Instance instance, Launch launch, Board board, ConsoleOutput output) : IRunner
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>A process that lived this long has earned a quick restart again.</summary>
    private static readonly TimeSpan GoodLife = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken) => _life = LiveAsync(await LaunchAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _life;
        _stop.Dispose();
    }

    private async Task<Running> LaunchAsync(CancellationToken cancellationToken)
    {
        board.Update(instance, _ => new ResourceSnapshot(ResourceState.Starting));
        var running = await launch.StartAsync(cancellationToken);
        board.Update(instance, _ => new ResourceSnapshot(ResourceState.Running, launch.IsHealthyAsync is null, running.ProcessId, running.Url));
        return running;
    }

    private async Task LiveAsync(Running? running)
    {
        var wait = FirstWait;
        while (running is not null)
        {
            var lived = Stopwatch.StartNew();
            var exitCode = await UntilItEndsAsync(running);
            // A .NET host whose background service threw stops with 0: for what should run on, that is no good end either.
            var fine = _stop.IsCancellationRequested || (exitCode == 0 && !launch.Restarts);
            board.Update(instance, _ => new ResourceSnapshot(fine ? ResourceState.Finished : ResourceState.Exited, ExitCode: exitCode));
            if (fine || !launch.Restarts)
            {
                return;
            }

            wait = lived.Elapsed > GoodLife ? FirstWait : wait;
            (running, wait) = await StartAgainAsync(wait);
        }
    }

    /// <returns>No process when a stop was asked in the meantime; and how long to wait the next time.</returns>
    private async Task<(Running? Running, TimeSpan Wait)> StartAgainAsync(TimeSpan wait)
    {
        while (true)
        {
            output.Line(instance.Resource, instance.Name, $"[restart in {wait.TotalSeconds} s]");
            try
            {
                await Task.Delay(wait, _stop.Token);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                return (await LaunchAsync(_stop.Token), wait);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                board.Update(instance, snapshot => new ResourceSnapshot(ResourceState.Finished, ExitCode: snapshot.ExitCode));
                return (null, wait);
            }
            catch (Exception error) when (error is InvalidOperationException or IOException)
            {
                output.Line(instance.Resource, instance.Name, error.Message);
                board.Update(instance, _ => new ResourceSnapshot(ResourceState.Exited));
            }
        }
    }

    private async Task<int> UntilItEndsAsync(Running running)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var health = WatchHealthAsync(end.Token);
        try
        {
            await running.Exited.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            await running.StopAsync();
        }

        await end.CancelAsync();
        await health;
        return await running.Exited;
    }

    private async Task WatchHealthAsync(CancellationToken end)
    {
        if (launch.IsHealthyAsync is null)
        {
            return;
        }

        var watched = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                var healthy = await launch.IsHealthyAsync(end);
                end.ThrowIfCancellationRequested();
                board.Update(instance, snapshot => snapshot with { IsHealthy = healthy });
                // As often as Aspire asks, but a start is not slowed down by a wait of a second.
                await Task.Delay(healthy ? TimeSpan.FromSeconds(30) : watched.Elapsed < TimeSpan.FromSeconds(30) ? TimeSpan.FromMilliseconds(150) : TimeSpan.FromSeconds(1), end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It has ended, or is about to.
        }
    }
}
