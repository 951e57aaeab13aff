using System.Diagnostics;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// Waits until a moment, to about a tenth of a millisecond on a machine that is not full. Timers of the runtime (Task.Delay) count
/// whole milliseconds and come about one late, which in a rehearsal would pass for the engine's overhead. So one thread of its own
/// sleeps until shortly before the next moment and spins for the rest, a millisecond or so. It does not give up its turn in that time
/// (Thread.Yield): on a machine that is full Linux answers that with turns further and further apart.
/// </summary>
internal sealed class PreciseTimer
{
    /// <summary>What a sleep may come late, with room to spare.</summary>
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Turns of a busy loop between two looks at the clock: about a microsecond.</summary>
    private const int Spins = 30;

    // A Lock has no Wait and Pulse.
    private readonly object _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    public PreciseTimer() => new Thread(Run) { IsBackground = true, Name = "simulated model" }.Start();

    /// <param name="moment">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    public async Task UntilAsync(long moment, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellationToken.Register(() => reached.TrySetCanceled(cancellationToken));
        lock (_gate)
        {
            _waiting.Enqueue(reached, moment);
            Monitor.Pulse(_gate);
        }

        await reached.Task;
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                if (Next() is not { } left)
                {
                    Monitor.Wait(_gate);
                }
                else if (left - Fine is { TotalMilliseconds: >= 1 } sleep)
                {
                    Monitor.Wait(_gate, (int)sleep.TotalMilliseconds);
                }
            }

            Thread.SpinWait(Spins);
        }
    }

    /// <summary>Ends the waits whose moment has come; the time left until the next one, null when nobody waits. Called with the gate held.</summary>
    private TimeSpan? Next()
    {
        while (_waiting.TryPeek(out var first, out var moment))
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment);
            if (left > TimeSpan.Zero)
            {
                return left;
            }

            _waiting.Dequeue();
            first.TrySetResult();
        }

        return null;
    }
}
