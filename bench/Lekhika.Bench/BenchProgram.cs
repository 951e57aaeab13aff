using System.Runtime.InteropServices;
using Lekhika.Bench.Chain;
using Lekhika.Bench.Command;
using Lekhika.Bench.Export;
using Lekhika.Bench.Queue;

namespace Lekhika.Bench;

/// <summary>What <c>bench/run</c> starts when everything is built.</summary>
internal static class BenchProgram
{
    /// <summary>Of one bench; all of them are far below it, and nothing may hang.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly IReadOnlyList<Bench> Benches = [StartBench.Bench, BookBench.Bench, PipelineBench.Bench, QueueBench.Bench, TakeoverBench.Bench, ChainBench.Bench, ExportBench.Bench];

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
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        foreach (var name in args)
        {
            if (await RunAsync(Benches.First(bench => bench.Name == name), stop.Token) is not 0 and var exitCode)
            {
                return exitCode;
            }
        }

        return 0;

        void Stop(PosixSignalContext signal)
        {
            // Not at once: what the bench has started ends first.
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> RunAsync(Bench bench, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            await bench.RunAsync(limit.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The bench '{bench.Name}' was not done within {Limit.TotalMinutes} minutes.");
            return 1;
        }
        catch (BenchFailedException error)
        {
            await Console.Error.WriteLineAsync($"The bench '{bench.Name}' failed: {error.Message}");
            return 1;
        }
    }
}

/// <summary>One bench: prints its figures itself, each as soon as it is known.</summary>
internal sealed record Bench(string Name, string About, Func<CancellationToken, Task> RunAsync);

/// <summary>What was measured did not work, so there is no figure.</summary>
internal sealed class BenchFailedException(string message, Exception? inner = null) : Exception(message, inner);
