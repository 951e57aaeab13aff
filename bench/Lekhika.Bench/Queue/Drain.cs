using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Queue;

/// <summary>How fast one worker process works off runs of one node, from its first claim to the last run's end, by the database's clock.</summary>
internal static class Drain
{
    private const int Runs = 5_000;
    private const int Rounds = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task MeasureAsync(EngineSystem system, RunTemplate oneNode)
    {
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await system.Database.ExecuteAsync("CHECKPOINT");
            var runs = await oneNode.QueueAsync(Runs);
            await runs.UntilDoneAsync(Limit);
            rates.Add(Runs / await runs.SecondsAsync());
        }

        Figure.Print(QueueBench.Name, "drain_runs_per_s", "runs/s", Runs, rates);
    }
}
