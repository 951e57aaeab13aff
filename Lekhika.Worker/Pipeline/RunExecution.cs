using System.Diagnostics;
using System.Threading.Channels;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// One run on bounded channels: the scheduler gives due steps to a few step workers and takes back what is durable. A new run, a
/// resumed one and one taken over from a dead worker are the same code: all go on from what the database holds.
/// </summary>
internal sealed partial class RunExecution(
    RunLoader loader, RunJournal journal, StepRunner runner, NodeRegistry registry, ModelCatalogue models, WakeUpSignals signals, IOptions<WorkerOptions> options, ILogger<RunExecution> log)
{
    /// <summary>Works on the run until its manuscript is handed over, it fails, or <paramref name="cancellationToken"/> says that it is ours no longer.</summary>
    public async Task RunAsync(RunLease lease, CancellationToken cancellationToken)
    {
        try
        {
            if (await loader.LoadAsync(lease, cancellationToken) is { } snapshot)
            {
                await RunAsync(lease, snapshot, cancellationToken);
            }
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            // What is stored cannot be read by this version: taking it over again and again would not help.
            await FailAsync(lease, unreadable, null, cancellationToken);
        }
    }

    private async Task RunAsync(RunLease lease, RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        using var span = WorkerTelemetry.StartRun(lease, snapshot.TraceParent);
        if (snapshot.Status == RunStatus.Stopping)
        {
            await journal.CommitAsync(new RunCommit(lease, [new JournalEvent(JournalEventTypes.RunStopped)]) { Command = RunCommand.EndStop }, cancellationToken);
            return;
        }

        try
        {
            if (snapshot.ClaimsWithoutProgress > options.Value.ClaimsWithoutProgress)
            {
                throw StepFault.Permanent($"The run ended {options.Value.ClaimsWithoutProgress} workers in a row without getting on, so it is given up.");
            }

            var graph = WorkflowValidator.Graph(snapshot.Workflow);
            CheckRunnable(graph);
            if (await WriteAsync(graph, RunState.From(lease, snapshot), cancellationToken))
            {
                signals.Send(WakeUpTopic.Exports);
            }
        }
        catch (OwnershipLostException)
        {
            NotOurs(log, lease.ExecutionId, lease.Attempt);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseFaults.IsAway(error))
        {
            await FailAsync(lease, error, span, cancellationToken);
        }
    }

    /// <summary>What this worker cannot run is said before any model is asked.</summary>
    private void CheckRunnable(WorkflowGraph graph)
    {
        var writers = graph.Nodes.Where(node => registry.For(node) is IWriterNode).Select(node => node.Data.Label ?? node.Id).ToList();
        if (writers.Count > 1)
        {
            throw StepFault.Permanent($"The nodes '{string.Join("', '", writers)}' all write chapters; a book has one writer. Take the others out of the engine.");
        }

        foreach (var node in graph.Nodes)
        {
            if (registry.For(node) is not IOutputNode && node.Data.AiEnabled)
            {
                models.For(node);
            }
        }
    }

    private async Task FailAsync(RunLease lease, Exception error, Activity? span, CancellationToken cancellationToken)
    {
        var told = Tell(error);
        if (told.Class == ErrorClasses.Internal)
        {
            Failed(log, lease.ExecutionId, error);
        }

        span.Fail(told.Class, told.Message);
        await journal.CommitAsync(
            new RunCommit(lease, [new JournalEvent(JournalEventTypes.RunFailed, null, Json.Write(told))]) { Command = RunCommand.Fail, Error = told }, cancellationToken);
    }

    private async Task<bool> WriteAsync(WorkflowGraph graph, RunState state, CancellationToken cancellationToken)
    {
        var width = options.Value.StepsPerRun;
        var steps = Channel.CreateBounded<Due>(new BoundedChannelOptions(width) { SingleWriter = true });
        var ended = Channel.CreateBounded<Ended>(new BoundedChannelOptions(width) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, width).Select(_ => WorkAsync(graph, steps.Reader, ended.Writer, stop.Token)).ToArray();
        try
        {
            var scheduler = new RunScheduler(graph, registry);
            var inFlight = 0;
            Exception? failure = null;
            while (true)
            {
                // Never a blocking write: the scheduler must be free to take back what the workers have.
                foreach (var (node, step) in scheduler.Due(state))
                {
                    if (failure is not null || inFlight >= width || !steps.Writer.TryWrite(new Due(node, step, state)))
                    {
                        break;
                    }

                    scheduler.Given(step);
                    inFlight++;
                }

                if (inFlight == 0)
                {
                    return failure is null ? true : throw failure;
                }

                var end = await ended.Reader.ReadAsync(cancellationToken);
                inFlight--;
                try
                {
                    var commit = await end.Commit;
                    state = await end.Durable ? state.With(commit.Output!, commit.Chapter) : throw new OwnershipLostException();
                }
                catch (Exception error) when (error is not OperationCanceledException and not OwnershipLostException)
                {
                    // The neighbours in flight are paid for: they end and are kept, and nothing new is given out.
                    failure ??= error;
                }
            }
        }
        finally
        {
            steps.Writer.TryComplete();
            await stop.CancelAsync();
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(WorkflowGraph graph, ChannelReader<Due> steps, ChannelWriter<Ended> ended, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var due in steps.ReadAllAsync(cancellationToken))
            {
                var work = runner.RunAsync(graph, due.Node, due.Step, due.State, cancellationToken);
                await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                // The worker waits for room in the journal's queue, not for the disk: the next step starts while this one is written.
                // What is finished is written also when the work ends here; the attempt guards it.
                var durable = work.IsCompletedSuccessfully ? await journal.EnqueueAsync(await work, CancellationToken.None) : Task.FromResult(false);
                await ended.WriteAsync(new Ended(work, durable), cancellationToken);
            }
        }
        catch (Exception error)
        {
            // The scheduler must never wait for a stage that is gone.
            ended.TryComplete(error);
            throw;
        }
    }

    private static RunError Tell(Exception error) => error switch
    {
        StepFault fault => new RunError(fault.ErrorClass, fault.Message, fault.NodeId),
        InvalidWorkflowException invalid => new RunError(ErrorClasses.Permanent, RunError.Shorten(invalid.Message)),
        _ => new RunError(ErrorClasses.Internal, "Something went wrong on our side. Operators find it in the run's trace."),
    };

    [LoggerMessage(LogLevel.Information, "Run {ExecutionId} is held by another worker now (attempt {Attempt} was ours); its work stops here.")]
    private static partial void NotOurs(ILogger log, Guid executionId, int attempt);

    [LoggerMessage(LogLevel.Error, "Run {ExecutionId} failed.")]
    private static partial void Failed(ILogger log, Guid executionId, Exception error);

    private sealed record Due(WorkflowNode Node, StepKey Step, RunState State);

    private sealed record Ended(Task<RunCommit> Commit, Task<bool> Durable);

    private sealed class OwnershipLostException : Exception;
}
