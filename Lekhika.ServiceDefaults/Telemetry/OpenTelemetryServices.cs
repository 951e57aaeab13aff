using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Lekhika.ServiceDefaults.Telemetry;

/// <summary>
/// Stands in for the package OpenTelemetry.Extensions.Hosting, under its names: the SDK already knows how to register
/// its providers through <see cref="IOpenTelemetryBuilder"/>, only the builder and the start are missing. Where the
/// package is at hand, this file and <see cref="TelemetryHostedService"/> go.
/// </summary>
internal static class OpenTelemetryServices
{
    public static IOpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        // At the front, so that spans of the other hosted services' start and stop are seen.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
        return new Builder(services);
    }

    private sealed record Builder(IServiceCollection Services) : IOpenTelemetryBuilder;
}
