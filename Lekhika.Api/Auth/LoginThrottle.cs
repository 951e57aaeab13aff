using System.Threading.RateLimiting;
using Lekhika.Api.Http;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Auth;

/// <summary>
/// Limits guessing: so many tries from one network address to one account, and so many from one address at all. A stranger
/// cannot lock an account's owner out, who comes from another address. Each replica counts for itself.
/// </summary>
internal sealed class LoginThrottle(IOptions<LimitOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<Attempt> _limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<Attempt, string>(attempt => Limit(attempt.Address, options.Value.LoginsPerAddress)),
        PartitionedRateLimiter.Create<Attempt, (string, string)>(attempt => Limit((attempt.Address, attempt.Account), options.Value.LoginsPerAccount)));

    /// <summary>Null when the try is allowed, else how long to wait.</summary>
    public TimeSpan? Refuses(HttpContext context, string email)
    {
        using var lease = _limiter.AttemptAcquire(new Attempt(context.Connection.RemoteIpAddress?.ToString() ?? "", email.Trim().ToUpperInvariant()));
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private static RateLimitPartition<TKey> Limit<TKey>(TKey key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window });

    private readonly record struct Attempt(string Address, string Account);
}
