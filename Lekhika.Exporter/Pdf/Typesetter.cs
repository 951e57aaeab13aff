using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// Owns the one <see cref="TypesetterProcess"/>: starts it with the first book, replaces it when it crashed, hung or grew,
/// and ends it with the exporter. Books wait for each other; the compiler uses every core by itself.
/// </summary>
internal sealed partial class Typesetter(
    TypesetterInstallation installation, IOptions<TypesetterOptions> options, TimeProvider time, ILogger<Typesetter> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TypesetterProcess? _child;

    /// <summary>The child's process id while there is a child.</summary>
    public int? ChildId => _child?.Id;

    /// <summary>
    /// Sets one book; a crash is tried once more on a fresh child, since it may have been somebody else's. Throws
    /// <see cref="RenderException"/> when something is not installed, the book cannot be set, or takes too long.
    /// </summary>
    public async Task<TypesetAnswer> SetAsync(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            try
            {
                return await SetOnceAsync(order, cancellationToken);
            }
            catch (IOException crash)
            {
                LogCrash(logger, crash.Message);
                return await SetOnceAsync(order, cancellationToken);
            }
        }
        catch (IOException crash)
        {
            throw new RenderException("No PDF: the typesetter stopped twice while setting this book.", crash.Message, crash);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the child after the book at hand.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await EndChildAsync();
        _turn.Dispose();
    }

    private async Task<TypesetAnswer> SetOnceAsync(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        _child ??= TypesetterProcess.Start(installation, options.Value);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TypesetterTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var answer = await _child.SetAsync(order, either.Token);
            if (answer.Memory > options.Value.TypesetterRecycleMiB * 1024L * 1024L)
            {
                LogRecycled(logger, answer.Memory / 1024 / 1024);
                await EndChildAsync();
            }

            return answer;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await EndChildAsync();
            throw new RenderException($"No PDF: the typesetter did not finish within {options.Value.TypesetterTimeoutSeconds} seconds and was stopped. A shorter book may help.", "A longer Exporter:TypesetterTimeoutSeconds may help.");
        }
        catch
        {
            await EndChildAsync();
            throw;
        }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The typesetter stopped while setting a book; trying once more on a fresh one: {Reason}")]
    private static partial void LogCrash(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The typesetter held {Memory} MiB after a book and is replaced by a fresh one")]
    private static partial void LogRecycled(ILogger logger, long memory);
}
