using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lekhika.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs by OpenTelemetry, sent over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Name,
/// resource attributes, protocol, headers, sampler and batch delays come from the standard <c>OTEL_*</c> settings
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
/// </summary>
internal static class TelemetryExtensions
{
    private static readonly string[] Sources =
    [
        "Lekhika.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Experimental.Microsoft.Extensions.AI",
    ];

    private static readonly string[] Meters =
    [
        "Lekhika.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http", "System.Runtime", "Npgsql", "Experimental.Microsoft.Extensions.AI",
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // ASP.NET Core reads it once, when the host is built; without it its spans carry no tags at all.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        builder.Services.AddRequestTelemetry();
        // Requests are told by spans and metrics; as log lines they would bury the service's own.
        builder.Services.LogWarningsOnly("Microsoft.AspNetCore");
        builder.Services.LogWarningsOnly("System.Net.Http.HttpClient");

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(Sources))
            .WithMetrics(metrics => metrics.AddMeter(Meters))
            .WithLogging(configureBuilder: null, options =>
            {
                options.IncludeFormattedMessage = true;
                options.IncludeScopes = true;
            });
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }
}
