using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// The heartbeat: renews all leases of this process three times in a lease's length. A run that another worker took is let go at
/// once; when the database was out of reach for a whole lease, all are, since anybody may hold them by now.
/// </summary>
internal sealed partial class LeaseKeeper(RunQueue queue, ActiveRuns active, IOptions<WorkerOptions> options, TimeProvider time, ILogger<LeaseKeeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lease = options.Value.Lease;
        using var timer = new PeriodicTimer(lease / 3, time);
        var renewed = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var held = active.Leases;
            if (held.Count == 0)
            {
                renewed = time.GetTimestamp();
                continue;
            }

            try
            {
                var asked = time.GetTimestamp();
                foreach (var lost in await queue.RenewAsync(held, lease, stoppingToken))
                {
                    await active.LoseAsync(lost);
                }

                renewed = asked;
            }
            catch (Exception error) when (DatabaseFaults.IsAway(error))
            {
                NotRenewed(log, held.Count, error.Message);
                if (time.GetElapsedTime(renewed) > lease)
                {
                    foreach (var lost in held)
                    {
                        await active.LoseAsync(lost);
                    }
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The leases of {Count} runs were not renewed: {Reason}")]
    private static partial void NotRenewed(ILogger log, int count, string reason);
}
