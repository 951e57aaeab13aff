using Lekhika.Core;
using Lekhika.Core.Executions;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Lekhika.Persistence.Signals;

/// <summary>
/// What those who watch a run are told over Redis publish/subscribe: that its journal has grown, and the text that is being written at
/// this moment. The first is a hint (the journal is in Postgres, and whoever watches also polls), the second is kept nowhere: what is
/// lost of it stands in the finished chapter. Nothing here throws for Redis' sake, and nothing waits for it.
/// </summary>
public sealed class LiveSignals(IConnectionMultiplexer redis, IConfiguration configuration)
{
    // As of WakeUpSignals: the client never gives up on a server that is frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    private readonly string _prefix = configuration["Signals:Prefix"] ?? "";

    /// <summary>Whether hints come at all; without them whoever watches has to look more often.</summary>
    public bool IsConnected => redis.IsConnected;

    /// <summary>Tells whoever watches the run that its journal has grown. To be called after the commit, never before.</summary>
    public void Changed(Guid executionId) => Publish(Journal(executionId), executionId.ToString());

    /// <summary>Hands on a piece of text that a step is writing, as JSON: nodeId, item, text.</summary>
    public void Delta(Guid executionId, StepKey step, string text) => Publish(Text(executionId), Json.Write(new { step.NodeId, step.Item, Text = text }));

    /// <summary>
    /// Listens until <paramref name="cancellationToken"/> says so, and then ends without an exception. The subscription is renewed by the
    /// client when Redis comes back.
    /// </summary>
    /// <param name="onChanged">Called for every hint, and once when listening has begun, for what came before; must not block.</param>
    /// <param name="onDelta">Called with the JSON of every piece of text, in order; must not block. Null: nobody wants text.</param>
    public async Task ListenAsync(Guid executionId, Action onChanged, Action<string>? onDelta, CancellationToken cancellationToken)
    {
        void Changed(RedisChannel channel, RedisValue value) => onChanged();
        void Delta(RedisChannel channel, RedisValue value) => onDelta!(value.ToString());
        try
        {
            await SubscribeAsync(Journal(executionId), Changed, cancellationToken);
            onChanged();
            if (onDelta is not null)
            {
                await SubscribeAsync(Text(executionId), Delta, cancellationToken);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody watches any more.
        }
        finally
        {
            Unsubscribe(Journal(executionId), Changed);
            if (onDelta is not null)
            {
                Unsubscribe(Text(executionId), Delta);
            }
        }
    }

    private async Task SubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await redis.GetSubscriber().SubscribeAsync(channel, handler).WaitAsync(Patience, cancellationToken);
                return;
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                // A try that timed out may still succeed; one handler must not be called twice.
                Unsubscribe(channel, handler);
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }
    }

    private void Unsubscribe(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        try
        {
            redis.GetSubscriber().Unsubscribe(channel, handler, CommandFlags.FireAndForget);
        }
        catch (Exception error) when (error is RedisException or ObjectDisposedException)
        {
            // A server that is away keeps no subscription.
        }
    }

    // Without a span each: there is one for every piece of text, and none of them tells more than the step's own.
    private void Publish(RedisChannel channel, string value)
    {
        try
        {
            redis.GetSubscriber().Publish(channel, value, CommandFlags.FireAndForget);
        }
        catch (Exception error) when (error is RedisException or ObjectDisposedException)
        {
            // Whoever watches polls.
        }
    }

    private RedisChannel Journal(Guid executionId) => $"{_prefix}lekhika:live:{executionId}";

    private RedisChannel Text(Guid executionId) => $"{_prefix}lekhika:live:{executionId}:text";
}
