namespace Lekhika.Worker.Ai.Chain;

/// <summary>One at a time, in the order of their numbers.</summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private bool _isTaken;
    private long _last;

    /// <summary>Whether it is nobody's turn, and nobody waits for his.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isTaken;
            }
        }
    }

    /// <summary>A number after all others.</summary>
    public long Number() => Interlocked.Increment(ref _last);

    /// <summary>Waits for the turn; whoever has it ends it with <see cref="Next"/>.</summary>
    public async ValueTask WaitAsync(long number, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            _waiting.Enqueue(turn, number);
        }

        await using var giveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>Ends the turn: the next is that of the lowest number.</summary>
    public void Next()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var turn, out _))
            {
                if (turn.TrySetResult())
                {
                    return;
                }
            }

            _isTaken = false;
        }
    }
}
