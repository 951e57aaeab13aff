using System.Collections.Concurrent;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Pipeline;

/// <summary>The runs that this process holds, each with the switch that ends its work.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<RunLease, CancellationTokenSource> runs = new();

    public int Count => runs.Count;

    public IReadOnlyList<RunLease> Leases => [.. runs.Keys];

    public CancellationToken Add(RunLease lease) => runs.GetOrAdd(lease, static _ => new CancellationTokenSource()).Token;

    public void Remove(RunLease lease)
    {
        if (runs.TryRemove(lease, out var ending))
        {
            ending.Dispose();
        }
    }

    /// <summary>Ends the work on a run that is ours no longer.</summary>
    public async Task LoseAsync(RunLease lease)
    {
        if (runs.TryGetValue(lease, out var ending))
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
