using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lekhika.ServiceDefaults.Health;

/// <summary>Tells how much memory the process holds; degraded when it nears what the machine or the container allows.</summary>
internal sealed class MemoryHealthCheck : IHealthCheck
{
    private const double High = 0.9;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        const long mebibyte = 1024 * 1024;
        var (held, allowed) = (Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var description = $"{held / mebibyte} of {allowed / mebibyte} MiB.";
        return Task.FromResult(held < High * allowed
            ? HealthCheckResult.Healthy(description)
            : new HealthCheckResult(context.Registration.FailureStatus, description));
    }
}
