using Lekhika.ServiceDefaults.Health;
using Lekhika.ServiceDefaults.Http;
using Lekhika.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the application has in common, as in Aspire's service defaults template.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds OpenTelemetry, health checks, service discovery and HTTP resilience. Call it first: telemetry then
    /// covers everything that is registered after it.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddTelemetry();
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [HealthEndpoints.LiveTag])
            .AddCheck<MemoryHealthCheck>("memory", HealthStatus.Degraded);
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Completes the spans of a web host's requests. <see cref="AddServiceDefaults"/> does so for the service's own; call it for a second one beside it.</summary>
    public static IServiceCollection AddRequestTelemetry(this IServiceCollection services) =>
        services.AddSingleton<IStartupFilter, RequestTelemetryFilter>();

    /// <summary>
    /// Maps <c>/health</c> (ready: every check, with details as JSON) and <c>/alive</c> (live: the checks tagged
    /// "live"). Both answer 200, or 503 when a check is unhealthy; a degraded service is still ready. Unlike in the
    /// template they are mapped in every environment, because orchestrators and the AppHost ask for them.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthChecks(HealthEndpoints.Ready, new HealthCheckOptions
        {
            ResponseWriter = HealthReportWriter.WriteAsync,
        }).AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks(HealthEndpoints.Live, new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthEndpoints.LiveTag),
        }).AllowAnonymous().DisableHttpMetrics();
        return app;
    }
}
