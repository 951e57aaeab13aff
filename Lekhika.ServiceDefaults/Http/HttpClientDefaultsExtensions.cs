using Lekhika.ServiceDefaults.Http;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Resilience and service discovery for HTTP clients, under the names of Microsoft.Extensions.Http.Resilience and .ServiceDiscovery.</summary>
public static class HttpClientDefaultsExtensions
{
    /// <summary>
    /// Adds a total timeout, retries, a circuit breaker for each server and a timeout for each attempt, in this order. The
    /// clients have it by default; call <see cref="RemoveAllResilienceHandlers"/> first to give one client other figures.
    /// </summary>
    public static IHttpClientBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder,
        Action<HttpStandardResilienceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new HttpStandardResilienceOptions();
        configure?.Invoke(options);
        var pipelines = new ResiliencePipelines(options);
        return builder.AddHttpMessageHandler(services => new ResilienceHandler(pipelines, services.GetService<TimeProvider>()));
    }

    /// <summary>Takes the resilience handlers away from a client whose calls are long, or are retried elsewhere.</summary>
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToArray())
            {
                handlers.Remove(handler);
            }
        });
    }

    /// <summary>Resolves service names from the configuration <c>services:{name}:{scheme}:{n}</c>, as the AppHost injects it.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddHttpMessageHandler(services => new ServiceDiscoveryHandler(services.GetRequiredService<IConfiguration>()));
    }
}
