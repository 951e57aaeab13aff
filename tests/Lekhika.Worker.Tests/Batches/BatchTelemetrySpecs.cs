using System.Collections.Concurrent;
using System.Diagnostics;
using Lekhika.Testing.Runs;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Batches;

namespace Lekhika.Worker.Tests.Batches;

public sealed class BatchTelemetrySpecs
{
    [Fact]
    public async Task What_is_asked_of_the_batch_interface_stands_in_the_trace_of_the_run()
    {
        var trace = ActivityTraceId.CreateRandom();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GenAiTelemetry.Source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.Making = number => number == 1 ? Testing.Models.Batches.BatchMaking.Busy : Testing.Models.Batches.BatchMaking.Well;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, traceParent: $"00-{trace}-{ActivitySpanId.CreateRandom()}-01", economyHours: 24);
        await run.UntilAsync("exporting");

        var spans = ended.Where(span => span.TraceId == trace && span.GetTagItem(BatchTelemetry.BatchId) is not null).ToList();
        var made = spans.Where(span => span.OperationName == "create_batch quill-1").ToList();
        made.Select(span => span.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset], "busy, then made");
        made.ShouldAllBe(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem(BatchTelemetry.Calls), 2) && Equals(span.GetTagItem(WorkerTelemetry.ExecutionId), run.Id) && Equals(span.GetTagItem(GenAiTelemetry.ProviderName), "openai"));
        made[0].GetTagItem(WorkerTelemetry.ErrorType).ShouldBe("rate_limited");
        spans.ShouldContain(span => span.OperationName == "retrieve_batch quill-1" && span.GetTagItem(BatchTelemetry.ProviderBatchId) != null);
    }
}
