using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Lekhika.Persistence.Signals;

/// <summary>
/// Limits that hold over all processes, exact by Redis' clock: calls at once, and calls and tokens in any window (a log, not a bucket, so
/// never twice the limit around a window's edge). Nothing here throws for Redis' sake: without it the answer says so, and the caller limits
/// by himself.
/// </summary>
public sealed class SharedLimits(IConnectionMultiplexer redis, IConfiguration configuration, TimeProvider time)
{
    private const long NotLimited = -1;

    // As of WakeUpSignals: the client never gives up on a server that is frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(500);

    private readonly string _prefix = configuration["Signals:Prefix"] ?? "";
    private readonly string _process = Guid.NewGuid().ToString("N");
    private int _away;

    /// <summary>Length of the window of requests and tokens. Default a minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a lease lasts that nobody renews: so long a killed process's calls still count. Default 30 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Takes a place among the calls at once, a request and the tokens, or none of them.</summary>
    /// <param name="key">What the limits are of; the same in all processes.</param>
    /// <param name="tokens">How many the call will use, by an estimate.</param>
    public async Task<LimitAnswer> TryTakeAsync(string key, ModelLimits limits, int tokens, CancellationToken cancellationToken)
    {
        var grant = new LimitGrant(key, Guid.CreateVersion7().ToString("N"), limits, limits.TokensOf(tokens));
        RedisValue[] values =
        [
            grant.Id, Microseconds(Window), Microseconds(Lease),
            limits.Concurrency ?? NotLimited, limits.Requests ?? NotLimited, limits.Tokens ?? NotLimited, grant.Tokens, _process,
        ];
        try
        {
            return await AskAsync(LimitScripts.Take, [Key(key, "leases"), Key(key, "requests"), Key(key, "tokens"), Key(key, "sum"), Key(key, "next")], values, cancellationToken) is { } answer
                ? Answer(grant, (long[])answer!)
                : new LimitAnswer.Unreachable(grant);
        }
        catch (OperationCanceledException)
        {
            // It may have been taken all the same.
            _ = ReleaseAsync(grant, 0);
            throw;
        }
    }

    /// <summary>Keeps the lease of a call that goes on; also enters one that Redis does not know (any more).</summary>
    public async Task RenewAsync(LimitGrant grant, CancellationToken cancellationToken)
    {
        if (grant.Limits.Concurrency is not null)
        {
            await AskAsync(LimitScripts.Renew, [Key(grant.Key, "leases")], [grant.Id, Microseconds(Lease)], cancellationToken);
        }
    }

    /// <summary>Ends the lease. The command is on its way when this returns its task, before whatever is asked next.</summary>
    /// <param name="used">The true number of tokens; null: nobody knows, so the estimate stays.</param>
    public Task ReleaseAsync(LimitGrant grant, long? used) => AskAsync(
        LimitScripts.Release,
        [Key(grant.Key, "leases"), Key(grant.Key, "tokens"), Key(grant.Key, "sum")],
        [grant.Id, Microseconds(Window), grant.Limits.Tokens is null ? NotLimited : grant.Tokens, used ?? grant.Tokens],
        CancellationToken.None);

    private static LimitAnswer Answer(LimitGrant grant, long[] answer) => answer[0] == 1
        ? new LimitAnswer.Granted(grant with { At = DateTimeOffset.UnixEpoch.AddMicroseconds(answer[1]) })
        : new LimitAnswer.Wait(TimeSpan.FromMicroseconds(answer[1]));

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Null when Redis does not answer; until it does again, nobody waits for it any more.</summary>
    private async Task<RedisResult?> AskAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        for (var isFirst = true; Volatile.Read(ref _away) == 0; isFirst = false)
        {
            try
            {
                // The client completes its answers one after another: what follows here must not hold up the others.
                return await redis.GetDatabase().ScriptEvaluateAsync(script, keys, values).WaitAsync(Patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            catch (RedisServerException error) when (isFirst && error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // A server that has started anew: the client sends the script again.
            }
            catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
            {
                if (Interlocked.Exchange(ref _away, 1) == 0)
                {
                    _ = ProbeAsync();
                }
            }
        }

        return null;
    }

    private async Task ProbeAsync()
    {
        do
        {
            await Task.Delay(BetweenProbes, time);
        }
        while (!await AnswersAsync());
        Volatile.Write(ref _away, 0);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(Patience, time);
            return true;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            return false;
        }
    }

    // The braces keep a key's parts on one node of a cluster.
    private RedisKey Key(string key, string part) => $"{_prefix}lekhika:limit:{{{key}}}:{part}";
}
