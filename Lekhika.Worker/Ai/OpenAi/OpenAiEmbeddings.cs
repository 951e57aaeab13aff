using System.Text.Json;
using System.Text.Json.Serialization;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>Embeddings of any server that speaks OpenAI's protocol (https://platform.openai.com/docs/api-reference/embeddings).</summary>
internal sealed class OpenAiEmbeddings(ProviderAccount account, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Most bytes of one answer: some thousand vectors as text.</summary>
    private const int Most = 64 * 1024 * 1024;

    private readonly EmbeddingGeneratorMetadata _metadata = new(OpenAiDialect.ProviderName(account), ProviderAddresses.Of(account), modelId);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        if (texts.Length == 0)
        {
            return [];
        }

        using var content = JsonContent.Create(new Request(modelId, texts, "float", options?.Dimensions));
        var sent = await ProviderHttp.PostAsync(account, "embeddings", content, "application/json", Most, cancellationToken);
        var answer = Read(sent.Body);
        var vectors = answer.Data.OrderBy(item => item.Index).Select(item => item.Embedding).ToList();
        if (vectors.Count != texts.Length || vectors.Exists(vector => vector.Length == 0 || vector.Length != vectors[0].Length))
        {
            throw StepFault.InvalidAnswer("The model did not send one vector for each text.");
        }

        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(vector) { ModelId = answer.Model ?? modelId }))
        {
            Usage = answer.Usage is { } usage ? new UsageDetails { InputTokenCount = usage.PromptTokens, TotalTokenCount = usage.TotalTokens } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static Answer Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web) is { Data: not null } answer && answer.Data.All(item => item?.Embedding is not null)
                ? answer
                : throw StepFault.InvalidAnswer("The model's answer has no embeddings.");
        }
        catch (JsonException)
        {
            throw StepFault.InvalidAnswer("The model's answer has no embeddings.");
        }
    }

    private sealed record Request(
        string Model,
        IReadOnlyList<string> Input,
        [property: JsonPropertyName("encoding_format")] string EncodingFormat,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Dimensions);

    private sealed record Answer(IReadOnlyList<Item> Data, string? Model, Usage? Usage);

    private sealed record Item(int Index, float[] Embedding);

    private sealed record Usage([property: JsonPropertyName("prompt_tokens")] long? PromptTokens, [property: JsonPropertyName("total_tokens")] long? TotalTokens);
}
