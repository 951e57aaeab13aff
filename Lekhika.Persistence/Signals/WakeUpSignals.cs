using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Lekhika.Persistence.Signals;

/// <summary>
/// Wake-ups over Redis publish/subscribe: a hint that there is work, never the work itself. Whoever waits also polls, so a
/// lost hint, or a lost Redis, only costs time. Only this file, <see cref="LiveSignals"/>, <see cref="SharedLimits"/> and <see cref="ProviderBoard"/> know the Redis client.
/// </summary>
public sealed class WakeUpSignals(IConnectionMultiplexer redis, IConfiguration configuration)
{
    // The client never gives up on a server that is frozen, and emits no spans of its own; names by the OpenTelemetry conventions for Redis.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly ActivitySource Source = new("Lekhika.Redis");

    // Databases that share a Redis (tests) tell their channels apart by this.
    private readonly string _prefix = configuration["Signals:Prefix"] ?? "";

    /// <summary>Tells everyone who waits for <paramref name="topic"/>; never throws for Redis' sake and never waits for it.</summary>
    public void Send(WakeUpTopic topic)
    {
        using var span = Source.StartActivity("PUBLISH", ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", "PUBLISH");
        try
        {
            redis.GetSubscriber().Publish(Channel(topic), "", CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            // The poll finds it.
            span?.SetStatus(ActivityStatusCode.Error, "Redis does not answer.");
        }
    }

    /// <summary>Calls <paramref name="wake"/> for every wake-up; the subscription is renewed by the client when Redis comes back.</summary>
    public async Task ListenAsync(WakeUpTopic topic, Action wake, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await redis.GetSubscriber().SubscribeAsync(Channel(topic), (_, _) => wake()).WaitAsync(Patience, cancellationToken);
                return;
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
            }
        }
    }

    private RedisChannel Channel(WakeUpTopic topic) => $"{_prefix}lekhika:wake:{topic.ToString().ToLowerInvariant()}";
}

/// <summary>What there may be to do.</summary>
public enum WakeUpTopic
{
    /// <summary>A run was queued.</summary>
    Runs,

    /// <summary>An export job was queued, or its PDF has ended.</summary>
    Exports,

    /// <summary>Somebody asked something of a run that a worker holds.</summary>
    Requests,
}
