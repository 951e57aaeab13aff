using StackExchange.Redis;

namespace Lekhika.ServiceDefaults.Redis;

/// <summary>A connection string as StackExchange.Redis 1.2.6 needs it to start and live on without a server.</summary>
internal static class RedisOptions
{
    private const int DefaultSyncTimeout = 1000;

    public static ConfigurationOptions Parse(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString, ignoreUnknown: true);
        options.AbortOnConnectFail = false;

        // Connect() blocks for connectRetry times connectTimeout (15 s by default) when there is no server. One short try is
        // enough: afterwards the client's heartbeat goes on trying each second, and gives a try of its own 5 s.
        options.ConnectRetry = 1;
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 1000);
        options.ReconnectRetryPolicy = new LinearRetry(5000);

        // Writing is the only way to learn that a peer vanished without a word, and by default it waits 60 s for it.
        if (options.KeepAlive < 0)
        {
            options.KeepAlive = 10;
        }

        // One second is short for a busy machine with two cores; 2.x says 5 s. Synchronous commands alone obey it:
        // in 1.2.6 an awaited command waits for ever on a server that hangs, so callers bound it with WaitAsync.
        if (options.SyncTimeout == DefaultSyncTimeout)
        {
            options.SyncTimeout = 5000;
        }

        return options;
    }
}
