using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Lekhika.ServiceDefaults.Redis;

/// <summary>Opens the connection in the background when the host starts, so that the first request does not wait for it, and tells the log when it is lost and back.</summary>
internal sealed partial class RedisConnection(IServiceProvider services) : BackgroundService
{
    public static ConnectionMultiplexer Open(ConfigurationOptions options, ILogger logger)
    {
        var redis = ConnectionMultiplexer.Connect(options);
        redis.ConnectionFailed += (_, e) => LogLost(logger, e.ConnectionType, e.FailureType);
        redis.ConnectionRestored += (_, e) => LogConnected(logger, e.ConnectionType);
        if (!redis.IsConnected)
        {
            LogAbsent(logger);
        }

        return redis;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken);

    [LoggerMessage(LogLevel.Warning, "Redis does not answer yet. The service goes on without it, slower, and keeps trying.")]
    private static partial void LogAbsent(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The {Connection} connection to Redis is lost ({Failure}). The service goes on without it, slower, and keeps trying.")]
    private static partial void LogLost(ILogger logger, ConnectionType connection, ConnectionFailureType failure);

    [LoggerMessage(LogLevel.Information, "The {Connection} connection to Redis is up.")]
    private static partial void LogConnected(ILogger logger, ConnectionType connection);
}
