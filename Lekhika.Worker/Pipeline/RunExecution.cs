using System.Diagnostics;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Lekhika.Worker.Ai.Policies;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// A claimed run. A new run, a resumed one and one taken over from a dead worker are the same code: all go on from what the
/// database holds.
/// </summary>
internal sealed partial class RunExecution(RunServices services, WorkflowCache workflows, PromptCache prompts, ModelCatalogue models, BriefGuard briefs, ILogger<RunExecution> log)
{
    /// <summary>Works on the run until it is handed over, rests or ends, or <paramref name="cancellationToken"/> says that it is ours no longer.</summary>
    /// <param name="loaded">What the database holds; null when it was not read with the claim.</param>
    public async Task RunAsync(RunLease lease, RunSnapshot? loaded, ActiveRun active, CancellationToken cancellationToken)
    {
        try
        {
            if ((loaded ?? await services.Loader.LoadAsync(lease, cancellationToken)) is { } snapshot)
            {
                await RunLoadedAsync(lease, snapshot, active, cancellationToken);
            }
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            // What is stored cannot be read by this version: taking it over again and again would not help.
            await FailAsync(lease, unreadable, null, null, cancellationToken);
        }
        catch (Exception error) when (DatabaseFaults.IsAway(error) && !cancellationToken.IsCancellationRequested)
        {
            // Given back as soon as it answers again, instead of being left to the lease; and no claim is counted that came to nothing by it.
            Away(log, lease.ExecutionId, error.Message);
            await services.Journal.CommitAsync(StepCommits.Ended(lease, RunCommand.HandBack, JournalEventTypes.RunHandedBack), cancellationToken);
        }
    }

    private async Task RunLoadedAsync(RunLease lease, RunSnapshot snapshot, ActiveRun active, CancellationToken cancellationToken)
    {
        using var span = WorkerTelemetry.StartRun(lease, snapshot.TraceParent);
        RunLoop? loop = null;
        try
        {
            if (snapshot.FruitlessClaims > services.Options.ClaimsWithoutProgress)
            {
                throw StepFault.Permanent($"The run ended {services.Options.ClaimsWithoutProgress} workers in a row without getting on, so it is given up.");
            }

            var graph = await workflows.FindAsync(lease.UserId, snapshot.WorkflowVersionId, cancellationToken);
            await CheckRunnableAsync(lease.UserId, graph, cancellationToken);
            await briefs.CheckAsync(lease, graph, snapshot, cancellationToken);
            var texts = await prompts.FindAsync(lease.UserId, snapshot.PromptVersions, cancellationToken);
            loop = new RunLoop(services, lease, graph, texts, snapshot, active, span, cancellationToken);
            await loop.RunAsync(cancellationToken);
        }
        catch (OwnershipLostException)
        {
            NotOurs(log, lease.ExecutionId, lease.Attempt);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseFaults.IsAway(error))
        {
            await FailAsync(lease, error, loop, span, cancellationToken);
        }
        finally
        {
            loop?.Dispose();
        }
    }

    /// <summary>What this worker cannot run is said before any model is asked.</summary>
    private async Task CheckRunnableAsync(Guid userId, WorkflowGraph graph, CancellationToken cancellationToken)
    {
        var tenant = await models.ForAsync(userId, cancellationToken);
        foreach (var node in graph.Nodes)
        {
            if (services.Registry.For(node) is PictureNode)
            {
                // One behind a condition may never be reached; then nobody misses its model.
                if (!graph.Ancestors(node.Id).Any(id => graph.Node(id).Type == NodeType.Condition))
                {
                    tenant.Painters(node.Data.Label ?? node.Id, node.Data.Role!, RoleContracts.For(node.Data.Role!)!.Makes, node.Data.SelectedModels ?? []);
                }

                continue;
            }

            if (services.Registry.For(node) is IWriterNode or IDataNode and not (ConditionNode or CompilerNode) && node.Data.AiEnabled)
            {
                tenant.Candidates(node.Data.Label ?? node.Id, node.Data.Role!, RoleContracts.For(node.Data.Role!)!.Makes, node.Data.SelectedModels ?? []);
            }
        }
    }

    private async Task FailAsync(RunLease lease, Exception error, RunLoop? loop, Activity? span, CancellationToken cancellationToken)
    {
        var told = Tell(error);
        if (told.Class == ErrorClasses.Internal)
        {
            Failed(log, lease.ExecutionId, error);
        }

        span.Fail(told.Class, told.Message);
        var written = await services.Journal.CommitAsync(
            new RunCommit(lease, [new JournalEvent(JournalEventTypes.RunFailed, null, Json.Write(told))])
            {
                Command = RunCommand.Fail,
                Error = told,
                FailedStep = (error as StepFault)?.Step,
                Book = loop?.Part(),
            },
            cancellationToken);
        if (!written)
        {
            // Ours no longer, or a stop came first: then the stop is the end.
            await services.Journal.CommitAsync(StepCommits.Ended(lease, RunCommand.EndStop, JournalEventTypes.RunStopped) with { Book = loop?.Part() }, cancellationToken);
        }
    }

    private static RunError Tell(Exception error) => error switch
    {
        StepFault fault => new RunError(fault.ErrorClass, fault.Message, fault.Step?.NodeId),
        InvalidWorkflowException invalid => new RunError(ErrorClasses.Permanent, RunError.Shorten(invalid.Message)),
        _ => new RunError(ErrorClasses.Internal, "Something went wrong on our side. Operators find it in the run's trace."),
    };

    [LoggerMessage(LogLevel.Information, "Run {ExecutionId} is held by another worker now (attempt {Attempt} was ours); its work stops here.")]
    private static partial void NotOurs(ILogger log, Guid executionId, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {ExecutionId} is given back: the database does not answer ({Reason}).")]
    private static partial void Away(ILogger log, Guid executionId, string reason);

    [LoggerMessage(LogLevel.Error, "Run {ExecutionId} failed.")]
    private static partial void Failed(ILogger log, Guid executionId, Exception error);
}
