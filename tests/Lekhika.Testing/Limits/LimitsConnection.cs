using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Lekhika.Testing.Limits;

/// <summary>A way of its own to the limits in Redis, as each process has one.</summary>
public sealed class LimitsConnection : IDisposable
{
    private readonly ConnectionMultiplexer _redis;

    /// <param name="redis">In StackExchange.Redis's form.</param>
    /// <param name="prefix">For the setting <c>Signals:Prefix</c>.</param>
    public LimitsConnection(string redis, string prefix, TimeSpan? window = null, TimeSpan? lease = null)
    {
        var options = ConfigurationOptions.Parse(redis);
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        _redis = ConnectionMultiplexer.Connect(options);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Signals:Prefix", prefix)]).Build();
        var usual = new SharedLimits(_redis, configuration, TimeProvider.System);
        Limits = new SharedLimits(_redis, configuration, TimeProvider.System) { Window = window ?? usual.Window, Lease = lease ?? usual.Lease };
    }

    /// <summary>The limits as this connection sees them.</summary>
    public SharedLimits Limits { get; }

    /// <summary>Makes Redis hold back its answers to everybody.</summary>
    public void Pause(TimeSpan pause)
    {
        try
        {
            _redis.GetDatabase().Execute("CLIENT", "PAUSE", (int)pause.TotalMilliseconds);
        }
        catch (RedisTimeoutException)
        {
            // It has held back this answer already.
        }
    }

    /// <summary>Completes when Redis has answered all that was asked over this connection before.</summary>
    public Task AnsweredAsync() => _redis.GetDatabase().PingAsync();

    /// <inheritdoc />
    public void Dispose() => _redis.Dispose();
}
