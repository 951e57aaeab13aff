using System.Text.Json;
using Lekhika.Core.Assets;
using Lekhika.Core.Manuscripts;
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
internal sealed partial class PictureDecoder(
    IOptions<PictureOptions> options, IOptions<TypesetterOptions> node, IHostEnvironment environment, TimeProvider time, ILogger<PictureDecoder> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _directory = Path.Combine(environment.ContentRootPath, options.Value.PictureDecoderDirectory);
    private NodeChild? _child;

    /// <summary>The child's process id while there is a child.</summary>
    public int? ChildId => _child?.Id;

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

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(Order(picture, box), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the child after the picture at hand.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await EndChildAsync();
        _turn.Dispose();
    }

    private async Task<BookImage> AskAsync(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        _child ??= NodeChild.Start(FindNode(), Path.Combine(_directory, "index.mjs"), options.Value.PictureAddressSpaceMiB * 1024L * 1024L);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PictureTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        DecoderAnswer answer;
        try
        {
            answer = JsonSerializer.Deserialize<DecoderAnswer>(await _child.AskAsync(order, either.Token), JsonSerializerOptions.Web)!;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await EndChildAsync();
            throw new PictureException($"it was not decoded within {options.Value.PictureTimeoutSeconds} seconds");
        }
        catch (IOException crash)
        {
            await EndChildAsync();
            throw new PictureException("the decoder stopped over it", crash.Message);
        }
        catch
        {
            await EndChildAsync();
            throw;
        }

        if (answer.Memory > options.Value.PictureRecycleMiB * 1024L * 1024L)
        {
            LogRecycled(logger, answer.Memory / 1024 / 1024);
            await EndChildAsync();
        }

        return answer is { Image: { } image, Error: null }
            ? new BookImage(answer.Type!, answer.Width, answer.Height, image)
            : throw new PictureException("its bytes are damaged", answer.Error);
    }

    private static ReadOnlyMemory<byte> Order(ReadOnlyMemory<byte> picture, PictureBox box) => JsonSerializer.SerializeToUtf8Bytes(
        new { image = picture, width = box.Width, height = box.Height, fill = box.Fills, pixels = ImageFacts.MostPixels, seconds = 600 }, JsonSerializerOptions.Web);

    private string FindNode()
    {
        if (!Directory.Exists(Path.Combine(_directory, "node_modules", "sharp")))
        {
            throw new PictureException("this server's decoder of pictures is not installed", $"Run npm ci in {_directory}, or set Exporter:PictureDecoderDirectory.");
        }

        return TypesetterInstallation.FindInPath(node.Value.NodePath)
            ?? throw new PictureException("this server's decoder of pictures is not installed", $"Node.js was not found as '{node.Value.NodePath}'. Install Node 20 or later, or set Exporter:NodePath.");
    }

    private async Task EndChildAsync()
    {
        var ending = _child;
        _child = null;
        if (ending is not null)
        {
            await ending.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The decoder of pictures held {Memory} MiB after a picture and is replaced by a fresh one")]
    private static partial void LogRecycled(ILogger logger, long memory);

    private sealed record DecoderAnswer(byte[]? Image, string? Type, int Width, int Height, string? Error, long Memory);
}
