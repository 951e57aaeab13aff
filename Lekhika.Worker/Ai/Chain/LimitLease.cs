using Lekhika.Persistence.Signals;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>A call that has begun; renewed until it is disposed.</summary>
internal sealed class LimitLease : IAsyncDisposable
{
    private readonly ModelLimiter _limiter;
    private readonly SharedLimits _shared;
    private readonly LocalGrant _taken;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    public LimitLease(ModelLimiter limiter, SharedLimits shared, LimitGrant grant, LocalGrant taken, TimeProvider time)
    {
        (_limiter, _shared, Grant, _taken) = (limiter, shared, grant, taken);
        _renewing = grant.Limits.Concurrency is null ? Task.CompletedTask : RenewAsync(time);
    }

    public LimitGrant Grant { get; }

    /// <summary>Tokens that the call used; null as long as nobody knows.</summary>
    public long? Used { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        // On its way before anybody who waits here asks Redis; the answer changes nothing.
        _ = _shared.ReleaseAsync(Grant, Used);
        _limiter.Release(Grant.Limits, _taken, Used);
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(_shared.Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                await _shared.RenewAsync(Grant, _ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The call has ended.
        }
    }
}
