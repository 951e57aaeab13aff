using Lekhika.Exporter.Children;
using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Pdf;

/// <summary>Sets books, in one child. Books wait for each other; the compiler uses every core by itself.</summary>
internal sealed partial class Typesetter(TypesetterInstallation installation, IOptions<TypesetterOptions> options, TimeProvider time, ILogger<Typesetter> logger) : IAsyncDisposable
{
    private readonly OwnedChild _child = new(
        () => NodeChild.Start(installation.FindNode(), installation.Script, options.Value.TypesetterAddressSpaceMiB * 1024L * 1024L),
        TimeSpan.FromSeconds(options.Value.TypesetterTimeoutSeconds),
        options.Value.TypesetterRecycleMiB * 1024L * 1024L,
        time,
        logger);

    /// <summary>The child's process id while there is a child.</summary>
    public int? ChildId => _child.Id;

    /// <summary>
    /// Sets one book; a crash is tried once more on a fresh child, since it may have been somebody else's. Throws
    /// <see cref="RenderException"/> when something is not installed, the book cannot be set, or takes too long.
    /// </summary>
    public async Task<TypesetAnswer> SetAsync(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await _child.AskAsync<TypesetAnswer>(order, cancellationToken);
            }
            catch (IOException crash)
            {
                LogCrash(logger, crash.Message);
                return await _child.AskAsync<TypesetAnswer>(order, cancellationToken);
            }
        }
        catch (IOException crash)
        {
            throw new RenderException("No PDF: the typesetter stopped twice while setting this book.", crash.Message, crash);
        }
        catch (TimeoutException)
        {
            throw new RenderException($"No PDF: the typesetter did not finish within {options.Value.TypesetterTimeoutSeconds} seconds and was stopped. A shorter book may help.", "A longer Exporter:TypesetterTimeoutSeconds may help.");
        }
    }

    /// <summary>Ends the child after the book at hand.</summary>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The typesetter stopped while setting a book; trying once more on a fresh one: {Reason}")]
    private static partial void LogCrash(ILogger logger, string reason);
}

/// <summary>What the child answers: a PDF or an error.</summary>
/// <param name="Folios">The printed page number on which each chapter opens.</param>
/// <param name="Openings">The printed page number on which each thing with a heading opens: front-I and back-I by the section's index, part-N by the part's first chapter, colophon.</param>
/// <param name="Notes">What could not be done as asked, in sentences for people.</param>
/// <param name="Memory">The child's resident bytes after the book.</param>
internal sealed record TypesetAnswer(string Id, byte[]? Pdf, int Pages, IReadOnlyList<int>? Folios, IReadOnlyDictionary<string, string>? Openings, IReadOnlyList<string>? Notes, string? Error, long Memory) : IChildAnswer;
