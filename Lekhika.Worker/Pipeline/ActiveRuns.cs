using System.Collections.Concurrent;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Pipeline;

/// <summary>The runs that this process holds, each with the switch that ends its work.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<RunLease, CancellationTokenSource> _runs = new();

    public int Count => _runs.Count;

    public IReadOnlyList<RunLease> Leases => [.. _runs.Keys];

    public CancellationToken Add(RunLease lease) => _runs.GetOrAdd(lease, static _ => new CancellationTokenSource()).Token;

    public void Remove(RunLease lease)
    {
        if (_runs.TryRemove(lease, out var ending))
        {
            ending.Dispose();
        }
    }

    /// <summary>Ends the work on a run that is ours no longer.</summary>
    public async Task LoseAsync(RunLease lease)
    {
        if (_runs.TryGetValue(lease, out var ending))
        {
            try
            {
                await ending.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this very moment.
            }
        }
    }
}
