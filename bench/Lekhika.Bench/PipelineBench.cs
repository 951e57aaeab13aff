using System.Diagnostics;
using Lekhika.Bench.Engine;

namespace Lekhika.Bench;

/// <summary>
/// Books by the simulated model. One at a time with the schedule's latencies: wall time from the submission until the handover is durable,
/// over the ideal schedule, and the overhead of a node. 50 and 500 at once without latencies: the engine's own speed, memory and log.
/// </summary>
internal static class PipelineBench
{
    private const string Name = "pipeline";
    private const int Users = 25;
    private const int WarmUps = 2;
    private const int Books = 11;
    private const int Rounds = 5;

    /// <summary>No look before a book can be done; after that a dense row of them.</summary>
    private static readonly TimeSpan Quiet = BookSchedule.Ideal - TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Dense = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan OneLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ManyLimit = TimeSpan.FromMinutes(2);

    public static Bench Bench { get; } = new(Name, "books by a simulated model: one over its ideal schedule; 50 and 500 at once: speed, memory, log", RunAsync);

    private static Task RunAsync(CancellationToken cancellationToken) => EngineSystem.RunAsync(
        Users,
        async system =>
        {
            var template = await RunTemplate.CaptureAsync(system, Order.BookEngine, Order.Book);
            await OneByOneAsync(system, cancellationToken);
            await ManyAtOnceAsync(system, template);
        },
        cancellationToken);

    private static async Task OneByOneAsync(EngineSystem system, CancellationToken cancellationToken)
    {
        await using var worker = await system.StartWorkerAsync("book");
        var walls = new List<TimeSpan>();
        for (var book = 0; book < WarmUps + Books; book++)
        {
            walls.Add(await WriteAsync(system, cancellationToken));
        }

        var measured = walls.Skip(WarmUps).ToList();
        Figure.Print(Name, "wall_over_ideal", "ratio", BookSchedule.Nodes, [.. measured.Select(wall => wall / BookSchedule.Ideal)]);
        Figure.Print(Name, "overhead_per_node_ms", "ms", BookSchedule.Nodes, [.. measured.Select(wall => (wall - BookSchedule.Ideal).TotalMilliseconds / BookSchedule.Nodes)]);
        await worker.StopAsync();
    }

    /// <summary>From the submission until another connection sees the handover, which it does not before it is on disk.</summary>
    private static async Task<TimeSpan> WriteAsync(EngineSystem system, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var run = await system.Api.SubmitAsync(Order.BookEngine, Order.Book);
        var quiet = Quiet - clock.Elapsed;
        await Task.Delay(quiet > TimeSpan.Zero ? quiet : TimeSpan.Zero, cancellationToken);
        await system.Database.UntilAsync(Dense, OneLimit, "the handover of a book", "SELECT status NOT IN ('queued', 'running') FROM engine_executions WHERE id = $1", run);
        var wall = clock.Elapsed;
        await new RunSet(system.Database, [run]).UntilDoneAsync(OneLimit);
        return wall;
    }

    private static async Task ManyAtOnceAsync(EngineSystem system, RunTemplate template)
    {
        await using var worker = await system.StartWorkerAsync("none");
        await (await template.QueueAsync(100)).UntilDoneAsync(ManyLimit);
        foreach (var count in new[] { 50, 500 })
        {
            List<double> seconds = [], peaks = [], logs = [];
            for (var round = 0; round < Rounds; round++)
            {
                ProcessMemory.ForgetPeak(worker.Id);
                // The same state of the log for each round: a page's first change after a checkpoint writes the whole page.
                await system.Database.ExecuteAsync("CHECKPOINT");
                var before = await WrittenAsync(system);
                var runs = await template.QueueAsync(count);
                await runs.UntilDoneAsync(ManyLimit);
                logs.Add((await WrittenAsync(system) - before) / count);
                peaks.Add(ProcessMemory.Peak(worker.Id));
                seconds.Add(await runs.SecondsAsync());
            }

            Figure.Print(Name, $"nodes_per_s_{count}", "nodes/s", count * BookSchedule.Nodes, [.. seconds.Select(all => count * BookSchedule.Nodes / all)]);
            Figure.Print(Name, $"runs_per_s_{count}", "runs/s", count, [.. seconds.Select(all => count / all)]);
            if (count == 500)
            {
                Figure.Print(Name, "peak_rss_mib", "MiB", count, peaks);
                Figure.Print(Name, "wal_bytes_per_run", "bytes", count, logs);
            }
        }
    }

    /// <summary>Bytes of the write-ahead log so far, submissions among them.</summary>
    private static Task<double> WrittenAsync(EngineSystem system) => system.Database.AskAsync<double>("SELECT (pg_current_wal_lsn() - '0/0')::float8");
}
