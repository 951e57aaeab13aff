using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>
/// Any server that speaks OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat), by the official client.
/// Answers are streamed, but for those by a schema where the server cannot; a schema travels as <c>response_format</c>.
/// </summary>
internal sealed class OpenAiChatClient(ChatClient client, ChatClientMetadata metadata, OpenAiDialect dialect) : IChatClient
{
    /// <summary>
    /// Key of <see cref="ChatOptions.AdditionalProperties"/>, as Microsoft's own adapter has it: true for a schema that must be kept to the letter. When absent,
    /// the dialect decides.
    /// </summary>
    public const string Strict = "strictJsonSchema";

    /// <summary>What OpenAI asks of a schema that is strict.</summary>
    private static readonly AIJsonSchemaTransformOptions StrictSchema = new()
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        MoveDefaultKeywordToDescription = true,
        RequireAllProperties = true,
    };

    /// <summary>The model behind the faults' translation.</summary>
    /// <param name="http">What requests go through; the account's connections when absent.</param>
    public static IChatClient Of(ProviderAccount account, string modelId, HttpClient? http = null)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = ProviderAddresses.Of(account),
            NetworkTimeout = ProviderHttp.Patience,
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = new HttpClientPipelineTransport(http ?? ProviderHttp.Streams(account)),
        };
        // A local server wants no key, but the client does.
        var client = new ChatClient(modelId, new ApiKeyCredential(string.IsNullOrWhiteSpace(account.Secret) ? "none" : account.Secret), options);
        var metadata = new ChatClientMetadata(OpenAiDialect.ProviderName(account), options.Endpoint, modelId);
        return new ProviderFaultChatClient(new OpenAiChatClient(client, metadata, OpenAiDialect.Of(account)), static _ => null);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (options?.ResponseFormat is ChatResponseFormatJson && !dialect.StreamsStructure)
        {
            yield return Whole(await client.CompleteChatAsync(messages.Select(Message), Options(options), cancellationToken));
            yield break;
        }

        var sent = Options(options);
        if (dialect.CountsUnasked)
        {
            sent.Patch.Remove("$.stream_options"u8);
        }

        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages.Select(Message), sent, cancellationToken))
        {
            // Some servers bring the sum so far with every piece: the last one is that of the whole answer.
            usage = update.Usage ?? usage;
            yield return string.IsNullOrEmpty(update.RefusalUpdate)
                ? Update(update.CompletionId, update.Model, update.ContentUpdate, update.FinishReason)
                : throw ProviderFaults.Refused();
        }

        if (usage is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [Usage(usage)]);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static OpenAI.Chat.ChatMessage Message(ChatMessage message) => message.Role == ChatRole.System
        ? new SystemChatMessage(message.Text)
        : message.Role == ChatRole.Assistant ? new AssistantChatMessage(message.Text) : new UserChatMessage(message.Text);

    private ChatCompletionOptions Options(ChatOptions? options)
    {
        var sent = new ChatCompletionOptions { Temperature = options?.Temperature, TopP = options?.TopP, ResponseFormat = Format(options) };
        foreach (var stop in options?.StopSequences ?? [])
        {
            sent.StopSequences.Add(stop);
        }

        if (options?.Seed is { } seed && dialect.SeedName is { } name)
        {
            // Mistral's may not be negative.
            sent.Patch.Set(Encoding.UTF8.GetBytes("$." + name), name == "seed" ? seed : seed & int.MaxValue);
        }

        if (options?.MaxOutputTokens is { } most && dialect.MaxTokensByOldName)
        {
            sent.Patch.Set("$.max_tokens"u8, most);
        }
        else
        {
            sent.MaxOutputTokenCount = options?.MaxOutputTokens;
        }
        return sent;
    }

    private ChatResponseFormat? Format(ChatOptions? options)
    {
        if (options?.ResponseFormat is not ChatResponseFormatJson format)
        {
            return null;
        }

        if (format.Schema is not { } schema)
        {
            return ChatResponseFormat.CreateJsonObjectFormat();
        }

        var strict = options.AdditionalProperties?.TryGetValue(Strict, out bool asked) == true ? asked : dialect.IsStrict;
        var sent = strict ? AIJsonUtilities.TransformSchema(schema, StrictSchema) : schema;
        return ChatResponseFormat.CreateJsonSchemaFormat(format.SchemaName ?? "answer", BinaryData.FromString(sent.GetRawText()), jsonSchemaIsStrict: strict ? true : null);
    }

    private static ChatResponseUpdate Whole(ChatCompletion answer)
    {
        if (!string.IsNullOrEmpty(answer.Refusal))
        {
            throw ProviderFaults.Refused();
        }

        var update = Update(answer.Id, answer.Model, answer.Content, answer.FinishReason);
        if (answer.Usage is { } usage)
        {
            update.Contents.Add(Usage(usage));
        }

        return update;
    }

    private static ChatResponseUpdate Update(string? id, string? model, ChatMessageContent content, OpenAI.Chat.ChatFinishReason? finish) =>
        new(ChatRole.Assistant, [.. content.Where(part => part.Kind == ChatMessageContentPartKind.Text).Select(part => new TextContent(part.Text))])
        {
            ResponseId = id,
            ModelId = model,
            FinishReason = finish switch
            {
                OpenAI.Chat.ChatFinishReason.Stop => ChatFinishReason.Stop,
                OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
                OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
                OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
                _ => null,
            },
        };

    private static UsageContent Usage(ChatTokenUsage usage) => new(new UsageDetails
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
        ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
    });
}
