using Lekhika.Persistence.Assets;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Operators;
using Lekhika.Persistence.Provenance;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Tenancy;
using Lekhika.Persistence.Themes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Lekhika.Persistence;

/// <summary>Registers the stores; the data source and the Redis connection are the service's own.</summary>
public static class PersistenceExtensions
{
    /// <summary>
    /// What every service's <c>AddNpgsqlDataSource("lekhika", …)</c> passes: refuses roles that row-level security does not bind. Nothing here lasts longer than its transaction,
    /// so that a connection need not be reset (seven commands, each time) before the next one has it.
    /// </summary>
    public static void ConfigureDataSource(NpgsqlDataSourceBuilder builder)
    {
        RoleGuard.Configure(builder);
        builder.ConnectionStringBuilder.NoResetOnClose = true;
    }

    /// <summary>
    /// What a worker passes. Its statements are few, by key, and have arrays as long as a group of commits is: the server would plan them anew for each
    /// length, which costs as much as a good part of the work and never finds another plan. The one that it keeps may be made while the tables are empty, so it may not count on
    /// their staying so and read them whole.
    /// </summary>
    public static void ConfigureWorkerDataSource(NpgsqlDataSourceBuilder builder)
    {
        ConfigureDataSource(builder);
        builder.ConnectionStringBuilder.Options = $"{builder.ConnectionStringBuilder.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off".TrimStart();
    }

    /// <summary>What every service needs: tenancy, the role's check, signals, how runs come in, and what may be asked of one.</summary>
    public static IServiceCollection AddPersistence(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TenantDatabase>();
        services.AddSingleton<WakeUpSignals>();
        services.AddSingleton<SubmissionStore>();
        services.AddSingleton<ThemeStore>();
        services.AddSingleton<Submitter>();
        services.AddSingleton<RunRequestStore>();
        services.AddSingleton<StepRequestStore>();
        services.AddSingleton<PreviewRequestStore>();
        services.AddSingleton<FileRequestStore>();
        services.AddSingleton<LiveSignals>();
        services.AddSingleton<RequestSignals>();
        services.AddSingleton<SharedLimits>();
        services.AddSingleton<ProviderBoard>();
        services.AddHostedService<RoleGuard>();
        return services;
    }

    /// <summary>What a worker needs besides.</summary>
    public static IServiceCollection AddRunPersistence(this IServiceCollection services)
    {
        services.AddSingleton<RunQueue>();
        services.AddSingleton<OperatorStore>();
        services.AddSingleton<RunLoader>();
        services.AddSingleton<UsableModelStore>();
        services.AddSingleton<AssetStore>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchAnswerStore>();
        services.AddSingleton<RunJournal>();
        services.AddHostedService(provider => provider.GetRequiredService<RunJournal>());
        return services;
    }

    /// <summary>What an exporter needs besides.</summary>
    public static IServiceCollection AddExportPersistence(this IServiceCollection services)
    {
        services.AddSingleton<ExportQueue>();
        services.AddSingleton<ExportLoader>();
        services.AddSingleton<ExportResults>();
        services.AddSingleton<PreflightStore>();
        services.AddSingleton<ProvenanceStore>();
        services.AddSingleton<RetentionStore>();
        services.AddFileStorage();
        return services;
    }
}
