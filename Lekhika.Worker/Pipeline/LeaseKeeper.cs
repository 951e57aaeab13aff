using Lekhika.Persistence.Runs;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// The heartbeat: renews all leases of this process three times in a lease's length. A run that another worker took is let go at
/// the first answer that says so. While the database is away nobody can take a run, so the work goes on; its commits wait.
/// </summary>
internal sealed partial class LeaseKeeper(RunQueue queue, ActiveRuns active, IOptions<WorkerOptions> options, TimeProvider time, ILogger<LeaseKeeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lease = options.Value.Lease;
        using var timer = new PeriodicTimer(lease / 3, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (active.Leases is not { Count: > 0 } held)
            {
                continue;
            }

            // A connection that hangs must not hold up the next beat.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(lease / 3);
            try
            {
                foreach (var lost in await queue.RenewAsync(held, lease, limit.Token))
                {
                    await active.LoseAsync(lost);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                NotRenewed(log, held.Count, error.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The leases of {Count} runs were not renewed: {Reason}")]
    private static partial void NotRenewed(ILogger log, int count, string reason);
}
