using System.Net;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lekhika.Worker.Ai.Health;

/// <summary>
/// Tells how the platform's providers are, by the calls that were made anyway. One of which nothing was heard for some time is asked for
/// its list of models, which costs nothing and shows whether the key is good. The worker itself is well either way, so the worst is degraded.
/// </summary>
internal sealed class ProvidersHealthCheck(ModelCatalogue catalogue, ProviderPulse pulse) : IHealthCheck
{
    public const string Name = "providers";

    // Asked once, without the tries of other clients: what it says first is what counts. No redirect takes a key elsewhere.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var accounts = (await catalogue.ForAsync(Guid.Empty, cancellationToken)).Accounts.Where(account => account.Kind is not (ProviderKinds.Offline or ProviderKinds.Simulated)).ToList();
        if (accounts.Count == 0)
        {
            return HealthCheckResult.Healthy("None is configured: the offline author writes.");
        }

        var beats = await Task.WhenAll(accounts.Select(async account => (account.Name, Beat: pulse.Of(account, Recent) ?? await ProbeAsync(account, cancellationToken))));
        var description = string.Join("; ", beats.Select(beat => $"{beat.Name} {beat.Beat.Word}")) + ".";
        return Array.TrueForAll(beats, beat => beat.Beat.IsWell) ? HealthCheckResult.Healthy(description) : HealthCheckResult.Degraded(description);
    }

    private async Task<ProviderPulse.Beat> ProbeAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var (isWell, word) = (false, "does not answer");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ProviderAddresses.Of(account), account.Kind == ProviderKinds.Anthropic ? "v1/models" : "models"));
            if (account.Kind == ProviderKinds.Anthropic)
            {
                request.Headers.Add("x-api-key", account.Secret);
                request.Headers.Add("anthropic-version", "2023-06-01");
            }
            else if (account.Secret is { } secret)
            {
                request.Headers.Authorization = new("Bearer", secret);
            }

            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            // A server without such a list is there all the same.
            (isWell, word) = response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (false, "refuses its key"),
                >= HttpStatusCode.InternalServerError => (false, $"answers {(int)response.StatusCode}"),
                _ => (true, "answers"),
            };
        }
        catch (StepFault fault)
        {
            // Its address or its key cannot be one.
            word = fault.Message;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Said so.
        }

        pulse.Probed(account, isWell, word);
        return pulse.Of(account, Recent)!;
    }
}
