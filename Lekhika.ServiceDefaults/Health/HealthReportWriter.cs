using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lekhika.ServiceDefaults.Health;

/// <summary>
/// Writes <c>{status, checks: [{name, status, description, durationMs}]}</c>. The endpoint is open to everybody, so
/// exceptions and the checks' data stay out of it: a connection error names hosts and users.
/// </summary>
internal static class HealthReportWriter
{
    public static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new
                {
                    name = entry.Key,
                    status = entry.Value.Status.ToString(),
                    description = Describe(entry.Value),
                    durationMs = Math.Round(entry.Value.Duration.TotalMilliseconds, 1),
                }),
        }, context.RequestAborted);

    // The health check service puts an exception's message into the description of a check that threw.
    private static string? Describe(HealthReportEntry entry) =>
        entry.Exception is { } thrown && thrown.Message == entry.Description ? null : entry.Description;
}
