namespace Lekhika.Testing.Otlp;

/// <summary>What has arrived so far of one kind, in order of arrival, and a way to await more. Safe for use by many threads.</summary>
public sealed class Received<T>
{
    private readonly Lock _lock = new();
    private readonly string _kind;
    private readonly Func<T, string> _describe;
    private IReadOnlyList<T> _items = [];
    private TaskCompletionSource _changed = NewSignal();

    internal Received(string kind, Func<T, string> describe)
    {
        _kind = kind;
        _describe = describe;
    }

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_lock)
            {
                return _items;
            }
        }
    }

    /// <summary>Waits until the condition holds for what has arrived, and returns that snapshot.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; the message names what did arrive.</exception>
    public async Task<IReadOnlyList<T>> WaitForAsync(Func<IReadOnlyList<T>, bool> condition, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var expired = new CancellationTokenSource(deadline);
        while (true)
        {
            var (items, changed) = Look();
            if (condition(items))
            {
                return items;
            }

            try
            {
                await changed.WaitAsync(expired.Token);
            }
            catch (OperationCanceledException late)
            {
                var seen = string.Join("\n  ", items.TakeLast(50).Select(_describe));
                throw new TimeoutException($"Waited {deadline} in vain. {items.Count} {_kind} arrived, the last of them:\n  {seen}", late);
            }
        }
    }

    internal void Add(IEnumerable<T> items)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _items = [.. _items, .. items];
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private (IReadOnlyList<T> Items, Task Changed) Look()
    {
        lock (_lock)
        {
            return (_items, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
