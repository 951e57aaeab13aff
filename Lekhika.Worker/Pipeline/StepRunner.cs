using System.Diagnostics;
using System.Threading.Channels;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Policies;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// Does one step: a span, up to three tries where another try may help, each told what was wrong with the one before, and a checkpoint of
/// each scene that a stream has finished. What the tenant's policy refuses is no scene and no result. What it returns is not yet on disk; the run's loop makes it durable.
/// </summary>
internal sealed class StepRunner
{
    private static readonly ResiliencePropertyKey<StepTries> Key = new("lekhika.step");

    private readonly NodeRegistry _registry;
    private readonly RunJournal _journal;
    private readonly ContentGuard _guard;
    private readonly LiveSignals _live;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _tries;

    public StepRunner(NodeRegistry registry, RunJournal journal, ContentGuard guard, LiveSignals live, IOptions<WorkerOptions> options, TimeProvider time)
    {
        (_registry, _journal, _guard, _live, _time) = (registry, journal, guard, live, time);
        _tries = options.Value.Tries == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StepFault>(fault => RetryPolicy.MayHelp(fault.ErrorClass)),
            MaxRetryAttempts = options.Value.Tries - 1,
            DelayGenerator = attempt =>
            {
                var fault = (StepFault)attempt.Outcome.Exception!;
                return new(RetryPolicy.Delay(fault.ErrorClass, attempt.AttemptNumber + 1, fault.RetryAfter, Random.Shared.NextDouble()));
            },
            OnRetry = attempt => attempt.Context.Properties.GetValue(Key, null!).FailedAsync((StepFault)attempt.Outcome.Exception!, attempt.AttemptNumber + 1, attempt.Context.CancellationToken),
        }).Build();
    }

    /// <summary>The finished step; throws <see cref="StepFault"/> when all tries failed.</summary>
    /// <param name="parent">The run's span.</param>
    public async Task<StepResult> RunAsync(StepContext context, ActivityContext parent, CancellationToken cancellationToken)
    {
        using var span = WorkerTelemetry.StartStep(context.Node, context.Step, parent);
        var (started, startedAt) = (_time.GetTimestamp(), _time.GetUtcNow());
        var calls = new CallLog(context.State.Lease, _journal) { UnderWay = context.UnderWay };
        var tries = new StepTries(context with { Calls = calls }, _journal, _guard, new LiveText(context.State.Lease.ExecutionId, context.Step, _live, _time));
        var resilience = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            resilience.Properties.Set(Key, tries);
            var result = await _tries.ExecuteAsync(async static (resilience, runner) => await runner.ExecuteAsync(resilience.Properties.GetValue(Key, null!), resilience.CancellationToken), resilience, this);
            tries.Ended();
            return result with { Started = startedAt, Elapsed = _time.GetElapsedTime(started), Calls = calls.Take(), Taken = calls.Taken };
        }
        catch (CallParkedException parked)
        {
            return new StepResult { Parked = parked.Call };
        }
        catch (StepFault fault)
        {
            fault.Step = context.Step;
            span.Fail(fault.ErrorClass, fault.Message);
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            span.Fail(ErrorClasses.Internal, error.GetType().Name);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(resilience);
            await WriteAsync(context.State.Lease, calls.Take());
        }
    }

    /// <summary>The calls of a step that did not end well: nobody else would write them. Who holds the run no longer writes nothing.</summary>
    private async Task WriteAsync(RunLease lease, IReadOnlyList<ModelCallRecord> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        try
        {
            await _journal.EnqueueAsync(new RunCommit(lease, []) { Calls = calls }, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The worker stops; whoever goes on finds them begun and calls them orphans.
        }
    }

    private async Task<StepResult> ExecuteAsync(StepTries tries, CancellationToken cancellationToken)
    {
        var context = tries.Context;
        switch (_registry.For(context.Node))
        {
            case IWriterNode writer:
                var chapter = await writer.ExecuteAsync(context, cancellationToken);
                await _guard.CheckAsync(context, chapter.Text, tries.Written.TrimStart(), cancellationToken);
                return new StepResult(Chapter: chapter);
            case IDataNode node:
                var data = await node.ExecuteAsync(context, cancellationToken);
                if (data.Use.Model is not null)
                {
                    await _guard.CheckAsync(context, data.Content, cancellationToken);
                }

                return new StepResult(Data: data);
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is no step of a worker's.");
        }
    }

    /// <summary>What a step's tries know of each other: what was wrong, and which scenes are durable.</summary>
    private sealed class StepTries(StepContext context, RunJournal journal, ContentGuard guard, LiveText live)
    {
        private readonly List<SceneCheckpoint> _scenes = [.. context.State.Scenes[context.Step]];
        private string? _fault = context.Regeneration?.Fault;
        private SceneWatcher? _watcher;

        /// <summary>The beginning of the chapter that is durable, to the letter.</summary>
        public string Written => string.Concat(_scenes.Select(scene => scene.Content));

        /// <summary>The context of the next try.</summary>
        public StepContext Context
        {
            get
            {
                _watcher = new SceneWatcher(_scenes.Count);
                return context with { Fault = _fault, Written = Written, OnText = OnTextAsync };
            }
        }

        public async ValueTask FailedAsync(StepFault fault, int failed, CancellationToken cancellationToken)
        {
            _fault = fault.ErrorClass == ErrorClasses.InvalidAnswer ? fault.Message : _fault;
            var data = Json.Write(new { Try = failed, fault.ErrorClass, fault.Message });
            // A run that is ours no longer is not asked about again.
            if (!await journal.CommitAsync(new RunCommit(context.State.Lease, [new JournalEvent(JournalEventTypes.StepRetried, context.Step, data)]) { Calls = context.Calls.Take() }, cancellationToken))
            {
                throw new OwnershipLostException();
            }
        }

        /// <summary>Shows what of the text nobody has been shown yet.</summary>
        public void Ended() => live.End();

        private async ValueTask OnTextAsync(string piece, CancellationToken cancellationToken)
        {
            live.Add(piece);
            foreach (var (number, content) in _watcher!.Add(piece))
            {
                if (!Ai.NodeModels.IsText(content))
                {
                    // The whole answer will be refused for it.
                    return;
                }

                await guard.CheckAsync(context, content, "", cancellationToken);
                var scene = new SceneCheckpoint(context.Step, number, content);
                var data = Json.Write(new { scene = number, words = Core.Manuscripts.WordCount.Of(content) });
                // Waits for room in the journal's queue, not for the disk: the stream goes on while the scene is written.
                await journal.EnqueueAsync(
                    new RunCommit(context.State.Lease, [new JournalEvent(JournalEventTypes.SceneCompleted, context.Step, data)]) { Scene = scene }, cancellationToken);
                _scenes.Add(scene);
            }
        }
    }
}

/// <summary>What a step has made: data or a chapter.</summary>
internal sealed record StepResult(DataResult? Data = null, ChapterResult? Chapter = null)
{
    public DateTimeOffset Started { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>The calls of models that were made for it.</summary>
    public IReadOnlyList<ModelCallRecord> Calls { get; init; } = [];

    /// <summary>In place of all else: the call that waits for a batch before the step can go on.</summary>
    public ParkedCall? Parked { get; init; }

    /// <summary>The parked call that it was made of.</summary>
    public TakenCall? Taken { get; init; }
}
