using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Files;
using Lekhika.Persistence.Identity;
using Lekhika.Persistence.Submissions;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Persistence;

/// <summary>Registers the stores that the Api uses besides <see cref="PersistenceExtensions.AddPersistence"/>.</summary>
public static class ApiPersistenceExtensions
{
    /// <summary>Users, keys, engines, submissions, executions and files.</summary>
    public static IServiceCollection AddApiPersistence(this IServiceCollection services)
    {
        services.AddSingleton<DoorDatabase>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<UserEngineStore>();
        services.AddSingleton<ExecutionStore>();
        services.AddSingleton<FileStore>();
        return services;
    }
}
