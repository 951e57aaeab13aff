using System.Text.Json;

namespace Lekhika.Exporter.Children;

/// <summary>What every child says with its answer.</summary>
internal interface IChildAnswer
{
    /// <summary>The child's resident bytes after the order.</summary>
    long Memory { get; }
}

/// <summary>One <see cref="NodeChild"/>: started when it is first asked, replaced when it crashed, hung or grew. Orders wait for each other.</summary>
/// <param name="start">May throw what it likes when something is not installed.</param>
/// <param name="patience">How long one order may take.</param>
/// <param name="recycle">Resident bytes after an order above which the child is replaced.</param>
internal sealed partial class OwnedChild(Func<NodeChild> start, TimeSpan patience, long recycle, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NodeChild? _child;

    /// <summary>The child's process id while there is a child.</summary>
    public int? Id => _child?.Id;

    /// <summary>
    /// The answer to one order, a line of JSON in UTF-8. Throws <see cref="TimeoutException"/> when it took too long, <see cref="IOException"/> when the child
    /// ended over it; then the next order has a fresh child.
    /// </summary>
    public async Task<T> AskAsync<T>(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
        where T : IChildAnswer
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskInTurnAsync<T>(order, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the child after the order at hand.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await EndAsync();
        _turn.Dispose();
    }

    private async Task<T> AskInTurnAsync<T>(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
        where T : IChildAnswer
    {
        _child ??= start();
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var answer = JsonSerializer.Deserialize<T>(await _child.AskAsync(order, either.Token), JsonSerializerOptions.Web)!;
            if (answer.Memory > recycle)
            {
                Recycled(logger, answer.Memory / 1024 / 1024);
                await EndAsync();
            }

            return answer;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await EndAsync();
            throw new TimeoutException();
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    private async Task EndAsync()
    {
        var ending = _child;
        _child = null;
        if (ending is not null)
        {
            await ending.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The child held {Memory} MiB after an order and is replaced by a fresh one")]
    private static partial void Recycled(ILogger logger, long memory);
}
