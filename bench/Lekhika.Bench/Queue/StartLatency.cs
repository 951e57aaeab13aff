using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Queue;

/// <summary>
/// From the submission's call until the run's first node is begun in another process, at a steady pace that nothing waits for. Both
/// moments are by the machine's one clock.
/// </summary>
internal static class StartLatency
{
    private const int Submissions = 600;

    /// <summary>The figures' spread is that of the thirds.</summary>
    private const int Parts = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(EngineSystem system, CancellationToken cancellationToken)
    {
        // A few first, for the code of both processes.
        await SubmitAsync(system, 40, cancellationToken);
        var latencies = await SubmitAsync(system, Submissions, cancellationToken);
        Print("start_latency_p50_ms", latencies, 0.5);
        Print("start_latency_p99_ms", latencies, 0.99);
    }

    private static async Task<IReadOnlyList<double>> SubmitAsync(EngineSystem system, int count, CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(Pace);
        var calls = new List<Task<(Guid Run, long Called)>>();
        while (calls.Count < count && await beat.WaitForNextTickAsync(cancellationToken))
        {
            calls.Add(SubmitAsync(system));
        }

        var called = await Task.WhenAll(calls);
        var runs = new RunSet(system.Database, [.. called.Select(call => call.Run)]);
        await runs.UntilDoneAsync(Limit);
        var starts = await system.Database.ListAsync<long>($"""
            SELECT min({RunSet.StepStarted}) FROM unnest($1) WITH ORDINALITY AS run (id, place)
            JOIN execution_events ON execution_id = run.id AND type = 'step.completed' GROUP BY place ORDER BY place
            """, runs.Ids);
        return starts.Count == count
            ? [.. starts.Zip(called, (start, call) => (start - call.Called) / 1_000.0)]
            : throw new BenchFailedException($"The journal tells of the first nodes of {starts.Count} runs; {count} were submitted.");
    }

    private static async Task<(Guid Run, long Called)> SubmitAsync(EngineSystem system)
    {
        var called = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return (await system.Api.SubmitAsync(OneNodeEngine.Key, Order.BookOf(1)), called);
    }

    private static void Print(string metric, IReadOnlyList<double> latencies, double share) => Figure.Print(
        QueueBench.Name, metric, "ms", latencies.Count, [.. latencies.Chunk(latencies.Count / Parts).Select(part => Figure.Quantile(part, share))], Figure.Quantile(latencies, share));
}
