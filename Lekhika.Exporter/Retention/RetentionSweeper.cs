using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Retention;

/// <summary>Sweeps from time to time, first a minute after the start: exporters that are restarted every day sweep, too.</summary>
internal sealed partial class RetentionSweeper(RetentionSweep sweep, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionSweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromMinutes(options.Value.SweepMinutes);
        for (var wait = TimeSpan.FromMinutes(1); !stoppingToken.IsCancellationRequested; wait = interval)
        {
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                await sweep.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was, the next sweep finds the same.
                NotSwept(log, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old files were not looked for.")]
    private static partial void NotSwept(ILogger log, Exception error);
}

internal static class RetentionRegistration
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration("Retention").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RetentionSweep>();
        services.AddHostedService<RetentionSweeper>();
        return services;
    }
}
