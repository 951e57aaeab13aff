using Lekhika.Worker.Ai.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lekhika.Worker.Ai.Health;

/// <summary>
/// Tells how the platform's providers are (<see cref="ProviderProbe"/>), and which of them nobody is sent to. The worker itself is well either way,
/// so the worst is degraded.
/// </summary>
internal sealed class ProvidersHealthCheck(ModelCatalogue catalogue, ProviderProbe probe) : IHealthCheck
{
    public const string Name = "providers";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var models = await catalogue.ForAsync(Guid.Empty, cancellationToken);
        var accounts = models.Accounts.Where(ProviderProbe.IsRemote).ToList();
        var leftOut = models.LeftOut.Where(left => left.ModelId is null).ToList();
        if (accounts.Count + leftOut.Count == 0)
        {
            return HealthCheckResult.Healthy("None is configured: the offline author writes.");
        }

        var beats = await Task.WhenAll(accounts.Select(async account => (account.Name, Beat: await probe.FindAsync(account, cancellationToken))));
        var description = string.Join("; ", [.. beats.Select(beat => $"{beat.Name} {beat.Beat.Word}"), .. leftOut.Select(left => $"{left.Name} is left out")]) + ".";
        return leftOut.Count == 0 && Array.TrueForAll(beats, beat => beat.Beat.IsWell) ? HealthCheckResult.Healthy(description) : HealthCheckResult.Degraded(description);
    }
}
