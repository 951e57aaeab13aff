using System.ClientModel;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Lekhika.Core.Executions;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>
/// Any server that speaks OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat), by the official client.
/// Answers are always streamed; a schema travels as <c>response_format</c>.
/// </summary>
internal sealed class OpenAiChatClient(ChatClient client, ChatClientMetadata metadata) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = client.CompleteChatStreamingAsync(messages.Select(Message), Options(options), cancellationToken);
        await using var stream = updates.GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(stream))
        {
            yield return Update(stream.Current);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Errors by whether another try may help; the server's own text stays out, it may repeat the prompt or the key.</summary>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<StreamingChatCompletionUpdate> stream)
    {
        try
        {
            return await stream.MoveNextAsync();
        }
        catch (ClientResultException error) when (error.Status is 429)
        {
            throw new StepFault(ErrorClasses.RateLimited, "The model's server has had too many requests.", error) { RetryAfter = RetryAfter(error) };
        }
        catch (ClientResultException error) when (error.Status is 408)
        {
            throw new StepFault(ErrorClasses.TimedOut, "The model's server did not answer in time.", error);
        }
        catch (ClientResultException error) when (error.Status is 0 or 409 or >= 500)
        {
            throw new StepFault(ErrorClasses.Unavailable, $"The model's server answered {error.Status}.", error);
        }
        catch (ClientResultException error)
        {
            throw new StepFault(ErrorClasses.Permanent, $"The model's server refused the request ({error.Status}). Check the model's name and the key.", error);
        }
    }

    /// <summary>Seconds, or a date (RFC 9110, section 10.2.3).</summary>
    private static TimeSpan? RetryAfter(ClientResultException error)
    {
        if (error.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) is not true || !RetryConditionHeaderValue.TryParse(value, out var wait))
        {
            return null;
        }

        return wait.Delta ?? (wait.Date - TimeProvider.System.GetUtcNow());
    }

    private static OpenAI.Chat.ChatMessage Message(ChatMessage message) => message.Role == ChatRole.System
        ? new SystemChatMessage(message.Text)
        : message.Role == ChatRole.Assistant ? new AssistantChatMessage(message.Text) : new UserChatMessage(message.Text);

    private static ChatCompletionOptions Options(ChatOptions? options) => new()
    {
        Temperature = options?.Temperature,
        MaxOutputTokenCount = options?.MaxOutputTokens,
        ResponseFormat = options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema, SchemaName: { } name }
            ? ChatResponseFormat.CreateJsonSchemaFormat(name, BinaryData.FromString(schema.GetRawText()))
            : null,
    };

    private static ChatResponseUpdate Update(StreamingChatCompletionUpdate update)
    {
        List<AIContent> contents = [.. update.ContentUpdate.Where(part => part.Kind == ChatMessageContentPartKind.Text).Select(part => new TextContent(part.Text))];
        if (update.Usage is { } usage)
        {
            contents.Add(new UsageContent(new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount,
                OutputTokenCount = usage.OutputTokenCount,
                TotalTokenCount = usage.TotalTokenCount,
                CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
            }));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = update.CompletionId,
            ModelId = update.Model,
            FinishReason = update.FinishReason switch
            {
                OpenAI.Chat.ChatFinishReason.Stop => ChatFinishReason.Stop,
                OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
                OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
                _ => null,
            },
        };
    }
}
