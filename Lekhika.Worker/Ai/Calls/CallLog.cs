using System.Collections.Concurrent;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Ai.Calls;

/// <summary>The calls of models that a step makes: the intent is durable before a call that costs something, the outcome goes with the step.</summary>
internal sealed class CallLog(RunLease lease, RunJournal journal)
{
    private readonly ConcurrentQueue<ModelCallRecord> _ended = new();

    /// <summary>What is told to be under way, with the first intent; null when that was told.</summary>
    public string? UnderWay { get; set; }

    /// <summary>The parked call whose answer the step is made of; null when it is made of none.</summary>
    public TakenCall? Taken { get; set; }

    /// <summary>Ends when the intent is on disk.</summary>
    /// <exception cref="OwnershipLostException">Another worker holds the run: the call must not be made.</exception>
    public async Task BeginAsync(ModelCallRecord call, CancellationToken cancellationToken)
    {
        var intent = new RunCommit(lease, []) { Calls = [call], CurrentStep = UnderWay };
        // Further calls of the step would put it before what has ended since.
        UnderWay = null;
        if (!await journal.CommitAsync(intent, cancellationToken))
        {
            throw new OwnershipLostException();
        }
    }

    /// <summary>Keeps the outcome for the step's next commit.</summary>
    public void End(ModelCallRecord call) => _ended.Enqueue(call);

    /// <summary>The outcomes since the last time.</summary>
    public IReadOnlyList<ModelCallRecord> Take()
    {
        var taken = new List<ModelCallRecord>();
        while (_ended.TryDequeue(out var call))
        {
            taken.Add(call);
        }

        return taken;
    }
}
