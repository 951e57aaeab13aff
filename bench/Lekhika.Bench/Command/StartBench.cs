namespace Lekhika.Bench.Command;

/// <summary>How long a person waits: for a book from nothing, for a book on data that are there, for a system that is healthy.</summary>
internal static class StartBench
{
    private const int Runs = 3;

    public static Bench Bench { get; } = new("start", "cold and warm ./run --once, and a warm start until all is healthy", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        List<double> cold = [], warm = [], ready = [];
        for (var run = 0; run < Runs; run++)
        {
            using var data = new DataFolder();
            string[] once = ["--once", "--data", data.Path];
            cold.Add((await RunCommand.TimeAsync(once, cancellationToken)).TotalSeconds);
            warm.Add((await RunCommand.TimeAsync(once, cancellationToken)).TotalSeconds);
            await using var system = await RunningSystem.StartAsync(data, cancellationToken);
            ready.Add(system.Ready.TotalSeconds);
        }

        Figure.Print("start", "cold_once_s", "s", 1, cold);
        Figure.Print("start", "warm_once_s", "s", 1, warm);
        Figure.Print("start", "warm_ready_s", "s", 1, ready);
    }
}
