using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Http;

/// <summary>How much one client may ask of one replica; section <c>Limits</c> of the configuration.</summary>
internal sealed class LimitOptions
{
    /// <summary>Requests a second of one API key or user, or by links of one network address, in the long run.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>Requests of one API key, user or network address at once.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Logins in five minutes from one network address to one account.</summary>
    [Range(1, 1_000_000)]
    public int LoginsPerAccount { get; set; } = 10;

    /// <summary>Logins and registrations in five minutes from one network address.</summary>
    [Range(1, 1_000_000)]
    public int LoginsPerAddress { get; set; } = 100;
}

internal static class HttpLimits
{
    public const string ByClient = "client";
    public const string ByAddress = "address";
    public const long MaxBodyBytes = 1024 * 1024;

    public static void AddHttpLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        builder.Services.AddOptions<LimitOptions>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(ByClient, context => Bucket(context, context.User.ClientName()));
            limiter.AddPolicy(ByAddress, context => Bucket(context, context.Connection.RemoteIpAddress?.ToString() ?? ""));
            limiter.OnRejected = (rejection, _) =>
                new ValueTask(Refusals.TooMany(rejection.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : null).ExecuteAsync(rejection.HttpContext));
        });
    }

    /// <summary>Runs after authorization, so whoever asks is known: a key has its own bucket, and so has a user who has logged in.</summary>
    private static RateLimitPartition<string> Bucket(HttpContext context, string client)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value;
        return RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });
    }
}
