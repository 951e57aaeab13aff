using Lekhika.Core.Models;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>A model for images behind <see cref="WholeCalls"/>.</summary>
internal sealed class ChainedImages(IImageGenerator inner, ProviderAccount account, string modelId, ModelPrice? price, WholeCalls calls) : DelegatingImageGenerator(inner)
{
    private const int CharactersPerToken = 3;

    /// <summary>What an image counts against a limit of tokens when nobody says.</summary>
    private const int TokensPerImage = 1_500;

    public override Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var count = options?.Count ?? 1;
        var call = options?.AdditionalProperties.Call() ?? throw new InvalidOperationException("Nobody has said what the call is for.");
        return calls.RunAsync(
            new WholeCall(call, account, modelId, price, WholeCall.Image, ((request.Prompt?.Length ?? 0) / CharactersPerToken) + (TokensPerImage * count),
                new { count, options.ImageSize?.Width, options.ImageSize?.Height, Prompt = call.Prompt?.Hash, PromptVersion = call.Prompt?.Number }),
            token => base.GenerateAsync(request, options, token),
            answer => new WholeUse(modelId, WholeTokens.Of(answer.Usage), answer.Contents.Count),
            cancellationToken);
    }
}

/// <summary>A model for embeddings behind <see cref="WholeCalls"/>.</summary>
internal sealed class ChainedEmbeddings(
    IEmbeddingGenerator<string, Embedding<float>> inner, ProviderAccount account, string modelId, ModelPrice? price, WholeCalls calls) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const int CharactersPerToken = 3;

    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var call = options?.AdditionalProperties.Call() ?? throw new InvalidOperationException("Nobody has said what the call is for.");
        return calls.RunAsync(
            new WholeCall(call, account, modelId, price, WholeCall.Embeddings, texts.Sum(text => text.Length) / CharactersPerToken, new { Texts = texts.Length, options.Dimensions }),
            token => base.GenerateAsync(texts, options, token),
            answer => new WholeUse(answer.FirstOrDefault()?.ModelId ?? modelId, WholeTokens.Of(answer.Usage)),
            cancellationToken);
    }
}

internal static class WholeTokens
{
    /// <summary>Null when nobody has counted.</summary>
    public static TokenUse? Of(UsageDetails? usage) => usage is null ? null : new TokenUse(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0);
}
