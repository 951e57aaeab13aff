using System.Text.Json;
using System.Text.Json.Serialization;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>Images of any server that speaks OpenAI's protocol (https://platform.openai.com/docs/api-reference/images/create), sent inside its answer.</summary>
internal sealed class OpenAiImages(ProviderAccount account, string modelId) : IImageGenerator
{
    /// <summary>Most bytes around one image, besides its base64.</summary>
    private const int Around = 64 * 1024;

    private readonly ImageGeneratorMetadata _metadata = new(OpenAiDialect.ProviderName(account), ProviderAddresses.Of(account), modelId);

    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var count = options?.Count ?? 1;
        using var content = JsonContent.Create(new Request(
            modelId,
            ImageBytes.Prompt(request),
            count,
            options?.ImageSize is { } size ? $"{size.Width}x{size.Height}" : null,
            // GPT's image models send nothing else and refuse the question; others would send an address.
            modelId.Contains("gpt-image", StringComparison.OrdinalIgnoreCase) ? null : "b64_json"));
        var most = ((ImageBytes.Most / 3 * 4) + Around) * Math.Clamp(count, 1, 4);
        var sent = await ProviderHttp.PostAsync(account, "images/generations", content, "application/json", most, cancellationToken);
        var answer = Read(sent.Body);
        return new ImageGenerationResponse([.. answer.Data.Select(item => ImageBytes.Content(item.Image!))])
        {
            Usage = answer.Usage is { } usage
                ? new UsageDetails { InputTokenCount = usage.InputTokens, OutputTokenCount = usage.OutputTokens, TotalTokenCount = usage.InputTokens + usage.OutputTokens }
                : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ImageGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static Answer Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web) is { Data.Count: > 0 } answer && answer.Data.All(item => item?.Image is not null)
                ? answer
                : throw StepFault.InvalidAnswer("The model's answer has no image.");
        }
        catch (JsonException)
        {
            throw StepFault.InvalidAnswer("The model's answer has no image.");
        }
    }

    private sealed record Request(
        string Model,
        string Prompt,
        int N,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Size,
        [property: JsonPropertyName("response_format"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ResponseFormat);

    private sealed record Answer(IReadOnlyList<Item> Data, Usage? Usage);

    private sealed record Item([property: JsonPropertyName("b64_json")] byte[]? Image);

    private sealed record Usage([property: JsonPropertyName("input_tokens")] long? InputTokens, [property: JsonPropertyName("output_tokens")] long? OutputTokens);
}
