using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;
using Lekhika.Core.Executions;
using Lekhika.Core.Models;
using Lekhika.Persistence.Batches;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// OpenAI's batches (https://platform.openai.com/docs/api-reference/batch): a file of requests, a batch of the file, and files of answers and of errors. Our id
/// travels as the batch's metadata, so that one whose making ended nobody knows how is found by it.
/// </summary>
internal sealed class OpenAiBatches : IBatchProtocol
{
    private const string OurId = "lekhika_batch";

    /// <summary>The list is the newest first, and pages have 100: what is further back is older than our batch.</summary>
    private const int MostPages = 20;

    public async Task<string> MakeAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var call in batch.Calls.Where(call => call.IsWanted))
        {
            lines.Append($$"""{"custom_id":"{{call.Id:N}}","method":"POST","url":"/v1/chat/completions","body":{{call.Request}}}""").Append('\n');
        }

        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" } };
        form.Add(new StringContent(lines.ToString()), "file", $"{batch.Id:N}.jsonl");
        var file = await BatchHttp.AskAsync<Named>(account, HttpMethod.Post, "files", form, cancellationToken);
        using var content = JsonContent.Create(new
        {
            input_file_id = file.Id,
            endpoint = "/v1/chat/completions",
            completion_window = "24h",
            metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [OurId] = batch.Id.ToString("N") },
        });
        return (await BatchHttp.AskAsync<Batch>(account, HttpMethod.Post, "batches", content, cancellationToken)).Id;
    }

    public async Task<BatchSearch> FindAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken)
    {
        var after = "";
        for (var page = 0; page < MostPages; page++)
        {
            var list = await BatchHttp.AskAsync<Page>(account, HttpMethod.Get, $"batches?limit=100{after}", null, cancellationToken);
            if (list.Data.FirstOrDefault(other => other.Metadata?.GetValueOrDefault(OurId) == batch.Id.ToString("N")) is { } found)
            {
                return new(found.Id, false);
            }

            if (list is not { HasMore: true, Data: [.., var last] })
            {
                break;
            }

            after = $"&after={Uri.EscapeDataString(last.Id)}";
        }

        return new(null, false);
    }

    public async Task<BatchLook> LookAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken)
    {
        var batch = await BatchHttp.AskAsync<Batch>(account, HttpMethod.Get, $"batches/{Uri.EscapeDataString(providerBatchId)}", null, cancellationToken);
        var results = new[] { batch.OutputFileId, batch.ErrorFileId }.OfType<string>().ToList();
        return new(batch.Status is "completed" or "failed" or "expired" or "cancelled", results, [.. results, .. new[] { batch.InputFileId }.OfType<string>()]);
    }

    public async IAsyncEnumerable<BatchLine> LinesAsync(ProviderAccount account, BatchLook look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in look.Sources)
        {
            await foreach (var text in BatchHttp.LinesAsync(account, $"files/{Uri.EscapeDataString(file)}/content", cancellationToken))
            {
                if (BatchHttp.Read<Line>(text) is { } line && Guid.TryParseExact(line.CustomId, "N", out var id))
                {
                    yield return Of(id, line);
                }
            }
        }
    }

    public Task CancelAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken) =>
        BatchHttp.AskAsync<Batch>(account, HttpMethod.Post, $"batches/{Uri.EscapeDataString(providerBatchId)}/cancel", null, cancellationToken);

    public async Task RemoveAsync(ProviderAccount account, BatchLook look, CancellationToken cancellationToken)
    {
        foreach (var file in look.Holds)
        {
            await BatchHttp.AskAsync<Named>(account, HttpMethod.Delete, $"files/{Uri.EscapeDataString(file)}", null, cancellationToken);
        }
    }

    private static BatchLine Of(Guid id, Line line)
    {
        if (line.Response is not { StatusCode: 200, Body: { Choices: [var choice, ..] } body })
        {
            return new(id, null, line switch
            {
                { Error.Code: "batch_expired" } => ErrorClasses.TimedOut,
                { Response.StatusCode: 429 } => ErrorClasses.RateLimited,
                { Response.StatusCode: >= 400 and < 500 } => ErrorClasses.Permanent,
                _ => ErrorClasses.Unavailable,
            });
        }

        var (finish, text) = (choice.FinishReason, choice.Message?.Content ?? "");
        var tokens = new TokenUse(body.Usage?.PromptTokens ?? 0, body.Usage?.CompletionTokens ?? 0, body.Usage?.PromptTokensDetails?.CachedTokens ?? 0, 0, body.Usage?.CompletionTokensDetails?.ReasoningTokens ?? 0);
        return finish == "content_filter" || !string.IsNullOrEmpty(choice.Message?.Refusal)
            ? new(id, null, ErrorClasses.Refused, body.Usage is null ? null : tokens)
            : new(id, new BatchAnswer(text, finish == "length" ? "length" : "stop", body.Model, tokens), null, tokens);
    }

    private sealed record Named(string Id);

    private sealed record Page(IReadOnlyList<Batch> Data, [property: JsonPropertyName("has_more")] bool HasMore);

    private sealed record Batch(
        string Id,
        string Status,
        Dictionary<string, string?>? Metadata,
        [property: JsonPropertyName("input_file_id")] string? InputFileId,
        [property: JsonPropertyName("output_file_id")] string? OutputFileId,
        [property: JsonPropertyName("error_file_id")] string? ErrorFileId);

    private sealed record Line([property: JsonPropertyName("custom_id")] string? CustomId, Response? Response, Error? Error);

    private sealed record Error(string? Code);

    private sealed record Response([property: JsonPropertyName("status_code")] int StatusCode, Completion? Body);

    private sealed record Completion(string? Model, IReadOnlyList<Choice>? Choices, Usage? Usage);

    private sealed record Choice(Message? Message, [property: JsonPropertyName("finish_reason")] string? FinishReason);

    private sealed record Message(string? Content, string? Refusal);

    private sealed record Usage(
        [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
        [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
        [property: JsonPropertyName("prompt_tokens_details")] PromptDetails? PromptTokensDetails,
        [property: JsonPropertyName("completion_tokens_details")] CompletionDetails? CompletionTokensDetails);

    private sealed record PromptDetails([property: JsonPropertyName("cached_tokens")] long? CachedTokens);

    private sealed record CompletionDetails([property: JsonPropertyName("reasoning_tokens")] long? ReasoningTokens);
}
