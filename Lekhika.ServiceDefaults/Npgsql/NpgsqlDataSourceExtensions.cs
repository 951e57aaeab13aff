using Lekhika.ServiceDefaults;
using Lekhika.ServiceDefaults.Npgsql;
using Lekhika.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>PostgreSQL, under the name and with the meaning of the package Aspire.Npgsql.</summary>
public static class NpgsqlDataSourceExtensions
{
    /// <summary>
    /// Registers one <see cref="NpgsqlDataSource"/> for the connection string <c>ConnectionStrings:{connectionName}</c>,
    /// with a health check, tracing and metrics. The host does not start when the connection string is missing; it does
    /// when the server is not up yet.
    /// </summary>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRequiredConnectionString(connectionName);
        builder.Services.AddSingleton(services =>
        {
            var source = new NpgsqlDataSourceBuilder(services.GetRequiredConnectionString(connectionName)) { Name = connectionName };
            source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
            configureDataSourceBuilder?.Invoke(source);
            return source.Build();
        });

        builder.Services.LogWarningsOnly("Npgsql");
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "PostgreSql",
            services => new NpgsqlHealthCheck(services.GetRequiredService<NpgsqlDataSource>()),
            HealthStatus.Unhealthy, tags: null, timeout: NpgsqlHealthCheck.Timeout));
    }
}
