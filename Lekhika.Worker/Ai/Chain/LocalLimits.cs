using Lekhika.Persistence.Signals;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>The same limits within this process. What Redis allows them all it never forbids; without Redis it is what limits.</summary>
internal sealed class LocalLimits(TimeSpan window, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<LocalGrant> _log = new();
    private int _requests;
    private long _tokens;
    private int _running;

    /// <summary>Takes a place, a request and the tokens, or none of them.</summary>
    /// <param name="wait">How long there is no room at least; zero: until a call ends.</param>
    public LocalGrant? TryTake(ModelLimits limits, int tokens, out TimeSpan wait)
    {
        lock (_gate)
        {
            Forget();
            wait = TimeSpan.Zero;
            var isFull = _running >= (limits.Concurrency ?? int.MaxValue);
            if (HasRoom(limits, tokens, _requests, _tokens))
            {
                if (isFull)
                {
                    return null;
                }

                _running++;
                return Add(new LocalGrant(time.GetTimestamp()) { Requests = 1, Tokens = limits.TokensOf(tokens) });
            }

            // As it will be when the oldest have left the window; a limit of none has room for nobody.
            wait = window;
            var (requests, used) = (_requests, _tokens);
            foreach (var oldest in _log)
            {
                (requests, used) = (requests - oldest.Requests, used - oldest.Tokens);
                if (HasRoom(limits, tokens, requests, used))
                {
                    wait = Left(oldest);
                    break;
                }
            }

            return null;
        }
    }

    /// <summary>A call has not begun: it was never there.</summary>
    public void GiveBack(LocalGrant grant)
    {
        lock (_gate)
        {
            _running--;
            Void(grant);
        }
    }

    /// <summary>A call begins later than it took: it counts from now.</summary>
    public LocalGrant Renew(LocalGrant grant)
    {
        lock (_gate)
        {
            var later = new LocalGrant(time.GetTimestamp()) { Requests = 1, Tokens = grant.Tokens };
            Void(grant);
            return Add(later);
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="used">The true number of its tokens; null: nobody knows, so the estimate stays.</param>
    public void Release(ModelLimits limits, LocalGrant grant, long? used)
    {
        lock (_gate)
        {
            _running--;
            if (limits.Tokens is null || used is not { } tokens)
            {
                return;
            }

            Forget();
            if (tokens > grant.Tokens)
            {
                Add(new LocalGrant(time.GetTimestamp()) { Tokens = tokens - grant.Tokens });
            }
            else if (Left(grant) > TimeSpan.Zero)
            {
                _tokens -= grant.Tokens - tokens;
                grant.Tokens = tokens;
            }
        }
    }

    private static bool HasRoom(ModelLimits limits, int wanted, int requests, long tokens) =>
        requests < (limits.Requests ?? int.MaxValue) && (limits.Tokens is not { } most || tokens + limits.TokensOf(wanted) <= most);

    private LocalGrant Add(LocalGrant grant)
    {
        _log.Enqueue(grant);
        (_requests, _tokens) = (_requests + grant.Requests, _tokens + grant.Tokens);
        return grant;
    }

    private void Void(LocalGrant grant)
    {
        if (Left(grant) > TimeSpan.Zero)
        {
            (_requests, _tokens) = (_requests - grant.Requests, _tokens - grant.Tokens);
            (grant.Requests, grant.Tokens) = (0, 0);
        }
    }

    private TimeSpan Left(LocalGrant grant) => window - time.GetElapsedTime(grant.At);

    private void Forget()
    {
        while (_log.TryPeek(out var oldest) && Left(oldest) <= TimeSpan.Zero)
        {
            (_requests, _tokens) = (_requests - oldest.Requests, _tokens - oldest.Tokens);
            _log.Dequeue();
        }
    }
}

/// <summary>What a call has taken in this process.</summary>
/// <param name="At">A timestamp.</param>
internal sealed record LocalGrant(long At)
{
    public int Requests { get; set; }

    public long Tokens { get; set; }
}
