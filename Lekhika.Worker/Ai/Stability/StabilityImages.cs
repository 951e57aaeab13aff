using System.Globalization;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Stability;

/// <summary>Images of Stability's REST API v2beta (https://platform.stability.ai/docs/api-reference#tag/Generate): one at a time, as PNG.</summary>
/// <param name="modelId"><c>stable-image-core</c> or <c>stable-image-ultra</c>.</param>
internal sealed class StabilityImages(ProviderAccount account, string modelId) : IImageGenerator
{
    private const string Filtered = "CONTENT_FILTERED";

    /// <summary>The ratios of width to height that the API knows.</summary>
    private static readonly (int Width, int Height)[] Ratios = [(1, 1), (16, 9), (21, 9), (2, 3), (3, 2), (4, 5), (5, 4), (9, 16), (9, 21)];

    private readonly ImageGeneratorMetadata _metadata = new(ProviderKinds.Stability, ProviderAddresses.Of(account), modelId);

    private readonly string _path = modelId switch
    {
        "stable-image-core" or "core" => "v2beta/stable-image/generate/core",
        "stable-image-ultra" or "ultra" => "v2beta/stable-image/generate/ultra",
        _ => throw StepFault.Permanent($"The provider '{account.Name}' has the models stable-image-core and stable-image-ultra, and not the one that was asked for."),
    };

    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = ImageBytes.Prompt(request);
        var images = new List<AIContent>();
        for (var left = options?.Count ?? 1; left > 0; left--)
        {
            using var content = new MultipartFormDataContent
            {
                { new StringContent(prompt), "\"prompt\"" },
                { new StringContent("png"), "\"output_format\"" },
            };
            if (options?.ImageSize is { } size)
            {
                content.Add(new StringContent(Ratio(size.Width, size.Height)), "\"aspect_ratio\"");
            }

            var answer = await ProviderHttp.PostAsync(account, _path, content, "image/*", ImageBytes.Most, cancellationToken);
            images.Add(answer.Finish == Filtered ? throw ProviderFaults.Refused() : ImageBytes.Content(answer.Body));
        }

        return new ImageGenerationResponse(images);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ImageGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>The nearest ratio that the API knows.</summary>
    private static string Ratio(int width, int height)
    {
        var (w, h) = Ratios.MinBy(ratio => Math.Abs(Math.Log((double)ratio.Width / ratio.Height) - Math.Log((double)width / height)));
        return string.Create(CultureInfo.InvariantCulture, $"{w}:{h}");
    }
}
