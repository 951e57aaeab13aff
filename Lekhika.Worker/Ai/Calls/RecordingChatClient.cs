using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lekhika.Core;
using Lekhika.Core.Models;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.Health;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Calls;

/// <summary>
/// Records every call: what it was for, what was asked, what it used and cost. A call that may cost something is recorded before it is made; what one costs of
/// which the provider has counted nothing, cut off or not, nobody knows.
/// </summary>
/// <param name="price">Null: nobody knows what it costs.</param>
internal sealed class RecordingChatClient(IChatClient inner, ProviderAccount account, ModelPrice? price, ProviderPulse pulse, TimeProvider time) : DelegatingChatClient(inner)
{
    /// <summary>The error class of a call that we have ended ourselves, by a stop or a lost lease.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The name under which a provider's client counts what went into the provider's cache.</summary>
    public const string CacheWrite = "cache_write";

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = options.Call() ?? throw new InvalidOperationException("Nobody has said what the call is for.");
        var record = Record(account, price, call, options!, time);
        if (price is not { IsFree: true } && account.Kind is not (ProviderKinds.Offline or ProviderKinds.Simulated))
        {
            await call.Log.BeginAsync(record, cancellationToken);
        }

        var started = time.GetTimestamp();
        await using var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (usage, isCounted, hasEnded) = (new UsageDetails(), false, false);
        var (model, finish, first) = ((string?)null, (string?)null, (int?)null);
        try
        {
            while (await NextAsync(stream))
            {
                var update = stream.Current;
                foreach (var content in update.Contents.OfType<UsageContent>())
                {
                    usage.Add(content.Details);
                    isCounted = true;
                }

                model = update.ModelId ?? model;
                finish = update.FinishReason?.Value ?? finish;
                first ??= update.Text.Length > 0 ? (int)time.GetElapsedTime(started).TotalMilliseconds : null;
                yield return update;
            }

            record = record with { Status = "succeeded" };
            hasEnded = true;
        }
        finally
        {
            // Neither the end nor an error: whoever reads has stopped reading.
            record = hasEnded || record.Status == "failed" ? record : record with { Status = "failed", ErrorClass = Cancelled };
            if (record.ErrorClass != Cancelled)
            {
                pulse.Heard(account, record.ErrorClass);
            }

            var tokens = Tokens(usage);
            record = record with { ModelAnswered = model, FinishReason = finish, FirstTokenMilliseconds = first };
            call.Log.End(record with { Tokens = tokens, Cost = isCounted || price is { IsFree: true } ? price?.Cost(tokens) : null, Milliseconds = (int)time.GetElapsedTime(started).TotalMilliseconds });
        }

        async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
        {
            try
            {
                return await updates.MoveNextAsync();
            }
            catch (Exception error)
            {
                record = record with { Status = "failed", ErrorClass = error is StepFault fault ? fault.ErrorClass : error is OperationCanceledException ? Cancelled : error.GetType().Name };
                throw;
            }
        }
    }

    private static TokenUse Tokens(UsageDetails usage) => new(
        usage.InputTokenCount ?? 0,
        usage.OutputTokenCount ?? 0,
        usage.CachedInputTokenCount ?? 0,
        usage.AdditionalCounts?.TryGetValue(CacheWrite, out var written) == true ? written : 0,
        usage.ReasoningTokenCount ?? 0);

    /// <summary>The intent of a call.</summary>
    internal static ModelCallRecord Record(ProviderAccount account, ModelPrice? price, ModelCall call, ChatOptions options, TimeProvider time) => new(
        Guid.CreateVersion7(),
        call.Step,
        call.Task,
        account.Kind,
        account.Name,
        account.IsOwn,
        options.ModelId ?? "",
        Json.Write(new { options.Temperature, options.MaxOutputTokens, options.Seed, Format = options.ResponseFormat is ChatResponseFormatJson ? "json" : "text", Prompt = call.Prompt?.Hash, PromptVersion = call.Prompt?.Number }),
        time.GetUtcNow())
    {
        PriceId = price?.Id,
        TraceId = Activity.Current?.TraceId.ToString(),
    };
}
