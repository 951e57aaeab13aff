using Lekhika.Persistence.Signals;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>A call that has begun; renewed until it is disposed.</summary>
internal sealed class LimitLease : IAsyncDisposable
{
    private readonly ModelLimiter _limiter;
    private readonly SharedLimits _shared;
    private readonly LocalGrant _taken;
    private readonly PeriodicTimer? _timer;
    private readonly Task _renewing;

    public LimitLease(ModelLimiter limiter, SharedLimits shared, LimitGrant grant, LocalGrant taken, TimeProvider time)
    {
        (_limiter, _shared, Grant, _taken) = (limiter, shared, grant, taken);
        _timer = grant.Limits.Concurrency is null ? null : new PeriodicTimer(shared.Lease / 3, time);
        _renewing = _timer is null ? Task.CompletedTask : RenewAsync(_timer);
    }

    public LimitGrant Grant { get; }

    /// <summary>Tokens that the call used; null as long as nobody knows.</summary>
    public long? Used { get; set; }

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _renewing;
        // On its way before anybody who waits here asks Redis; the answer changes nothing.
        _ = _shared.ReleaseAsync(Grant, Used);
        _limiter.Release(Grant.Limits, _taken, Used);
    }

    private async Task RenewAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            await _shared.RenewAsync(Grant, CancellationToken.None);
        }
    }
}
