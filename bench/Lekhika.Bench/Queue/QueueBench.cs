using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Queue;

/// <summary>The way into and through the queue, and what waiting and running runs cost a worker.</summary>
internal static class QueueBench
{
    public const string Name = "queue";

    private const int Users = 50;
    private const int WarmUp = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static Bench Bench { get; } = new(Name, "start latency, drain, submissions a second, memory with 1,000 waiting and 200 running runs", RunAsync);

    private static Task RunAsync(CancellationToken cancellationToken) => EngineSystem.RunAsync(
        Users,
        async system =>
        {
            var oneNode = await RunTemplate.CaptureAsync(system, OneNodeEngine.Key, Order.BookOf(1));
            var book = await RunTemplate.CaptureAsync(system, Order.BookEngine, Order.Book);
            await using (var worker = await system.StartWorkerAsync("none"))
            {
                await (await oneNode.QueueAsync(WarmUp)).UntilDoneAsync(Limit);
                await StartLatency.MeasureAsync(system, cancellationToken);
                await Drain.MeasureAsync(system, oneNode);
            }

            await WaitingMemory.MeasureAsync(system, book, cancellationToken);
            // Last, since nobody works on these: a worker would take its share of the machine.
            await SubmissionRate.MeasureAsync(system);
        },
        cancellationToken);
}
