using System.Diagnostics;
using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Queue;

/// <summary>How many books a second the Api takes from callers of whom each waits for its answer.</summary>
internal static class SubmissionRate
{
    private const int Callers = 16;
    private const int Rounds = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public static async Task MeasureAsync(EngineSystem system)
    {
        await SubmitAsync(system, WarmUp);
        List<double> rates = [], sizes = [];
        for (var round = 0; round < Rounds; round++)
        {
            await system.Database.ExecuteAsync("CHECKPOINT");
            var (submitted, seconds) = await SubmitAsync(system, Round);
            sizes.Add(submitted);
            rates.Add(submitted / seconds);
        }

        Figure.Print(QueueBench.Name, "submissions_per_s", "submissions/s", (int)Figure.Quantile(sizes, 0.5), rates);
    }

    private static async Task<(int Submitted, double Seconds)> SubmitAsync(EngineSystem system, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var submitted = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            var own = 0;
            for (; clock.Elapsed < duration; own++)
            {
                await system.Api.SubmitAsync(Order.BookEngine, Order.Book);
            }

            return own;
        }));
        return (submitted.Sum(), clock.Elapsed.TotalSeconds);
    }
}
