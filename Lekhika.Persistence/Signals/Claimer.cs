using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lekhika.Persistence.Signals;

/// <summary>
/// Claims work of one queue while there is room, and does it. Never more is claimed than can be worked on: what waits, waits in the
/// database, where any process can take it. On shutdown everything held is handed back at once.
/// </summary>
/// <typeparam name="TLease">What a claim gives: the thing, its owner, the attempt.</typeparam>
public abstract partial class Claimer<TLease>(WakeUpSignals signals, WakeUpTopic topic, int concurrency, TimeSpan poll, ILogger log) : BackgroundService
    where TLease : notnull
{
    private readonly WakeUp _wakeUp = new();
    private int _active;

    /// <summary>Most things of one claim.</summary>
    protected virtual int MostOfOneClaim => int.MaxValue;

    /// <summary>Claims up to <paramref name="most"/> things from the queue.</summary>
    protected abstract Task<IReadOnlyList<TLease>> ClaimAsync(int most, CancellationToken cancellationToken);

    /// <summary>Does one thing; ends by cancellation when the process stops or the lease is lost.</summary>
    protected abstract Task WorkAsync(TLease lease, CancellationToken stoppingToken);

    /// <summary>Gives a thing back unharmed; may fail, since its lease runs out anyway.</summary>
    protected abstract Task HandBackAsync(TLease lease);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateBounded<TLease>(new BoundedChannelOptions(concurrency) { SingleWriter = true });
        var listening = signals.ListenAsync(topic, _wakeUp.Ring, stoppingToken);
        var workers = Enumerable.Range(0, concurrency).Select(_ => WorkAsync(claimed.Reader, stoppingToken)).ToArray();
        try
        {
            await ClaimAsync(claimed.Writer, stoppingToken);
        }
        finally
        {
            claimed.Writer.TryComplete();
            await Task.WhenAll([listening, .. workers]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ClaimAsync(ChannelWriter<TLease> claimed, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = Math.Min(concurrency - Volatile.Read(ref _active), MostOfOneClaim);
            var taken = 0;
            if (asked > 0)
            {
                try
                {
                    foreach (var lease in await ClaimAsync(asked, stoppingToken))
                    {
                        Interlocked.Increment(ref _active);
                        await claimed.WriteAsync(lease, CancellationToken.None);
                        taken++;
                    }
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it was, the next poll asks again: a process that claims no more would be worse than a line in the log.
                    NotClaimed(log, topic, error.Message);
                }
            }

            if (taken < asked || asked <= 0)
            {
                await _wakeUp.WaitAsync(poll, stoppingToken);
            }
        }
    }

    private async Task WorkAsync(ChannelReader<TLease> claimed, CancellationToken stoppingToken)
    {
        // What was claimed is worked on or handed back, also while the process stops.
        await foreach (var lease in claimed.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await WorkAsync(lease, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await ReturnAsync(lease);
            }
            catch (OperationCanceledException)
            {
                LeaseLost(log, lease);
            }
            catch (Exception error)
            {
                // The lease runs out and somebody takes it over: nothing is lost with this error but time.
                Left(log, lease, error);
            }
            finally
            {
                Interlocked.Decrement(ref _active);
                _wakeUp.Ring();
            }
        }
    }

    private async Task ReturnAsync(TLease lease)
    {
        try
        {
            await HandBackAsync(lease);
            signals.Send(topic);
        }
        catch (Exception error)
        {
            Left(log, lease, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing was claimed from the queue of {Topic}: {Reason}")]
    private static partial void NotClaimed(ILogger log, WakeUpTopic topic, string reason);

    [LoggerMessage(LogLevel.Information, "{Lease} is lost; its work stops here.")]
    private static partial void LeaseLost(ILogger log, TLease lease);

    [LoggerMessage(LogLevel.Error, "{Lease} was left; it goes on when the lease has run out.")]
    private static partial void Left(ILogger log, TLease lease, Exception error);
}
