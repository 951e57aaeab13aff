using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Does one step: a span, up to three tries where another try may help (exponential back-off with jitter), and the commit that
/// makes its result durable. What it returns is not yet on disk; the journal says when it is.
/// </summary>
internal sealed class StepRunner(NodeRegistry registry, RunJournal journal, IOptions<WorkerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The commit of the finished step; throws <see cref="StepFault"/> when all tries failed.</summary>
    public async Task<RunCommit> RunAsync(WorkflowGraph graph, WorkflowNode node, StepKey step, RunState state, CancellationToken cancellationToken)
    {
        using var span = WorkerTelemetry.StartStep(node, step);
        var started = time.GetTimestamp();
        try
        {
            var context = new StepContext(node, step, state);
            var commit = await Tries(step, state).ExecuteAsync(
                async token => await ExecuteAsync(context, graph, token), cancellationToken);
            return Timed(commit, time.GetElapsedTime(started));
        }
        catch (StepFault fault)
        {
            fault.NodeId = node.Id;
            span.Fail(fault.ErrorClass, fault.Message);
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            span.Fail(ErrorClasses.Internal, error.GetType().Name);
            throw;
        }
    }

    private async ValueTask<RunCommit> ExecuteAsync(StepContext context, WorkflowGraph graph, CancellationToken cancellationToken)
    {
        return registry.For(context.Node) switch
        {
            IWriterNode writer => Chapter(context, await writer.ExecuteAsync(context, cancellationToken)),
            IDataNode data => Data(context, graph, await data.ExecuteAsync(context, cancellationToken)),
            IOutputNode output => Handover(context, output.Execute(context)),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no kind of node."),
        };
    }

    private static RunCommit Data(StepContext context, WorkflowGraph graph, DataResult result) => Commit(context, result.Kind, result.Content, result.Use) with
    {
        Book = result.Book,
        Progress = result.Book is null ? RunProgress.Planning(PlanningSteps(graph)) : RunProgress.Compilation,
        CurrentStep = string.Join(", ", graph.Successors(context.Node).Select(next => next.Data.Label ?? next.Id)),
        ChaptersTotal = result.Kind == OutputKinds.Outline ? Json.Read<Outline>(result.Content).Chapters.Count : null,
    };

    private static RunCommit Chapter(StepContext context, ChapterResult result)
    {
        var outline = context.State.Need<Outline>(OutputKinds.Outline, context.Name);
        var content = Json.Write(new { result.Number, Version = context.Step.Generation, result.Words });
        return Commit(context, OutputKinds.Chapter, content, result.Use) with
        {
            Chapter = new ChapterVersion(result.Number, context.Step.Generation, result.Title, result.Text, result.Words, context.Node.Id),
            Progress = RunProgress.Chapter(outline, result.Number),
            CurrentStep = $"{context.Name}: chapter {result.Number} of {outline.Chapters.Count}, {result.Title}",
        };
    }

    private static RunCommit Handover(StepContext context, HandoverResult result)
    {
        var formats = result.Order.Formats.Select(format => format.Key).ToList();
        var content = Json.Write(new { Order = result.Order.Number, Formats = formats });
        var commit = Commit(context, OutputKinds.Handover, content, default);
        return commit with
        {
            Events = [.. commit.Events, new JournalEvent(JournalEventTypes.ManuscriptCompiled, null, content)],
            Exports = result.Order,
            Command = RunCommand.Compile,
            CurrentStep = "Making " + string.Join(", ", result.Order.Formats.Select(format => format.Name)),
        };
    }

    private static RunCommit Commit(StepContext context, string kind, string content, ModelUse use) =>
        new(context.State.Lease, [new JournalEvent(JournalEventTypes.StepCompleted, context.Step)])
        {
            Output = new StepOutput(context.Step, kind, content, use.Model, use.InputTokens, use.OutputTokens),
        };

    private static RunCommit Timed(RunCommit commit, TimeSpan elapsed)
    {
        var output = commit.Output!;
        var data = Json.Write(new { output.Kind, commit.Chapter?.Words, output.Model, output.InputTokens, output.OutputTokens, Milliseconds = (int)elapsed.TotalMilliseconds });
        return commit with { Events = [commit.Events[0] with { Data = data }, .. commit.Events.Skip(1)] };
    }

    private static int PlanningSteps(WorkflowGraph graph) => graph.Nodes.Count(node =>
        node.Type is not NodeType.Output && !WorkflowGraph.Role(node).CanWrite && node.Data.AiEnabled);

    private ResiliencePipeline Tries(StepKey step, RunState state) => options.Value.Tries == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StepFault>(fault => fault.MayHelpToTryAgain),
            MaxRetryAttempts = options.Value.Tries - 1,
            Delay = FirstDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            OnRetry = async attempt =>
            {
                var fault = (StepFault)attempt.Outcome.Exception!;
                var data = Json.Write(new { Try = attempt.AttemptNumber + 1, fault.ErrorClass, fault.Message });
                await journal.CommitAsync(new RunCommit(state.Lease, [new JournalEvent(JournalEventTypes.StepRetried, step, data)]), attempt.Context.CancellationToken);
            },
        }).Build();
}
