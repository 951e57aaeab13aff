namespace Lekhika.AppHost.Local.Engine;

/// <summary>An instance's name is its resource's, with a number from 1 on where there are replicas.</summary>
internal sealed record Instance(string Resource, string Name);

/// <summary>The states of all instances, for those who wait and those who show them.</summary>
internal sealed class Board
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Instance, ResourceSnapshot> _snapshots = [];
    private readonly List<Action<Instance, ResourceSnapshot, ResourceSnapshot>> _observers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls the observer for one change after the other, with the state before and after.</summary>
    public void Observe(Action<Instance, ResourceSnapshot, ResourceSnapshot> observer)
    {
        lock (_lock)
        {
            _observers.Add(observer);
        }
    }

    public void Update(Instance instance, Func<ResourceSnapshot, ResourceSnapshot> change)
    {
        lock (_lock)
        {
            var before = _snapshots.GetValueOrDefault(instance) ?? new ResourceSnapshot(ResourceState.NotStarted);
            var after = change(before);
            _snapshots[instance] = after;
            if (after != before)
            {
                _observers.ForEach(observer => observer(instance, before, after));
                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public IReadOnlyList<(Instance Instance, ResourceSnapshot Snapshot)> Read()
    {
        lock (_lock)
        {
            return [.. _snapshots.Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>Nothing changes, and no observer is called, while the action runs; an observer may call this too.</summary>
    public void HoldStill(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    /// <summary>Completes with the first state, now or later, that fulfils the condition; it sees all instances of the resource.</summary>
    public async Task<IReadOnlyList<ResourceSnapshot>> WaitAsync(string resource, Func<IReadOnlyList<ResourceSnapshot>, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            IReadOnlyList<ResourceSnapshot> snapshots;
            lock (_lock)
            {
                changed = _changed.Task;
                snapshots = [.. _snapshots.Where(pair => pair.Key.Resource == resource).Select(pair => pair.Value)];
            }

            if (snapshots.Count > 0 && condition(snapshots))
            {
                return snapshots;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
