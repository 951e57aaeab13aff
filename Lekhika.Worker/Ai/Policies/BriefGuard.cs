using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Ai.Policies;

/// <summary>
/// Has moderation models judge what a run is to be about, before any model writes for it. The Api has held the brief against the word rules
/// when it came; it has no providers' keys, so this is the worker's.
/// </summary>
internal sealed class BriefGuard(ModelCatalogue catalogue, Moderator moderator, RunJournal journal)
{
    /// <summary>Judges the brief of a run that has paid for nothing yet; a step that was paid for is one that came after.</summary>
    /// <exception cref="StepFault">It is refused.</exception>
    public async Task CheckAsync(RunLease lease, WorkflowGraph graph, RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Outputs.Any(output => output.InputTokens + output.OutputTokens > 0)
            || await catalogue.ForAsync(lease.UserId, cancellationToken) is not { Moderations.Count: > 0 } models)
        {
            return;
        }

        var input = graph.Node(graph.TopologicalOrder[0]);
        var log = new CallLog(lease, journal);
        try
        {
            var call = new ModelCall(lease, new StepKey(input.Id, 0, 1), input.Data.Role ?? "", Moderator.Task, [], log);
            var brief = JsonElement.Parse(Json.Write(snapshot.Brief.ForWriting()));
            if (await moderator.FindAsync(call, models.Moderations, models.Policy, string.Join('\n', PolicyRules.Texts(brief)), cancellationToken) is { } finding)
            {
                throw new StepFault(ErrorClasses.Refused, $"The brief asks for what is not written here: {finding.What}. Change the brief or the content policy.");
            }
        }
        finally
        {
            if (log.Take() is { Count: > 0 } calls)
            {
                await journal.EnqueueAsync(new RunCommit(lease, []) { Calls = calls }, CancellationToken.None);
            }
        }
    }
}
