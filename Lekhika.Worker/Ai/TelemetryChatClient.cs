using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>A span and the metrics for each call of a model; prompts and answers are not recorded.</summary>
internal sealed class TelemetryChatClient(IChatClient inner, TimeProvider time) : DelegatingChatClient(inner)
{
    private readonly ChatClientMetadata? _metadata = inner.GetService<ChatClientMetadata>();

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var call = Start(options);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            call.Answered(response);
            return response;
        }
        catch (Exception error)
        {
            call.Failed(error);
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = Start(options);
        var updates = new List<ChatResponseUpdate>();
        await using var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await stream.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception error)
            {
                call.Failed(error);
                throw;
            }

            call.Got(stream.Current);
            // Texts are not kept twice: the caller has them. Most pieces say nothing else, once the first has.
            if (updates.Count == 0 || stream.Current.FinishReason is not null || !stream.Current.Contents.All(content => content is TextContent))
            {
                updates.Add(new ChatResponseUpdate
                {
                    ModelId = stream.Current.ModelId,
                    ResponseId = stream.Current.ResponseId,
                    FinishReason = stream.Current.FinishReason,
                    Contents = [.. stream.Current.Contents.OfType<UsageContent>()],
                });
            }

            yield return stream.Current;
        }

        call.Answered(updates.ToChatResponse());
    }

    private Call Start(ChatOptions? options)
    {
        var model = options?.ModelId ?? _metadata?.DefaultModelId;
        var span = GenAiTelemetry.Source.StartActivity($"{GenAiTelemetry.Chat} {model}", ActivityKind.Client);
        span?.SetTag(GenAiTelemetry.OperationName, GenAiTelemetry.Chat)
            .SetTag(GenAiTelemetry.ProviderName, _metadata?.ProviderName)
            .SetTag(GenAiTelemetry.RequestModel, model)
            .SetTag(GenAiTelemetry.RequestTemperature, options?.Temperature)
            .SetTag(GenAiTelemetry.RequestMaxTokens, options?.MaxOutputTokens)
            .SetTag(GenAiTelemetry.RequestSeed, options?.Seed)
            .SetTag(GenAiTelemetry.OutputType, options?.ResponseFormat is ChatResponseFormatJson ? "json" : "text");
        return new Call(span, time, _metadata?.ProviderName, model);
    }

    private sealed class Call(Activity? span, TimeProvider time, string? provider, string? model) : IDisposable
    {
        private readonly long _started = time.GetTimestamp();
        private string? _errorType;
        private long? _lastPiece;

        /// <summary>A piece of the answer; the first one ends the wait, the others have times between them.</summary>
        public void Got(ChatResponseUpdate update)
        {
            if (update.Text.Length == 0)
            {
                return;
            }

            var now = time.GetTimestamp();
            (_lastPiece is not null ? GenAiTelemetry.TimePerOutputChunk : GenAiTelemetry.TimeToFirstChunk)
                .Record(time.GetElapsedTime(_lastPiece ?? _started, now).TotalSeconds, Tags());
            _lastPiece = now;
        }

        public void Answered(ChatResponse response)
        {
            span?.SetTag(GenAiTelemetry.ResponseModel, response.ModelId).SetTag(GenAiTelemetry.ResponseId, response.ResponseId);
            if (response.FinishReason is { } reason)
            {
                span?.SetTag(GenAiTelemetry.ResponseFinishReasons, new[] { reason.Value });
            }

            if (response.Usage?.CachedInputTokenCount is { } cached)
            {
                span?.SetTag(GenAiTelemetry.CacheReadTokens, cached);
            }

            if (response.Usage?.AdditionalCounts?.TryGetValue(RecordingChatClient.CacheWrite, out var written) == true)
            {
                span?.SetTag(GenAiTelemetry.CacheWriteTokens, written);
            }

            Count(GenAiTelemetry.InputTokens, "input", response.Usage?.InputTokenCount);
            Count(GenAiTelemetry.OutputTokens, "output", response.Usage?.OutputTokenCount);
        }

        public void Failed(Exception error)
        {
            _errorType = error is StepFault fault ? fault.ErrorClass : error.GetType().Name;
            span.Fail(_errorType, error is OperationCanceledException ? "cancelled" : "The call failed.");
        }

        public void Dispose()
        {
            var tags = Tags();
            if (_errorType is not null)
            {
                tags.Add(WorkerTelemetry.ErrorType, _errorType);
            }

            GenAiTelemetry.Duration.Record(time.GetElapsedTime(_started).TotalSeconds, tags);
            span?.Dispose();
        }

        private void Count(string tag, string type, long? tokens)
        {
            if (tokens is { } count)
            {
                span?.SetTag(tag, count);
                GenAiTelemetry.TokenUsage.Record(count, [.. Tags(), new(GenAiTelemetry.TokenType, type)]);
            }
        }

        private TagList Tags() => new()
        {
            { GenAiTelemetry.OperationName, GenAiTelemetry.Chat },
            { GenAiTelemetry.ProviderName, provider },
            { GenAiTelemetry.RequestModel, model },
        };
    }
}
