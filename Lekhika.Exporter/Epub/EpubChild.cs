using System.Text.Json;
using Lekhika.Exporter.Children;
using Lekhika.Exporter.Images;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Epub;

/// <summary>Makes what goes into an EPUB and only Node can make, one order at a time, in a child that is replaced when it crashed, hung or grew.</summary>
internal sealed class EpubChild(
    IOptions<EpubOptions> options, IOptions<PictureOptions> pictures, TypesetterInstallation installation, IHostEnvironment environment, TimeProvider time, ILogger<EpubChild> log) : IAsyncDisposable
{
    private readonly OwnedChild _child = new(
        () => Start(options.Value, Path.Combine(environment.ContentRootPath, pictures.Value.PictureDecoderDirectory), installation),
        TimeSpan.FromSeconds(options.Value.EpubChildTimeoutSeconds),
        options.Value.EpubChildRecycleMiB * 1024L * 1024L,
        time,
        log);

    /// <summary>The answer to an order, both as epub.mjs knows them. Throws <see cref="IOException"/> with why there is none.</summary>
    public async Task<T> AskAsync<T>(object order, CancellationToken cancellationToken)
        where T : IChildAnswer
    {
        try
        {
            return await _child.AskAsync<T>(JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web), cancellationToken);
        }
        catch (TimeoutException slow)
        {
            throw new IOException($"It did not answer within {options.Value.EpubChildTimeoutSeconds} seconds (Exporter:EpubChildTimeoutSeconds).", slow);
        }
        catch (RenderException error)
        {
            throw new IOException(error.ForOperator, error);
        }
        catch (JsonException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>Ends the child after the order at hand.</summary>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static NodeChild Start(EpubOptions options, string directory, TypesetterInstallation installation)
    {
        if (!Directory.Exists(Path.Combine(directory, "node_modules")))
        {
            throw new IOException($"Run npm ci in {directory}, or set Exporter:PictureDecoderDirectory.");
        }

        // Bounds of WebAssembly that are checked by traps would want 8 GB of address space for each module.
        return NodeChild.Start(installation.FindNode(), Path.Combine(directory, "epub.mjs"), options.EpubChildAddressSpaceMiB * 1024L * 1024L, "--disable-wasm-trap-handler");
    }
}
