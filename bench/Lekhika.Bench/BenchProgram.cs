namespace Lekhika.Bench;

/// <summary>What <c>bench/run</c> starts when everything is built.</summary>
internal static class BenchProgram
{
    private static readonly IReadOnlyList<Bench> Benches = [StartBench.Bench, PipelineBench.Bench];

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--list"])
        {
            foreach (var bench in Benches)
            {
                Console.WriteLine($"{bench.Name,-10} {bench.About}");
            }

            return 0;
        }

        var unknown = args.Where(name => Benches.All(bench => bench.Name != name)).ToList();
        if (args.Length == 0 || unknown.Count > 0)
        {
            await Console.Error.WriteLineAsync(unknown.Count > 0 ? $"There is no bench '{unknown[0]}'; bench/run --list names them." : "Which bench? bench/run --list names them.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            foreach (var name in args)
            {
                await Benches.First(bench => bench.Name == name).RunAsync(stop.Token);
            }

            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (BenchFailedException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}

/// <summary>One bench: prints its figures itself, each as soon as it is known.</summary>
internal sealed record Bench(string Name, string About, Func<CancellationToken, Task> RunAsync);

/// <summary>What was measured did not work, so there is no figure.</summary>
internal sealed class BenchFailedException(string message) : Exception(message);
