using System.Collections.Concurrent;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Pipeline;

/// <summary>Graphs of workflow versions, which never change: read and checked once in a process, not once a run.</summary>
internal sealed class WorkflowCache(RunLoader loader)
{
    private const int Kept = 1_000;

    private readonly ConcurrentDictionary<Guid, WorkflowGraph> _graphs = new();

    /// <summary>The graph of a version; throws <see cref="InvalidWorkflowException"/> when it cannot run.</summary>
    public async ValueTask<WorkflowGraph> FindAsync(Guid userId, Guid versionId, CancellationToken cancellationToken)
    {
        if (_graphs.TryGetValue(versionId, out var known))
        {
            return known;
        }

        var graph = WorkflowValidator.Graph(await loader.WorkflowAsync(userId, versionId, cancellationToken));
        if (_graphs.Count >= Kept)
        {
            // Rare, and nothing is lost by it.
            _graphs.Clear();
        }

        return _graphs.GetOrAdd(versionId, graph);
    }
}
