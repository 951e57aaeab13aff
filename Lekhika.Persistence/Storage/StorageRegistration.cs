using Lekhika.Persistence.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Storage;

internal static class StorageRegistration
{
    /// <summary>The places of files: both to read from, and the one of the setting for those that are made from now on.</summary>
    public static IServiceCollection AddFileStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsCheck>();
        services.AddSingleton<S3Client>();
        services.AddSingleton<S3Contents>();
        services.AddSingleton<PostgresContents>();
        services.AddSingleton<IFileContents>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value.Kind == StorageOptions.S3
            ? provider.GetRequiredService<S3Contents>()
            : provider.GetRequiredService<PostgresContents>());
        return services;
    }
}
