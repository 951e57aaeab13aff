using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lekhika.ServiceDefaults.Telemetry;

internal static class DefaultLogLevels
{
    /// <summary>Hushes a category that would log a line for each thing it does; <c>Logging:LogLevel:{category}</c> overrides it.</summary>
    // Of two rules for one category the later wins: first in the list, so that any configured level does.
    public static void LogWarningsOnly(this IServiceCollection services, string category) =>
        services.Configure<LoggerFilterOptions>(options =>
            options.Rules.Insert(0, new LoggerFilterRule(providerName: null, category, LogLevel.Warning, filter: null)));
}
