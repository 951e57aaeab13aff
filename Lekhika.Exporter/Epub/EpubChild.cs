using Lekhika.Exporter.Children;
using Lekhika.Exporter.Images;
using Lekhika.Exporter.Pdf;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Epub;

/// <summary>Asks a script of the decoder's folder for what goes into an EPUB, one order at a time, in a child that lives for one order: what it makes is kept, so it is rarely asked.</summary>
internal sealed class EpubChild(
    IOptions<EpubOptions> options, IOptions<PictureOptions> pictures, TypesetterInstallation installation, IHostEnvironment environment, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _directory = Path.Combine(environment.ContentRootPath, pictures.Value.PictureDecoderDirectory);

    /// <summary>
    /// The answer's line. Throws <see cref="IOException"/> when the script's package is not installed or the child died, <see cref="TimeoutException"/>
    /// when it took too long, and <see cref="Rendering.RenderException"/> when there is no Node or typesetter.
    /// </summary>
    public async Task<string> AskAsync(string script, string package, ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(_directory, "node_modules", package)))
        {
            throw new IOException($"Run npm ci in {_directory}, or set Exporter:PictureDecoderDirectory.");
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskChildAsync(Path.Combine(_directory, script), order, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string> AskChildAsync(string script, ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        // Bounds of WebAssembly that are checked by traps would want 8 GB of address space for each module.
        await using var child = NodeChild.Start(installation.FindNode(), script, options.Value.EpubChildAddressSpaceMiB * 1024L * 1024L, "--disable-wasm-trap-handler");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.EpubChildTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await child.AskAsync(order, either.Token);
        }
        catch (OperationCanceledException cancelled) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{script} did not answer within {options.Value.EpubChildTimeoutSeconds} seconds (Exporter:EpubChildTimeoutSeconds).", cancelled);
        }
    }
}
