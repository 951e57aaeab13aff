using System.Threading.Channels;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>Lets the calls of one model begin in the order in which they came, as soon as this process's limits and those of all allow it.</summary>
internal sealed class ModelLimiter(string key, SharedLimits shared, ModelLimiters all, TimeProvider time)
{
    /// <summary>Longest wait where another model would be asked instead.</summary>
    public static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(10);

    /// <summary>Between two looks for a place that a call in another process may leave at any time.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly LocalLimits _local = new(shared.Window, time);
    private readonly Turns _turns = new();
    private readonly Channel<bool> _ends = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Until when whoever's turn it is waits at least, as a timestamp.
    private long _closedUntil = long.MinValue;

    /// <summary>Waits until the call may begin.</summary>
    /// <exception cref="StepFault">It may not within <paramref name="patience"/>; the fault says how long it is at least.</exception>
    public async Task<LimitLease> AcquireAsync(string model, ModelLimits limits, int tokens, TimeSpan patience, CancellationToken cancellationToken)
    {
        var number = _turns.Number();
        // As long as nobody waits, calls need not wait for each other's answers from Redis either.
        if (_turns.IsIdle)
        {
            if ((await TryAsync(limits, tokens, cancellationToken)).Lease is { } atOnce)
            {
                return atOnce;
            }

            // Whose turn it is may have seen a place taken that was given back since.
            _ends.Writer.TryWrite(true);
        }

        // From here on one at a time asks: those behind it could not begin before it anyway.
        var deadline = time.GetTimestamp() + Timestamps(patience);
        if (Volatile.Read(ref _closedUntil) > deadline)
        {
            throw UsedUp(model, Until(Volatile.Read(ref _closedUntil)));
        }

        await TurnAsync(number, model, patience, cancellationToken);
        try
        {
            while (true)
            {
                var (lease, wait, isOurs) = await TryAsync(limits, tokens, cancellationToken);
                if (lease is not null)
                {
                    return lease;
                }

                var left = Until(deadline);
                if (wait >= left)
                {
                    throw UsedUp(model, wait);
                }

                Volatile.Write(ref _closedUntil, time.GetTimestamp() + Timestamps(wait));
                await LookAgainAsync(wait > TimeSpan.Zero ? wait : isOurs || left < BetweenLooks ? left : BetweenLooks, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _closedUntil, long.MinValue);
            _turns.Next();
        }
    }

    /// <summary>A call has ended: whoever waits looks whether that makes room for him.</summary>
    public void Release(ModelLimits limits, LocalGrant taken, long? used)
    {
        _local.Release(limits, taken, used);
        _ends.Writer.TryWrite(true);
    }

    private static StepFault UsedUp(string model, TimeSpan wait) =>
        new(ErrorClasses.RateLimited, $"The limits that are set for {model} are used up.") { RetryAfter = wait > TimeSpan.Zero ? wait : ShortPatience };

    private async Task TurnAsync(long number, string model, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _turns.WaitAsync(number, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw UsedUp(model, Until(Volatile.Read(ref _closedUntil)));
        }
    }

    /// <summary>The lease; or how long to wait, and whether that is because of this process's own calls alone.</summary>
    private async Task<(LimitLease? Lease, TimeSpan Wait, bool IsOurs)> TryAsync(ModelLimits limits, int tokens, CancellationToken cancellationToken)
    {
        if (_local.TryTake(limits, tokens, out var wait) is not { } taken)
        {
            return (null, wait, true);
        }

        try
        {
            var answer = await shared.TryTakeAsync(key, limits, tokens, cancellationToken);
            all.Heard(answer is not LimitAnswer.Unreachable);
            switch (answer)
            {
                case LimitAnswer.Granted granted:
                    return (new LimitLease(this, shared, granted.Grant, taken, time), default, default);
                case LimitAnswer.Unreachable unreachable:
                    return (new LimitLease(this, shared, unreachable.Grant, _local.Renew(taken), time), default, default);
                default:
                    _local.GiveBack(taken);
                    return (null, ((LimitAnswer.Wait)answer).AtLeast, false);
            }
        }
        catch
        {
            _local.GiveBack(taken);
            _ends.Writer.TryWrite(true);
            throw;
        }
    }

    private async Task LookAgainAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        // Timers count whole milliseconds; one too early would only be told to wait again.
        using var over = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _ends.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    private long Timestamps(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Until(long timestamp)
    {
        var now = time.GetTimestamp();
        return timestamp > now ? time.GetElapsedTime(now, timestamp) : TimeSpan.Zero;
    }
}
