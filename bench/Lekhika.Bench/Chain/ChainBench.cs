using System.Diagnostics;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Simulated;
using Microsoft.Extensions.AI;

namespace Lekhika.Bench.Chain;

/// <summary>
/// What limits, resilience and telemetry cost a call of a model behind HTTP that answers after 200 ms: one call at a time, and 200 that
/// begin in the same moment, each beside the adapter alone. Then three processes that share a limit of requests: the most in any window.
/// </summary>
internal static class ChainBench
{
    private const string Name = "chain";
    private const int AtOnce = 200;
    private const int WarmUps = 3;
    private const int Rounds = 15;
    private const int Alone = 4;
    private const int Requests = 100;
    private const int Windows = 8;
    private const int SharedRuns = 3;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    public static Bench Bench { get; } = new(Name, "limits and resilience of a model's calls: over the fixed latency, in bytes; three processes that share a limit", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var data = new DataFolder();
        await using var servers = await TestServers.StartAsync(cancellationToken);
        await using (var model = await SimulatedModelProcess.StartAsync(data["model.log"], Latency))
        using (var clients = new ChainClients(model.Address, servers.Redis))
        {
            await OverheadAsync([("adapter", clients.Adapter), ("resilience", clients.Resilience), ("limits", clients.Limits), ("chain", clients.Chain)], cancellationToken);
        }

        await SharedAsync(servers.Redis, cancellationToken);
    }

    /// <summary>Rounds of all take turns, so that what else the machine does falls on each.</summary>
    private static async Task OverheadAsync((string Name, IChatClient Client)[] clients, CancellationToken cancellationToken)
    {
        var figures = clients.ToDictionary(client => client.Name, _ => new RoundFigures());
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            foreach (var (name, client) in clients)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var calls = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CallAsync(client, cancellationToken)));
                var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)AtOnce;
                var alone = new List<double>();
                for (var call = 0; call < Alone; call++)
                {
                    alone.Add(await CallAsync(client, cancellationToken));
                }

                if (round >= WarmUps)
                {
                    figures[name].Add(calls, alone, bytes);
                }
            }
        }

        foreach (var (name, rounds) in figures)
        {
            Figure.Print(Name, $"{name}_alone_overhead_ms", "ms", 1, rounds.Alone);
            Figure.Print(Name, $"{name}_overhead_ms_p50", "ms", AtOnce, rounds.Medians);
            Figure.Print(Name, $"{name}_overhead_ms_p99", "ms", AtOnce, rounds.Worst);
            Figure.Print(Name, $"{name}_bytes_per_call", "bytes", AtOnce, rounds.Bytes);
        }
    }

    /// <summary>Milliseconds over the latency.</summary>
    private static async Task<double> CallAsync(IChatClient client, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.GetTimestamp();
        await foreach (var update in client.GetStreamingResponseAsync("Tell me of a road.", cancellationToken: cancellationToken))
        {
        }

        return (Stopwatch.GetElapsedTime(clock) - Latency).TotalMilliseconds;
    }

    private static async Task SharedAsync(string redis, CancellationToken cancellationToken)
    {
        List<double> most = [], share = [];
        for (var run = 0; run < SharedRuns; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var order = new LimitedCalls(redis, $"bench-{run}:", 16) { Requests = Requests, WindowMs = (int)Window.TotalMilliseconds };
            var processes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LimitedCallerProcess.StartAsync(order)));
            await Task.WhenAll(processes.Select(process => process.BeganAsync(1)));
            await Task.Delay(Window * Windows, cancellationToken);
            var calls = processes.SelectMany(process => process.Calls).ToList();
            most.Add(calls.MostInAnyWindow(Window));
            share.Add(calls.Count / ((calls.Max(call => call.From) - calls.Min(call => call.From)) / Window.TotalMicroseconds + 1) / Requests);
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }

        Figure.Print(Name, "shared_requests_in_any_window", "requests", Requests, most);
        Figure.Print(Name, "shared_share_of_the_limit_used", "ratio", Requests, share);
    }

    private sealed class RoundFigures
    {
        public List<double> Alone { get; } = [];

        public List<double> Medians { get; } = [];

        public List<double> Worst { get; } = [];

        public List<double> Bytes { get; } = [];

        public void Add(double[] calls, IReadOnlyCollection<double> alone, double bytes)
        {
            Alone.Add(Figure.Quantile(alone, 0.5));
            Medians.Add(Figure.Quantile(calls, 0.5));
            Worst.Add(Figure.Quantile(calls, 0.99));
            Bytes.Add(bytes);
        }
    }
}
