using Lekhika.Persistence.Signals;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>The same limits within this process. What Redis allows them all it never forbids; without Redis it is what limits.</summary>
internal sealed class LocalLimits(TimeSpan window, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _requests = new();
    private readonly Queue<TakenTokens> _tokens = new();
    private long _sum;
    private int _running;

    /// <summary>Null: there is room. Otherwise how long there is none at least; zero: until a call ends.</summary>
    public TimeSpan? Wait(ModelLimits limits, int tokens)
    {
        lock (_gate)
        {
            Forget();
            TimeSpan? wait = _running >= (limits.Concurrency ?? int.MaxValue) ? TimeSpan.Zero : null;
            var over = _requests.Count - (limits.Requests ?? int.MaxValue);
            if (over >= 0)
            {
                wait = Longer(wait, _requests.Count == 0 ? window : Left(_requests.ElementAt(over)));
            }

            var left = _sum;
            foreach (var taken in _tokens)
            {
                if (limits.Tokens is not { } most || left == 0 || left + limits.TokensOf(tokens) <= most)
                {
                    break;
                }

                left -= taken.Amount;
                wait = Longer(wait, Left(taken.At));
            }

            return wait;
        }
    }

    /// <summary>Takes what there is room for.</summary>
    public TakenTokens Take(ModelLimits limits, int tokens)
    {
        lock (_gate)
        {
            var taken = new TakenTokens(time.GetTimestamp()) { Amount = limits.TokensOf(tokens) };
            _running++;
            if (limits.Requests is not null)
            {
                _requests.Enqueue(taken.At);
            }

            Add(taken);
            return taken;
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="used">The true number of its tokens; null: nobody knows.</param>
    public void Release(ModelLimits limits, TakenTokens taken, long? used)
    {
        lock (_gate)
        {
            _running--;
            if (limits.Tokens is null || used is not { } amount)
            {
                return;
            }

            Forget();
            if (amount > taken.Amount)
            {
                Add(new TakenTokens(time.GetTimestamp()) { Amount = amount - taken.Amount });
            }
            else if (Left(taken.At) > TimeSpan.Zero)
            {
                _sum -= taken.Amount - amount;
                taken.Amount = amount;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan? one, TimeSpan other) => one > other ? one.Value : other;

    private void Add(TakenTokens taken)
    {
        if (taken.Amount > 0)
        {
            _tokens.Enqueue(taken);
            _sum += taken.Amount;
        }
    }

    private TimeSpan Left(long at) => window - time.GetElapsedTime(at);

    private void Forget()
    {
        while (_requests.TryPeek(out var at) && Left(at) <= TimeSpan.Zero)
        {
            _requests.Dequeue();
        }

        while (_tokens.TryPeek(out var taken) && Left(taken.At) <= TimeSpan.Zero)
        {
            _sum -= _tokens.Dequeue().Amount;
        }
    }
}

/// <summary>Tokens that a call has taken in this process.</summary>
/// <param name="At">A timestamp.</param>
internal sealed record TakenTokens(long At)
{
    public long Amount { get; set; }
}
