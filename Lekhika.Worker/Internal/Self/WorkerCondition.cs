using System.Reflection;
using Lekhika.Worker.Internal.Http;
using Lekhika.Worker.Pipeline;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Internal.Self;

/// <summary>How this process is.</summary>
internal sealed class WorkerCondition(ActiveRuns active, IOptions<WorkerOptions> options, HealthCheckService health, TimeProvider time)
{
    private static readonly string Version = typeof(WorkerCondition).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly long _started = time.GetTimestamp();

    private double Uptime => Math.Round(time.GetElapsedTime(_started).TotalSeconds, 1);

    public LoadAnswer Load()
    {
        var (runs, most) = (active.Leases, options.Value.Concurrency);
        return new(
            runs.Count < most ? "healthy" : "overloaded", runs.Count, most, Math.Max(0, most - runs.Count), [.. runs.Select(run => run.ExecutionId)], Uptime, MemoryUse.Now());
    }

    /// <summary>Asks every check of the service's own <c>/health</c>.</summary>
    public async Task<HealthAnswer> HealthAsync(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        return new(report.Status.ToString().ToLowerInvariant(), time.GetUtcNow().UtcDateTime, options.Value.Name, Uptime, MemoryUse.Now(), Version);
    }
}

/// <summary>What this process works on.</summary>
/// <param name="Status">healthy, or overloaded: it holds as many runs as it may, which is no fault.</param>
/// <param name="Capacity">How many more it would take.</param>
/// <param name="Uptime">Seconds.</param>
internal sealed record LoadAnswer(
    string Status, int ActiveExecutions, int MaxConcurrent, int Capacity, IReadOnlyList<Guid> ActiveExecutionIds, double Uptime, MemoryUse MemoryUsage) : Answer;

/// <summary>Whether this process can work.</summary>
/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Uptime">Seconds.</param>
internal sealed record HealthAnswer(string Status, DateTime Timestamp, string WorkerId, double Uptime, MemoryUse Memory, string Version);

/// <summary>Bytes that the process holds, that its heap holds, and that are in use there.</summary>
internal sealed record MemoryUse(long Rss, long HeapTotal, long HeapUsed)
{
    public static MemoryUse Now() => new(Environment.WorkingSet, GC.GetGCMemoryInfo().TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false));
}
