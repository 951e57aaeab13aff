using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Providers;

/// <summary>What a model sent as an image.</summary>
internal static class ImageBytes
{
    /// <summary>Most bytes of one image.</summary>
    public const int Most = 20 * 1024 * 1024;

    /// <summary>The image with the media type that its first bytes say; <see cref="StepFault"/> when it is too long, or no PNG, JPEG or WebP.</summary>
    public static DataContent Content(byte[] image)
    {
        if (image.Length > Most)
        {
            throw StepFault.InvalidAnswer($"The image is longer than {Most} bytes.");
        }

        var type = image.AsSpan() switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
            _ => throw StepFault.InvalidAnswer("The model's answer is no image."),
        };
        return new DataContent(image, type);
    }

    /// <summary>The words of the image; <see cref="StepFault"/> when there are none, or an image to change is given.</summary>
    public static string Prompt(ImageGenerationRequest request) => request.OriginalImages?.Any() == true || string.IsNullOrWhiteSpace(request.Prompt)
        ? throw StepFault.Permanent("An image is made from words, and from nothing else.")
        : request.Prompt;
}
