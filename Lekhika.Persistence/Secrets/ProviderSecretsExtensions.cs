using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lekhika.Persistence.Secrets;

/// <summary>Registers <see cref="ProviderSecrets"/>, and what encrypts them.</summary>
public static class ProviderSecretsExtensions
{
    /// <summary>Keys of providers, encrypted with the master key of the configuration: <c>LEKHIKA_SECRETS_KEY</c>, or the file that <c>LEKHIKA_SECRETS_KEY_FILE</c> names.</summary>
    /// <exception cref="InvalidOperationException">The master key cannot be used; the message says why.</exception>
    public static IServiceCollection AddProviderSecrets(this IServiceCollection services, IConfiguration configuration)
    {
        var keys = MasterKeys.Load(configuration);
        services.AddSingleton(provider => new SecretsProtection(
            keys is null ? null : Protection(keys, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<ILoggerFactory>())));
        return services.AddSingleton(provider => new ProviderSecrets(provider.GetRequiredService<SecretsProtection>().Provider));
    }

    /// <summary>A Data Protection of its own: the ring holds nothing else, and is read when it is needed, not when a service starts.</summary>
    internal static IDataProtectionProvider Protection(MasterKeys keys, NpgsqlDataSource source, ILoggerFactory logs)
    {
        var services = new ServiceCollection();
        services.AddSingleton(keys).AddSingleton(logs).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddDataProtection().SetApplicationName("lekhika");
        services.Configure<KeyManagementOptions>(ring =>
        {
            ring.XmlRepository = new KeyRingRepository(source, keys, logs.CreateLogger<KeyRingRepository>());
            ring.XmlEncryptor = new MasterKeyXmlEncryptor(keys);
        });
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }
}
