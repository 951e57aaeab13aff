using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lekhika.ServiceDefaults.Telemetry;

/// <summary>Creates the providers before anything else starts, and sends what they still hold after everything else has stopped.</summary>
internal sealed class TelemetryHostedService(IServiceProvider services) : IHostedService
{
    // A collector that is gone must not hold up a service's end. Disposal alone would wait 5 s for each of the three, one
    // after the other, while the exporter retries; after a shutdown it has nothing left to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<TracerProvider>();
        _ = services.GetRequiredService<MeterProvider>();
        _ = services.GetRequiredService<LoggerProvider>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var timeout = (int)Patience.TotalMilliseconds;
        return Task.WhenAll(
            Task.Run(() => services.GetRequiredService<TracerProvider>().Shutdown(timeout), CancellationToken.None),
            Task.Run(() => services.GetRequiredService<MeterProvider>().Shutdown(timeout), CancellationToken.None),
            Task.Run(() => services.GetRequiredService<LoggerProvider>().Shutdown(timeout), CancellationToken.None));
    }
}
