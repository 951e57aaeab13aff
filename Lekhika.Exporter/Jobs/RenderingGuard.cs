using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Jobs;

/// <summary>A file took longer than it may.</summary>
internal sealed class RenderingTooLongException : Exception;

/// <summary>
/// Gives the making of each file its time. One that does not end when it is told to cannot be ended from outside, since a thread cannot be killed:
/// then this exporter ends, and whoever runs it starts a fresh one. Other jobs are handed back as with any end.
/// </summary>
internal sealed partial class RenderingGuard(IOptions<ExporterOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RenderingGuard> log)
{
    private int _stuck;

    /// <summary>Whether something did not end.</summary>
    public bool IsStuck => _stuck > 0;

    /// <summary>
    /// Does the work on a thread of its own. Throws <see cref="RenderingTooLongException"/> when it takes longer than a file may. However it is told to end, this
    /// returns when the work has ended, or is given up: until then it takes a core and memory, which the next file would need.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.JobTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var token = either.Token;
        var working = Task.Run(() => work(token), CancellationToken.None);
        try
        {
            return await working.WaitAsync(token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await EndAsync(working);
            throw new RenderingTooLongException();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(working);
            throw;
        }
    }

    private async Task EndAsync(Task working)
    {
        await Task.WhenAny(working, Task.Delay(TimeSpan.FromSeconds(options.Value.StuckSeconds), time));
        if (!working.IsCompleted)
        {
            Interlocked.Increment(ref _stuck);
            Stuck(log);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Critical, "A rendering did not end when it was told to. This exporter ends, so that a fresh one takes its place.")]
    private static partial void Stuck(ILogger log);
}
