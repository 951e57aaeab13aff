using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;
using Lekhika.Core.Executions;
using Lekhika.Core.Models;
using Lekhika.Persistence.Batches;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// Anthropic's message batches (https://docs.anthropic.com/en/api/creating-message-batches). They carry no name of ours but those of their calls, which only their
/// results show: so one whose making ended nobody knows how is recognised when it has ended.
/// </summary>
internal sealed class AnthropicBatches : IBatchProtocol
{
    private const string Batches = "v1/messages/batches";

    /// <summary>The provider's clock may differ from ours by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public async Task<string> MakeAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken)
    {
        var calls = batch.Calls.Where(call => call.IsWanted).Select(call => $$"""{"custom_id":"{{call.Id:N}}","params":{{call.Request}}}""");
        using var content = new StringContent($$"""{"requests":[{{string.Join(',', calls)}}]}""", Encoding.UTF8, "application/json");
        return (await BatchHttp.AskAsync<Batch>(account, HttpMethod.Post, Batches, content, cancellationToken)).Id;
    }

    /// <summary>
    /// Looks through the batches that were made since ours was intended and may have its calls: what has ended shows whose calls they are, what has not leaves
    /// it unclear. When there is none left, ours was never made.
    /// </summary>
    public async Task<BatchSearch> FindAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken)
    {
        var ours = batch.Calls.Select(call => call.Id).ToHashSet();
        var (after, isUnclear) = ("", false);
        while (true)
        {
            var list = await BatchHttp.AskAsync<Page>(account, HttpMethod.Get, $"{Batches}?limit=100{after}", null, cancellationToken);
            foreach (var other in list.Data.Where(other => IsSince(other, batch.TriedAt) && other.Counts?.Sum is { } sum && sum >= batch.Calls.Count(call => call.IsWanted) && sum <= ours.Count))
            {
                if (other.Status != "ended")
                {
                    isUnclear = true;
                }
                else if (await FirstAsync(account, other, cancellationToken) is { } id && ours.Contains(id))
                {
                    return new(other.Id, false);
                }
            }

            if (list is not { HasMore: true, Data: [.., var last] } || !IsSince(last, batch.TriedAt))
            {
                return new(null, isUnclear);
            }

            after = $"&after_id={Uri.EscapeDataString(last.Id)}";
        }
    }

    public async Task<BatchLook> LookAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken)
    {
        var path = Path(providerBatchId);
        var batch = await BatchHttp.AskAsync<Batch>(account, HttpMethod.Get, path, null, cancellationToken);
        // Its results_url may be anywhere; the key goes nowhere but to the account's own address.
        return new(batch.Status == "ended", [$"{path}/results"], [path]);
    }

    public async IAsyncEnumerable<BatchLine> LinesAsync(ProviderAccount account, BatchLook look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var text in BatchHttp.LinesAsync(account, look.Sources[0], cancellationToken))
        {
            if (BatchHttp.Read<Line>(text) is { } line && Guid.TryParseExact(line.CustomId, "N", out var id))
            {
                yield return Of(id, line.Result);
            }
        }
    }

    public Task CancelAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken) =>
        BatchHttp.AskAsync<Batch>(account, HttpMethod.Post, $"{Path(providerBatchId)}/cancel", null, cancellationToken);

    public Task RemoveAsync(ProviderAccount account, BatchLook look, CancellationToken cancellationToken) =>
        BatchHttp.AskAsync<Named>(account, HttpMethod.Delete, look.Holds[0], null, cancellationToken);

    private static string Path(string providerBatchId) => $"{Batches}/{Uri.EscapeDataString(providerBatchId)}";

    private static bool IsSince(Batch other, DateTime? triedAt) =>
        !DateTime.TryParse(other.CreatedAt, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var made) || made >= triedAt - Skew;

    private static async Task<Guid?> FirstAsync(ProviderAccount account, Batch other, CancellationToken cancellationToken)
    {
        await foreach (var text in BatchHttp.LinesAsync(account, $"{Path(other.Id)}/results", cancellationToken))
        {
            return Guid.TryParseExact(BatchHttp.Read<Line>(text)?.CustomId, "N", out var id) ? id : null;
        }

        return null;
    }

    private static BatchLine Of(Guid id, Result? result)
    {
        if (result is not { Type: "succeeded", Message: { } message })
        {
            return new(id, null, result switch
            {
                { Type: "expired" } => ErrorClasses.TimedOut,
                { Type: "errored", Error.Error.Type: "invalid_request_error" } => ErrorClasses.Permanent,
                _ => ErrorClasses.Unavailable,
            });
        }

        var text = string.Concat((message.Content ?? []).Where(block => block.Type == "text").Select(block => block.Text));
        var usage = message.Usage ?? new Usage(0, 0, 0, 0, null);
        var (read, written) = (usage.CacheRead ?? 0, usage.CacheWritten ?? 0);
        var tokens = new TokenUse(usage.Input + read + written, usage.Output, read, written, usage.Details?.Thinking ?? 0);
        return message.StopReason == "refusal"
            ? new(id, null, ErrorClasses.Refused, message.Usage is null ? null : tokens)
            : new(id, new BatchAnswer(text, message.StopReason is "max_tokens" or "model_context_window_exceeded" ? "length" : "stop", message.Model, tokens), null, tokens);
    }

    private sealed record Named(string Id);

    private sealed record Page(IReadOnlyList<Batch> Data, [property: JsonPropertyName("has_more")] bool HasMore);

    private sealed record Batch(
        string Id,
        [property: JsonPropertyName("processing_status")] string Status,
        [property: JsonPropertyName("created_at")] string? CreatedAt,
        [property: JsonPropertyName("request_counts")] Counts? Counts);

    private sealed record Counts(int Processing, int Succeeded, int Errored, int Canceled, int Expired)
    {
        public int Sum => Processing + Succeeded + Errored + Canceled + Expired;
    }

    private sealed record Line([property: JsonPropertyName("custom_id")] string? CustomId, Result? Result);

    private sealed record Result(string? Type, Message? Message, ErrorAnswer? Error);

    private sealed record ErrorAnswer(Error? Error);

    private sealed record Error(string? Type);

    private sealed record Message(string? Model, IReadOnlyList<Block>? Content, [property: JsonPropertyName("stop_reason")] string? StopReason, Usage? Usage);

    private sealed record Block(string? Type, string? Text);

    private sealed record Usage(
        [property: JsonPropertyName("input_tokens")] long Input,
        [property: JsonPropertyName("output_tokens")] long Output,
        [property: JsonPropertyName("cache_read_input_tokens")] long? CacheRead,
        [property: JsonPropertyName("cache_creation_input_tokens")] long? CacheWritten,
        [property: JsonPropertyName("output_tokens_details")] OutputDetails? Details);

    private sealed record OutputDetails([property: JsonPropertyName("thinking_tokens")] long? Thinking);
}
