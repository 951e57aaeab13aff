using System.Globalization;
using Lekhika.Bench.Engine;
using Lekhika.Testing.Otlp;
using Lekhika.Testing.Processes;

namespace Lekhika.Bench;

/// <summary>
/// Two workers. How long a stop takes that reaches calls of the model. Then the one that writes a book is killed (SIGKILL) in the middle of its chapters. How long until a node is begun elsewhere, and
/// how many of the chapters that were on disk the other worker writes again, by its own spans.
/// </summary>
internal static class TakeoverBench
{
    private const string Name = "takeover";
    private const int Users = 4;
    private const int Kills = 5;
    private const int Stops = 20;
    private const int DurableChapters = 5;
    private const string ChapterTag = "lekhika.chapter.number";

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static Bench Bench { get; } = new(Name, "from a stop to its end; from a worker's SIGKILL to the next node elsewhere; finished chapters asked again", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var telemetry = await OtlpSink.StartAsync();
        await EngineSystem.RunAsync(Users, telemetry.Endpoint, system => RunAsync(system, telemetry, cancellationToken), cancellationToken);
    }

    private static async Task RunAsync(EngineSystem system, OtlpSink telemetry, CancellationToken cancellationToken)
    {
        List<ServiceProcess> workers = [await system.StartWorkerAsync("book"), await system.StartWorkerAsync("book")];
        await StopAsync(system, workers, cancellationToken);
        List<double> seconds = [], again = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            await WarmUpAsync(system, workers, cancellationToken);
            var run = await system.Api.SubmitAsync(Order.BookEngine, Order.Book);
            await system.Database.UntilAsync(Often, Limit, $"{DurableChapters} chapters on disk", "SELECT count(*) >= $2 FROM chapter_versions WHERE execution_id = $1", run, DurableChapters);
            var holder = await HolderAsync(system, workers, run);
            var killed = TimeProvider.System.GetUtcNow();
            await holder.KillAsync();
            await new RunSet(system.Database, [run]).UntilDoneAsync(Limit);
            seconds.Add((await NextStartAsync(system, run, killed) - killed).TotalSeconds);
            again.Add(await AskedAgainAsync(system, telemetry, run, killed));
            workers.Remove(holder);
            workers.Add(await system.StartWorkerAsync("book"));
        }

        Figure.Print(Name, "takeover_s", "s", 1, seconds);
        Figure.Print(Name, "finished_chapters_asked_again", "chapters", BookSchedule.Chapters, again);
    }

    /// <summary>From a stop, asked in the middle of eight chapters, until the run is stopped; both by the database's clock.</summary>
    private static async Task StopAsync(EngineSystem system, List<ServiceProcess> workers, CancellationToken cancellationToken)
    {
        await WarmUpAsync(system, workers, cancellationToken);
        var seconds = new List<double>();
        for (var stop = 0; stop < Stops; stop++)
        {
            var run = await system.Api.SubmitAsync(Order.BookEngine, Order.Book);
            await system.Database.UntilAsync(Often, Limit, $"{DurableChapters} chapters on disk", "SELECT count(*) >= $2 FROM chapter_versions WHERE execution_id = $1", run, DurableChapters);
            await system.Api.StopAsync(await system.Database.AskAsync<Guid>("SELECT user_id FROM engine_executions WHERE id = $1", run), run);
            await system.Database.UntilAsync(Often, Limit, "the stop", "SELECT status = 'stopped' FROM engine_executions WHERE id = $1", run);
            seconds.Add(await system.Database.AskAsync<double?>("""
                SELECT extract(epoch FROM max(created_at) FILTER (WHERE type = 'run.stopped') - max(created_at) FILTER (WHERE type = 'run.stop_requested'))::float8
                FROM execution_events WHERE execution_id = $1
                """, run) ?? throw new BenchFailedException("The journal tells of no stop."));
        }

        Figure.Print(Name, "stop_s", "s", 1, seconds);
    }

    /// <summary>Short books, until each worker has had one: whichever takes over has its code compiled.</summary>
    private static async Task WarmUpAsync(EngineSystem system, List<ServiceProcess> workers, CancellationToken cancellationToken)
    {
        for (var round = 0; round < 5; round++)
        {
            var ids = new List<Guid>();
            for (var book = 0; book < 12; book++)
            {
                ids.Add(await system.Api.SubmitAsync(Order.BookEngine, Order.BookOf(1)));
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }

            await new RunSet(system.Database, [.. ids]).UntilDoneAsync(Limit);
            var claimed = await system.Database.ListAsync<string>("SELECT DISTINCT data->>'worker' FROM execution_events WHERE type = 'run.claimed' AND execution_id = ANY($1)", ids.ToArray());
            if (workers.TrueForAll(worker => claimed.Any(name => IsNameOf(name, worker))))
            {
                return;
            }
        }
    }

    private static async Task<ServiceProcess> HolderAsync(EngineSystem system, List<ServiceProcess> workers, Guid run)
    {
        var name = await system.Database.AskAsync<string>("SELECT data->>'worker' FROM execution_events WHERE execution_id = $1 AND type = 'run.claimed' ORDER BY seq DESC LIMIT 1", run);
        return workers.Find(worker => IsNameOf(name, worker)) ?? throw new BenchFailedException($"The book is held by '{name}', which is none of the bench's workers.");
    }

    /// <summary>A worker's name is by default the machine's, the process id and, in newer versions, chance.</summary>
    private static bool IsNameOf(string? name, ServiceProcess worker) => $"{name}-".Contains($"-{worker.Id}-", StringComparison.Ordinal);

    private static async Task<DateTimeOffset> NextStartAsync(EngineSystem system, Guid run, DateTimeOffset killed)
    {
        var next = await system.Database.AskAsync<long?>($"""
            SELECT min({RunSet.StepStarted}) FROM execution_events WHERE execution_id = $1 AND type = 'step.completed' AND seq > {Takeover}
            """, run, killed) ?? throw new BenchFailedException("The book has ended, but no other worker did a step of it: it was killed too late.");
        return DateTimeOffset.UnixEpoch.AddMicroseconds(next);
    }

    private static async Task<double> AskedAgainAsync(EngineSystem system, OtlpSink telemetry, Guid run, DateTimeOffset killed)
    {
        var durable = await system.Database.ListAsync<int>($"""
            SELECT item FROM execution_events WHERE execution_id = $1 AND type = 'step.completed' AND item > 0 AND seq < {Takeover}
            """, run, killed);
        var rest = Enumerable.Range(1, BookSchedule.Chapters).Except(durable).ToList();
        // The killed one begins no span any more, and nobody writes another book, so later spans of chapters are the other worker's, of this
        // book. They are all there when the chapters are that had to be written anyway.
        var spans = await telemetry.Spans.WaitForAsync(all => rest.TrueForAll(chapter => ChaptersOf(all, killed).Contains(chapter)), Limit);
        return ChaptersOf(spans, killed).Intersect(durable).Count();
    }

    private static HashSet<int> ChaptersOf(IReadOnlyList<ReceivedSpan> spans, DateTimeOffset since) =>
        [.. spans.Where(span => span.Start >= since).Select(span => span[ChapterTag]).OfType<string>().Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The number of the claim after the kill ($2); what has a smaller one was on disk before.</summary>
    private const string Takeover = "(SELECT min(seq) FROM execution_events WHERE execution_id = $1 AND type = 'run.claimed' AND created_at > $2)";
}
