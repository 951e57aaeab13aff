using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic.Models.Messages;
using Lekhika.Worker.Prompts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Anthropic;

/// <summary>A question as Anthropic's client must be given it; what the caller gave stays as it is.</summary>
internal static class AnthropicRequest
{
    /// <summary>Most places in a prompt that Anthropic caches up to; the last ones win, since they cover the most.</summary>
    private const int MostCached = 4;

    public static IEnumerable<ChatMessage> Messages(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> all = [.. messages];
        HashSet<AIContent> cached = [.. all.SelectMany(message => message.Contents).Where(IsCached).TakeLast(MostCached)];
        return cached.Count == 0 ? all : [.. all.Select(message => new ChatMessage(message.Role, [.. message.Contents.Select(content => Content(content, cached))]))];
    }

    public static ChatOptions Options(ChatOptions? options, string modelId)
    {
        var sent = options?.Clone() ?? new ChatOptions();
        sent.ModelId = modelId;
        if (sent.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            sent.ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema(schema), format.SchemaName, format.SchemaDescription);
        }

        return sent;
    }

    private static AIContent Content(AIContent content, HashSet<AIContent> cached) => content is TextContent text && cached.Contains(content)
        ? new TextContent(text.Text).WithCacheControl(new CacheControlEphemeral())
        : content;

    private static bool IsCached(AIContent content) => content.AdditionalProperties?.TryGetValue(ModelTask.CacheMark, out bool isCached) == true && isCached;

    /// <summary>Without <c>$schema</c>, which the server refuses.</summary>
    private static JsonElement Schema(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema;
        }

        var sent = JsonObject.Create(schema)!;
        sent.Remove("$schema");
        return JsonSerializer.SerializeToElement(sent);
    }
}
