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

        // A peer that vanished without a word is noticed only when something was written: the default is 60 s.
        if (options.KeepAlive < 0)
        {
            options.KeepAlive = 10;
        }

        // Asynchronous commands obey it too, and one second is short for a busy machine with two cores. (2.x says 5 s.)
        if (options.SyncTimeout == DefaultSyncTimeout)
        {
            options.SyncTimeout = 5000;
        }

        return options;
    }
}
