using System.Collections.Concurrent;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Pipeline;

/// <summary>The runs that this process holds, each with the switch that ends its work and the bell that tells of requests.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<RunLease, ActiveRun> _runs = new();

    public int Count => _runs.Count;

    public IReadOnlyList<RunLease> Leases => [.. _runs.Keys];

    public ActiveRun Add(RunLease lease) => _runs.GetOrAdd(lease, static _ => new ActiveRun());

    public void Remove(RunLease lease)
    {
        if (_runs.TryRemove(lease, out var run))
        {
            run.Dispose();
        }
    }

    /// <summary>Ends the work on a run that is ours no longer.</summary>
    public Task LoseAsync(RunLease lease) => _runs.TryGetValue(lease, out var run) ? run.LoseAsync() : Task.CompletedTask;

    /// <summary>Tells a run's loop that somebody has asked something of it.</summary>
    public void Tell(RunLease lease)
    {
        if (_runs.TryGetValue(lease, out var run))
        {
            run.Tell();
        }
    }
}

/// <summary>A run that this process holds.</summary>
internal sealed class ActiveRun : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private Action? _onRequest;
    private int _isAsked;

    /// <summary>Cancelled when another worker holds the run.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Names who is told of requests; one that came before is told now.</summary>
    public void OnRequest(Action tell)
    {
        Volatile.Write(ref _onRequest, tell);
        if (Volatile.Read(ref _isAsked) == 1)
        {
            tell();
        }
    }

    /// <summary>Whether somebody has asked something since the last time that this was asked.</summary>
    public bool TakeRequest() => Interlocked.Exchange(ref _isAsked, 0) == 1;

    public void Tell()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            Volatile.Read(ref _onRequest)?.Invoke();
        }
    }

    public async Task LoseAsync()
    {
        try
        {
            await _lost.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended at this very moment.
        }
    }

    public void Dispose() => _lost.Dispose();
}
