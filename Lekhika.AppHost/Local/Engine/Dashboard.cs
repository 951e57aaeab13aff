using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>A dashboard that somebody runs at the AppHost's own addresses (its launch profile); the engine starts none.</summary>
internal static class Dashboard
{
    /// <summary>The variables that send telemetry there; none when nothing listens, so that services do not export into the void.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> TelemetryAsync(IConfiguration configuration)
    {
        (string Key, string Protocol)[] endpoints = [("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "grpc"), ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http/protobuf")];
        foreach (var (key, protocol) in endpoints)
        {
            if (configuration[key] is { } url && await ListensAsync(new Uri(url)))
            {
                var variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol };
                if (configuration["AppHost:OtlpApiKey"] is { } apiKey)
                {
                    variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={apiKey}";
                }

                return variables;
            }
        }

        return new Dictionary<string, string>();
    }

    /// <summary>Null when none answers, or its login token (<c>AppHost:BrowserToken</c>) is not known.</summary>
    public static async Task<string?> LoginUrlAsync(IConfiguration configuration)
    {
        var url = configuration["ASPNETCORE_URLS"]?.Split(';')[0].TrimEnd('/');
        return url is not null && configuration["AppHost:BrowserToken"] is { } token && await ListensAsync(new Uri(url)) ? $"{url}/login?t={token}" : null;
    }

    private static async Task<bool> ListensAsync(Uri url)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(url.Host, url.Port).WaitAsync(TimeSpan.FromSeconds(1));
            return true;
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            return false;
        }
    }
}
