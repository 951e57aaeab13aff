using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Lekhika.ServiceDefaults;

/// <summary>A named connection string that must be there when the host starts.</summary>
internal sealed class RequiredConnectionString
{
    public string? Value { get; set; }
}

internal static class RequiredConnectionStringExtensions
{
    public static void AddRequiredConnectionString(this IHostApplicationBuilder builder, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddOptions<RequiredConnectionString>(name)
            .Configure<IConfiguration>((required, configuration) => required.Value = configuration.GetConnectionString(name))
            .Validate(
                required => !string.IsNullOrWhiteSpace(required.Value),
                $"The connection string '{name}' is missing. Start the service through the AppHost, or set the environment variable ConnectionStrings__{name}.")
            .ValidateOnStart();
    }

    /// <exception cref="OptionsValidationException">The connection string is missing; the message says how to set it.</exception>
    public static string GetRequiredConnectionString(this IServiceProvider services, string name) =>
        services.GetRequiredService<IOptionsMonitor<RequiredConnectionString>>().Get(name).Value!;
}
