using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>Tells how many runs the worker holds. A full worker is healthy: what waits, waits in the database.</summary>
internal sealed class ActiveRunsHealthCheck(ActiveRuns active, IOptions<WorkerOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy($"{active.Count} of {options.Value.Concurrency} runs."));
}
