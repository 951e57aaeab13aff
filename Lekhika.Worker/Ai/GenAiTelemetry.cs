using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lekhika.Worker.Ai;

/// <summary>Names by the OpenTelemetry semantic conventions for generative AI (client spans and metrics, v1.38).</summary>
internal static class GenAiTelemetry
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string OutputType = "gen_ai.output.type";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseFinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string Chat = "chat";

    private static readonly Meter Meter = new("Lekhika.Worker.Ai");

    public static ActivitySource Source { get; } = new("Lekhika.Worker.Ai");

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Duration of a call of a model.");

    public static Histogram<double> TimeToFirstChunk { get; } = Meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "From the request to the first piece of the answer.");

    public static Histogram<double> TimePerOutputChunk { get; } = Meter.CreateHistogram<double>("gen_ai.client.operation.time_per_output_chunk", "s", "From one piece of an answer to the next.");

    public static Histogram<long> TokenUsage { get; } = Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a call of a model.");
}
