using Lekhika.Persistence.Secrets;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Health;
using Lekhika.Worker.Ai.Offline;
using Lekhika.Worker.Ai.Policies;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Ai.Simulation;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Ai;

internal static class ModelRegistration
{
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSimulation(configuration);
        services.AddEnvironmentProviders(configuration);
        services.AddOptions<OfflineAuthorOptions>().BindConfiguration("OfflineAuthor").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new ModelProvider(
            "offline",
            "offline-author",
            new PacedChatClient(new OfflineAuthor(), provider.GetRequiredService<IOptions<OfflineAuthorOptions>>().Value.WordsPerSecond, provider.GetRequiredService<TimeProvider>()),
            OfflineAuthor.Colophon));
        services.AddSingleton<NodeModels>();
        services.AddSingleton<ImageModels>();
        services.AddSingleton<ModelCatalogue>();
        services.AddSingleton<ModelChains>();
        services.AddChain();
        services.AddSingleton<ProviderPulse>();
        services.AddSingleton<ProviderProbe>();
        services.AddHostedService<ProviderReporter>();
        services.AddHealthChecks().AddCheck<ProvidersHealthCheck>(ProvidersHealthCheck.Name, HealthStatus.Degraded);
        services.AddProviderSecrets(configuration);
        services.AddSingleton<ModelOptions>();
        services.AddSingleton<ModelRouter>();
        services.AddSingleton<Moderator>();
        services.AddSingleton<ContentGuard>();
        services.AddSingleton<BriefGuard>();
        return services;
    }
}
