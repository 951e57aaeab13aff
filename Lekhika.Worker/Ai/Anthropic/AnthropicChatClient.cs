using System.Runtime.CompilerServices;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models;
using Anthropic.Models.Messages;
using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Anthropic;

/// <summary>
/// Anthropic's messages (https://docs.anthropic.com/en/api/messages) by its official client. Of the usage, <see cref="UsageDetails.InputTokenCount"/>
/// has all input tokens: those read from the cache (also in <see cref="UsageDetails.CachedInputTokenCount"/>) and those written to it
/// (also in <see cref="UsageDetails.AdditionalCounts"/> as <see cref="RecordingChatClient.CacheWrite"/>) are among them.
/// </summary>
internal sealed class AnthropicChatClient(IChatClient inner, string modelId) : DelegatingChatClient(inner)
{
    /// <summary>Of callers that set no limit; the protocol wants one.</summary>
    private const int DefaultMaxOutputTokens = 8_192;

    /// <summary>The model behind the faults' translation.</summary>
    /// <param name="http">What requests go through; the account's connections when absent.</param>
    public static IChatClient Of(ProviderAccount account, string modelId, HttpClient? http = null)
    {
        var client = new AnthropicClient(new ClientOptions
        {
            // Always set, or the client would take one of the environment's to wherever the account leads.
            ApiKey = string.IsNullOrWhiteSpace(account.Secret) ? "none" : account.Secret,
            BaseUrl = ProviderAddresses.Of(account).AbsoluteUri.TrimEnd('/'),
            HttpClient = http ?? ProviderHttp.Streams(account),
            MaxRetries = 0,
            Timeout = ProviderHttp.Patience,
        });
        return new ProviderFaultChatClient(new AnthropicChatClient(client.AsIChatClient(modelId, DefaultMaxOutputTokens), modelId), Fault);
    }

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(AnthropicRequest.Messages(messages), AnthropicRequest.Options(options, modelId), cancellationToken);
        if (response.RawRepresentation is Message { Usage: { } usage })
        {
            response.Usage = Details(response.Usage, usage.InputTokens, usage.CacheReadInputTokens, usage.CacheCreationInputTokens, usage.OutputTokens);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Usage? first = null;
        MessageDeltaUsage? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(AnthropicRequest.Messages(messages), AnthropicRequest.Options(options, modelId), cancellationToken))
        {
            var sent = (update.RawRepresentation as RawMessageStreamEvent)?.Value;
            first = (sent as RawMessageStartEvent)?.Message.Usage ?? first;
            last = (sent as RawMessageDeltaEvent)?.Usage ?? last;
            if (update.Contents.OfType<UsageContent>().FirstOrDefault() is { } usage)
            {
                // The counts of the end go over those of the start, but need not name all of them.
                usage.Details = Details(
                    usage.Details,
                    last?.InputTokens ?? first?.InputTokens,
                    last?.CacheReadInputTokens ?? first?.CacheReadInputTokens,
                    last?.CacheCreationInputTokens ?? first?.CacheCreationInputTokens,
                    last?.OutputTokens ?? first?.OutputTokens);
            }

            yield return update;
        }
    }

    private static UsageDetails Details(UsageDetails? counted, long? input, long? read, long? written, long? output)
    {
        var whole = (input ?? 0) + (read ?? 0) + (written ?? 0);
        return new UsageDetails
        {
            InputTokenCount = whole,
            OutputTokenCount = output ?? 0,
            TotalTokenCount = whole + (output ?? 0),
            CachedInputTokenCount = read ?? 0,
            ReasoningTokenCount = counted?.ReasoningTokenCount,
            AdditionalCounts = new() { [RecordingChatClient.CacheWrite] = written ?? 0 },
        };
    }

    /// <summary>Errors that come inside a stream, after its status was sent.</summary>
    private static StepFault? Fault(Exception error) => error is not AnthropicSseException sent ? null : sent.Type?.Value() switch
    {
        ErrorType.RateLimitError => new StepFault(ErrorClasses.RateLimited, "The model's server has had too many requests."),
        ErrorType.TimeoutError => new StepFault(ErrorClasses.TimedOut, "The model's server did not answer in time."),
        _ when ErrorBody.IsRefusalMessage(sent.Message) => ProviderFaults.Refused(),
        ErrorType.InvalidRequestError or ErrorType.AuthenticationError or ErrorType.PermissionError or ErrorType.NotFoundError or ErrorType.BillingError =>
            StepFault.Permanent("The model's server refused the request in the middle of its answer. Check the model's name and the key."),
        _ => new StepFault(ErrorClasses.Unavailable, "The model's server failed in the middle of its answer."),
    };
}
