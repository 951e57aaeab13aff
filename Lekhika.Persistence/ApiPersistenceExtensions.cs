using Lekhika.Persistence.Assets;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Events;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Files;
using Lekhika.Persistence.Identity;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Prompts;
using Lekhika.Persistence.Provenance;
using Lekhika.Persistence.Secrets;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Views;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Lekhika.Persistence;

/// <summary>Registers the stores that the Api uses besides <see cref="PersistenceExtensions.AddPersistence"/>.</summary>
public static class ApiPersistenceExtensions
{
    /// <summary>Users, keys, engines and their versions, submissions, executions and their views, journals, plans and forks, files, providers, models, policies and prompts.</summary>
    public static IServiceCollection AddApiPersistence(this IServiceCollection services)
    {
        services.AddSingleton<DoorDatabase>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<KeyedSubmissionStore>();
        services.AddSingleton<UserEngineStore>();
        services.AddSingleton<ExecutionStore>();
        services.AddFileStorage();
        services.AddSingleton<FileStore>();
        services.AddSingleton<PreflightStore>();
        services.AddSingleton<ProvenanceStore>();
        services.AddSingleton<RunFileStore>();
        services.AddSingleton(provider => new LinkKeys(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<SecretsProtection>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AssetStore>();
        services.AddSingleton<EngineStatistics>();
        services.AddSingleton<RunViewStore>();
        services.AddSingleton<StepViewStore>();
        services.AddSingleton<ChapterViewStore>();
        services.AddSingleton<PreviewViewStore>();
        services.AddSingleton<DeadLetterStore>();
        services.AddSingleton<CallViewStore>();
        services.AddSingleton<WorkflowVersionStore>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<ExecutionPlanStore>();
        services.AddSingleton<ForkStore>();
        services.AddSingleton<ProviderStore>();
        services.AddSingleton<ModelStore>();
        services.AddSingleton<UsableModelStore>();
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<PolicyStore>();
        services.AddSingleton<PromptStore>();
        return services;
    }
}
