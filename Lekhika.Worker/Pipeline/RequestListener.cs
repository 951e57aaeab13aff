using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Brings what people ask of running runs (stop, pause, a word to a preview) to their loops: at once by a wake-up, at the next poll
/// when Redis is away.
/// </summary>
internal sealed partial class RequestListener(RunQueue queue, ActiveRuns active, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RequestListener> log) : BackgroundService
{
    private readonly WakeUp _wakeUp = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = signals.ListenAsync(WakeUpTopic.Requests, _wakeUp.Ring, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wakeUp.WaitAsync(options.Value.Poll, stoppingToken);
            if (active.Count == 0)
            {
                continue;
            }

            try
            {
                foreach (var lease in await queue.RequestedAsync(options.Value.Name, stoppingToken))
                {
                    active.Tell(lease);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                NotAsked(log, error.Message);
            }
        }

        await listening;
    }

    [LoggerMessage(LogLevel.Warning, "Requests to running runs were not read: {Reason}")]
    private static partial void NotAsked(ILogger log, string reason);
}
