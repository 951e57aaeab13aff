using System.Text.Json;
using Lekhika.Core.Assets;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Children;
using Lekhika.Exporter.Pdf;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Images;

/// <summary>The pixels that a picture is to have at most.</summary>
/// <param name="Fills">Whether it is to cover a page of this size and be cut; else it fits into it. It is never made larger.</param>
internal readonly record struct PictureBox(int Width, int Height, bool Fills);

/// <summary>A picture cannot be used; the message is the end of a sentence for the user.</summary>
internal sealed class PictureException(string message, string? forOperator = null) : Exception(message)
{
    public string? ForOperator { get; } = forOperator;
}

/// <summary>
/// Decodes pictures and encodes them anew as PNG or JPEG with libvips (npm sharp), in a child that is replaced when it crashed, hung or grew. What comes out
/// has the colours (sRGB) and the upright position of what went in, and nothing else of it: no metadata, no bytes of the original file.
/// </summary>
internal sealed class PictureDecoder(
    IOptions<PictureOptions> options, IOptions<TypesetterOptions> node, IHostEnvironment environment, TimeProvider time, ILogger<PictureDecoder> logger) : IAsyncDisposable
{
    private readonly OwnedChild _child = new(
        () => NodeChild.Start(FindNode(Folder(options.Value, environment), node.Value), Path.Combine(Folder(options.Value, environment), "index.mjs"), options.Value.PictureAddressSpaceMiB * 1024L * 1024L),
        TimeSpan.FromSeconds(options.Value.PictureTimeoutSeconds),
        options.Value.PictureRecycleMiB * 1024L * 1024L,
        time,
        logger);

    /// <summary>The child's process id while there is a child.</summary>
    public int? ChildId => _child.Id;

    /// <summary>One picture; pictures wait for each other. Throws <see cref="PictureException"/> when it cannot be used.</summary>
    public async Task<BookImage> DecodeAsync(ReadOnlyMemory<byte> picture, PictureBox box, CancellationToken cancellationToken)
    {
        if (picture.Length > ImageFacts.MostBytes)
        {
            throw new PictureException($"it has more than {ImageFacts.MostBytes / (1024 * 1024)} MB");
        }

        // The header alone says it: nobody decodes a picture of a billion pixels to find out.
        var facts = ImageFacts.Read(picture.Span) ?? throw new PictureException("it is no PNG, JPEG or WebP");
        if (!facts.IsUsable)
        {
            throw new PictureException($"it has more than {ImageFacts.MostPixels / 1_000_000} million pixels");
        }

        DecoderAnswer answer;
        try
        {
            answer = await _child.AskAsync<DecoderAnswer>(Order(picture, box), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new PictureException($"it was not decoded within {options.Value.PictureTimeoutSeconds} seconds");
        }
        catch (IOException crash)
        {
            throw new PictureException("the decoder stopped over it", crash.Message);
        }

        return answer is { Image: { } image, Error: null }
            ? new BookImage(answer.Type!, answer.Width, answer.Height, image)
            : throw new PictureException("its bytes are damaged", answer.Error);
    }

    /// <summary>Ends the child after the picture at hand.</summary>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static ReadOnlyMemory<byte> Order(ReadOnlyMemory<byte> picture, PictureBox box) => JsonSerializer.SerializeToUtf8Bytes(
        new { image = picture, width = box.Width, height = box.Height, fill = box.Fills, pixels = ImageFacts.MostPixels, seconds = 600 }, JsonSerializerOptions.Web);

    private static string Folder(PictureOptions options, IHostEnvironment environment) => Path.Combine(environment.ContentRootPath, options.PictureDecoderDirectory);

    private static string FindNode(string folder, TypesetterOptions node)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "sharp")))
        {
            throw new PictureException("this server's decoder of pictures is not installed", $"Run npm ci in {folder}, or set Exporter:PictureDecoderDirectory.");
        }

        return TypesetterInstallation.FindInPath(node.NodePath)
            ?? throw new PictureException("this server's decoder of pictures is not installed", $"Node.js was not found as '{node.NodePath}'. Install Node 20 or later, or set Exporter:NodePath.");
    }

    private sealed record DecoderAnswer(byte[]? Image, string? Type, int Width, int Height, string? Error, long Memory) : IChildAnswer;
}
