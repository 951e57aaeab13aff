using System.Diagnostics;
using Lekhika.Persistence.Batches;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// A span for each request to a batch interface, in the trace of the batch's run, and the tokens of each line. The conventions for generative AI know no
/// batches: operations have names of their own, everything else is named as in ordinary calls.
/// </summary>
internal static class BatchTelemetry
{
    public const string BatchId = "lekhika.batch.id";
    public const string Calls = "lekhika.batch.calls";

    /// <summary>The provider's name for the batch.</summary>
    public const string ProviderBatchId = "lekhika.batch.provider_id";

    public static Activity? Start(BatchOperation operation, StoredBatch batch)
    {
        var name = operation switch { BatchOperation.Make => "create_batch", BatchOperation.Find => "find_batch", BatchOperation.Look => "retrieve_batch", _ => "cancel_batch" };
        var run = ActivityContext.TryParse(batch.TraceParent, null, isRemote: true, out var request) ? request : default;
        return GenAiTelemetry.Source.StartActivity($"{name} {batch.Model}", ActivityKind.Client, run)
            ?.SetTag(GenAiTelemetry.OperationName, name)
            .SetTag(GenAiTelemetry.ProviderName, batch.Provider)
            .SetTag(GenAiTelemetry.RequestModel, batch.Model)
            .SetTag(WorkerTelemetry.ExecutionId, batch.ExecutionId)
            .SetTag(BatchId, batch.Id)
            .SetTag(Calls, batch.Calls.Count)
            .SetTag(ProviderBatchId, batch.ProviderBatchId);
    }

    /// <summary>What the provider has counted for one line.</summary>
    public static void Count(StoredBatch batch, BatchLine line)
    {
        if (line.Tokens is { } tokens)
        {
            GenAiTelemetry.TokenUsage.Record(tokens.Input, Tags(batch, "input"));
            GenAiTelemetry.TokenUsage.Record(tokens.Output, Tags(batch, "output"));
        }
    }

    private static TagList Tags(StoredBatch batch, string type) => new()
    {
        { GenAiTelemetry.OperationName, GenAiTelemetry.Chat },
        { GenAiTelemetry.ProviderName, batch.Provider },
        { GenAiTelemetry.RequestModel, batch.Model },
        { GenAiTelemetry.TokenType, type },
    };
}

/// <summary>What is asked of a batch interface.</summary>
internal enum BatchOperation
{
    Make,
    Find,
    Look,
    Cancel,
}
