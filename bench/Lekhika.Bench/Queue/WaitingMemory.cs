using System.Diagnostics;
using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Queue;

/// <summary>A worker's resident memory while it writes 200 books and 1,000 more wait in the queue.</summary>
internal static class WaitingMemory
{
    private const int Running = 200;
    private const int Waiting = 1_000;
    private const int WarmUp = 8;
    private const int MaxSamples = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a new run in this time the worker is full: it looks at the queue every second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(EngineSystem system, RunTemplate book, CancellationToken cancellationToken)
    {
        await using var worker = await system.StartWorkerAsync("book");
        await (await book.QueueAsync(WarmUp)).UntilDoneAsync(Limit);
        var runs = await book.QueueAsync(Running);
        var most = await GrowAsync(runs, cancellationToken);
        if (most < Running)
        {
            await Console.Error.WriteLineAsync($"waiting_rss_mib: with its default settings the worker runs {most} of {Running} runs at once, so that many are measured.");
        }

        await system.Database.PauseAsync(paused: true);
        await book.QueueAsync(Waiting);
        var samples = new List<double>();
        // As long as nearly all of them run: the first ones end after a second or more.
        while (samples.Count < MaxSamples && await RunningAsync(runs) >= most * 0.9)
        {
            samples.Add(ProcessMemory.Resident(worker.Id));
            await Task.Delay(Interval, cancellationToken);
        }

        if (samples.Count == 0)
        {
            throw new BenchFailedException($"The {most} running books ended before {Waiting} more were queued, so there is nothing to measure.");
        }

        Figure.Print(QueueBench.Name, "waiting_rss_mib", "MiB", most + Waiting, samples);
    }

    /// <summary>Waits until all run, or their number has stopped growing; returns it.</summary>
    private static async Task<int> GrowAsync(RunSet runs, CancellationToken cancellationToken)
    {
        var (most, clock) = (0, Stopwatch.StartNew());
        while (most < Running && clock.Elapsed < (most == 0 ? Limit : Patience))
        {
            if (await RunningAsync(runs) is var now && now > most)
            {
                most = now;
                clock.Restart();
            }

            await Task.Delay(Interval, cancellationToken);
        }

        return most > 0 ? most : throw new BenchFailedException("The worker took none of the queued books.");
    }

    private static Task<int> RunningAsync(RunSet runs) =>
        runs.Database.AskAsync<int>("SELECT count(*)::int FROM engine_executions WHERE id = ANY($1) AND status = 'running'", runs.Ids);
}
