using Lekhika.ServiceDefaults;
using Lekhika.ServiceDefaults.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Redis, under the name and with the meaning of the package Aspire.StackExchange.Redis.</summary>
public static class RedisClientExtensions
{
    /// <summary>
    /// Registers one <see cref="IConnectionMultiplexer"/> for the connection string <c>ConnectionStrings:{connectionName}</c>,
    /// with a health check that says Degraded, never Unhealthy, when Redis is down: without it the system is only slower.
    /// The host starts without Redis too: the multiplexer is there at once (within a second, when the server's address
    /// swallows packets), its commands throw <see cref="RedisConnectionException"/> until it has connected, and it
    /// reconnects by itself. A server that hangs is another matter: version 1.2.6 puts no limit to an awaited command, so
    /// whoever waits for one sets a limit of his own.
    /// </summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRequiredConnectionString(connectionName);
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = RedisOptions.Parse(services.GetRequiredConnectionString(connectionName));
            configureOptions?.Invoke(options);
            return RedisConnection.Open(options, services.GetRequiredService<ILogger<RedisConnection>>());
        });
        builder.Services.AddHostedService<RedisConnection>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "StackExchange.Redis",
            services => new RedisHealthCheck(services),
            HealthStatus.Degraded, tags: null, timeout: RedisHealthCheck.Timeout));
    }
}
