using System.Diagnostics;
using System.Threading.Channels;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// One run, from what the database holds to its next rest or end. The loop is the only one that changes the run's state and, but for scenes
/// and retries, the only one that writes to its journal: due steps go to the step workers, what they bring back is folded and enqueued in order, and
/// what depends on it becomes due at once, while the disk still writes (docs/adr/0009).
/// </summary>
internal sealed class RunLoop : IDisposable
{
    /// <summary>Finished steps whose commits are not answered yet; more would be lost with the process when the disk is slow.</summary>
    private const int MostUnconfirmed = 32;

    /// <summary>Nodes at work that are called by their names; of further ones the number is told.</summary>
    private const int MostNamed = 3;

    private readonly RunServices _services;
    private readonly RunScheduler _scheduler;
    private readonly ActiveRun _active;
    private readonly Activity? _span;
    private readonly int _width;
    private readonly bool _hasPreviews;
    private readonly Channel<RunMessage> _inbox;
    private readonly CancellationTokenSource _steps;
    private readonly Queue<Task<bool>> _unconfirmed = new();
    private readonly HashSet<StepKey> _parked = [];
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);

    private RunState _state;
    private IReadOnlyDictionary<string, NodeStanding> _standings;
    private int _inFlight;
    private bool _stopping;
    private bool _pausing;
    private Exception? _failure;
    private string? _underWay;

    public RunLoop(RunServices services, RunLease lease, WorkflowGraph graph, PromptSet prompts, RunSnapshot snapshot, ActiveRun active, Activity? span, CancellationToken cancellationToken)
    {
        (_services, _active, _span) = (services, active, span);
        _width = services.Options.StepsPerRun;
        _hasPreviews = graph.Nodes.Any(node => node.Type == NodeType.Preview);
        _scheduler = new RunScheduler(graph, services.Registry);
        // Room for all that can be told at one time, so that nobody who tells ever waits.
        _inbox = Channel.CreateBounded<RunMessage>(new BoundedChannelOptions(_width + MostUnconfirmed + 2) { SingleReader = true });
        _steps = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _state = RunState.From(lease, graph, snapshot, prompts);
        _standings = _scheduler.Standings(_state);
        Heed(snapshot);
        active.OnRequest(() => _inbox.Writer.TryWrite(new RunMessage.Requested()));
    }

    private RunLease Lease => _state.Lease;

    private bool GivesNothingOut => _stopping || _pausing || _failure is not null;

    private ActivityContext Span => _span?.Context ?? default;

    /// <summary>Works until the run is handed over, rests or has ended.</summary>
    /// <exception cref="OwnershipLostException">Another worker holds the run.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await PreviewsAsync(cancellationToken);
                await GiveOutAsync(cancellationToken);
                if (_inFlight > 0)
                {
                    await TakeAsync(await _inbox.Reader.ReadAsync(cancellationToken), cancellationToken);
                }
                else if (!_inbox.Reader.TryRead(out var message))
                {
                    if (await RestAsync(cancellationToken))
                    {
                        return;
                    }
                }
                else
                {
                    await TakeAsync(message, cancellationToken);
                }
            }
        }
        finally
        {
            await _steps.CancelAsync();
            await AwaitStepsAsync();
        }
    }

    public void Dispose() => _steps.Dispose();

    /// <summary>Gives due steps out, as many as may be in flight.</summary>
    private async Task GiveOutAsync(CancellationToken cancellationToken)
    {
        if (GivesNothingOut)
        {
            return;
        }

        try
        {
            foreach (var step in _scheduler.Due(_state, _standings).Where(step => IsWork(step) && !IsInBatch(step)).Take(_width - _inFlight).ToList())
            {
                _scheduler.Given(step.Step);
                await _services.Workers.GiveAsync(new StepOrder(step with { UnderWay = _underWay ??= UnderWay() }, Span, message => _inbox.Writer.TryWrite(message), _steps.Token), cancellationToken);
                // Counted when it is given: nobody would ever end one that was not, and the loop waits for all that it counts.
                _inFlight++;
            }
        }
        catch (StepFault fault)
        {
            // A fan-out whose list is none, for instance: known before any step of it.
            _failure = fault;
        }
    }

    /// <summary>Whether a parked call for what the step is made of now waits for its batch; the step is then as good as given out.</summary>
    private bool IsInBatch(StepContext step)
    {
        if (!_state.BatchCalls.TryGetValue(step.Step, out var call) || !call.IsWaiting || !BatchLane.Fits(call, step))
        {
            return false;
        }

        _scheduler.Given(step.Step);
        _parked.Add(step.Step);
        return true;
    }

    private bool IsWork(StepContext step) => _services.Registry.For(step.Node) is IDataNode or IWriterNode;

    private async Task TakeAsync(RunMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case RunMessage.StepEnded ended:
                _inFlight--;
                await FoldAsync(ended.Step, ended.Work, cancellationToken);
                break;
            case RunMessage.NotCommitted commit:
                // Throws what the database said.
                throw await commit.Durable ? new UnreachableException() : new OwnershipLostException();
            case RunMessage.Requested:
                await LookAsync(cancellationToken);
                break;
        }
    }

    private async Task FoldAsync(StepContext step, Task<StepResult> work, CancellationToken cancellationToken)
    {
        StepResult result;
        try
        {
            result = await work;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A stop has reached the running call.
            return;
        }
        catch (Exception error)
        {
            // The neighbours in flight are paid for: they end and are kept, and nothing new is given out.
            _failure ??= error;
            return;
        }

        if (result.Parked is { } parked)
        {
            _parked.Add(step.Step);
            _state = _state.With(new BatchCall(parked.Call.Id, step.Step, "waiting", parked.Inputs));
            await EnqueueAsync(StepCommits.Parked(Lease, parked), cancellationToken);
            return;
        }

        if (step.Step.Generation > 1)
        {
            _inputs.Clear();
            _scheduler.Forget();
            foreach (var waiting in _parked)
            {
                // What it was asked for may be another thing now.
                _scheduler.Back(waiting);
            }

            _parked.Clear();
        }

        var (output, chapter) = StepCommits.Output(step, result, InputsOf(step));
        _state = result.Data?.Book is null ? _state.With(output, chapter) : _state.With(output, chapter).WithBook();
        Reckon();
        _underWay = chapter is null ? UnderWay() : null;
        await EnqueueAsync(StepCommits.Finished(step, result, output, chapter, Figures(), _underWay), cancellationToken);
        if (output.Kind == OutputKinds.Decision && _scheduler.NewlySkipped(_standings) is { Count: > 0 } skipped)
        {
            await EnqueueAsync(new RunCommit(Lease, [new JournalEvent(JournalEventTypes.NodesSkipped, step.Step, Json.Write(new { nodes = skipped }))]), cancellationToken);
        }
    }

    /// <summary>Reads what has been asked of the run.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        _active.TakeRequest();
        var snapshot = await _services.Loader.LoadAsync(Lease, cancellationToken) ?? throw new OwnershipLostException();
        _state = _state.With(snapshot);
        _inputs.Clear();
        _scheduler.Forget();
        Reckon();
        Heed(snapshot);
        await EnqueueAsync(new RunCommit(Lease, []) { RequestsSeen = snapshot.Requests }, cancellationToken);
        if (_stopping)
        {
            await _steps.CancelAsync();
        }
    }

    private void Heed(RunSnapshot snapshot)
    {
        _stopping |= snapshot.Status == RunStatus.Stopping;
        _pausing = snapshot.PauseRequested;
    }

    /// <summary>Nothing is under way and nothing is due: the run ends, rests, or goes on after all. True when the worker is done with it.</summary>
    private async Task<bool> RestAsync(CancellationToken cancellationToken)
    {
        if (_stopping)
        {
            return await EndAsync(StepCommits.Ended(Lease, RunCommand.EndStop, JournalEventTypes.RunStopped) with { Book = Part() }, cancellationToken);
        }

        if (_failure is not null)
        {
            throw _failure;
        }

        if (_pausing)
        {
            return await EndAsync(StepCommits.Ended(Lease, RunCommand.Pause, JournalEventTypes.RunPaused, new { reason = "request" }) with { Book = Part() }, cancellationToken);
        }

        var due = _scheduler.Due(_state, _standings).ToList();
        if (_parked.Count(_state.IsOpen) is var waiting and > 0)
        {
            return await EndAsync(StepCommits.InBatch(Lease, waiting, due.FindAll(step => step.Node.Type == NodeType.Preview)) with { Figures = Figures(), Book = Part() }, cancellationToken);
        }

        if (due.Find(step => step.Node.Type == NodeType.Output) is { } output)
        {
            return await HandOverAsync(output, cancellationToken);
        }

        if (due.Count == 0)
        {
            return await EndAsync(StepCommits.Ended(Lease, RunCommand.Finish, JournalEventTypes.RunCompleted) with { Figures = Figures() with { Progress = 100 }, CurrentStep = "" }, cancellationToken);
        }

        // What was shown waits for a word.
        return due.TrueForAll(step => step.Node.Type == NodeType.Preview)
            ? await EndAsync(
                StepCommits.Ended(Lease, RunCommand.Pause, JournalEventTypes.RunPaused, new { reason = "approval", nodes = due.Select(step => step.Node.Id) }) with
                {
                    CurrentStep = $"Waits for your word: {string.Join(", ", due.Select(step => step.Name))}",
                    Book = Part(),
                },
                cancellationToken)
            : throw new InvalidOperationException("Nothing of the run can go on, and nothing says why.");
    }

    /// <summary>Puts previews that are due before a person at once, whatever else goes on, and takes what was said to them.</summary>
    private async Task PreviewsAsync(CancellationToken cancellationToken)
    {
        if (!_hasPreviews || GivesNothingOut)
        {
            return;
        }

        foreach (var step in DuePreviews())
        {
            var preview = _state.Previews.GetValueOrDefault(step.Node.Id);
            if (preview is { Decision: "approved" } && preview.Generation == step.Step.Generation)
            {
                var result = new StepResult(new DataResult(OutputKinds.Approval, Json.Write(new { approved = true, attempt = preview.Generation }))) { Started = _services.Time.GetUtcNow() };
                await FoldAsync(step, Task.FromResult(result), cancellationToken);
            }
            else if (preview?.Generation != step.Step.Generation)
            {
                await ShowAsync(step, cancellationToken);
            }
        }
    }

    private List<StepContext> DuePreviews()
    {
        try
        {
            return [.. _scheduler.Due(_state, _standings).Where(step => step.Node.Type == NodeType.Preview)];
        }
        catch (StepFault fault)
        {
            _failure = fault;
            return [];
        }
    }

    private async Task ShowAsync(StepContext step, CancellationToken cancellationToken)
    {
        var content = ((IPreviewNode)_services.Registry.For(step.Node)).Shows(step);
        _state = _state.With(new PreviewState(step.Node.Id, step.Step.Generation, null, null));
        await EnqueueAsync(
            new RunCommit(Lease, [new JournalEvent(JournalEventTypes.PreviewWaiting, step.Step)]) { Preview = new PreviewRecord(step.Node.Id, step.Step.Generation, content) },
            cancellationToken);
    }

    private async Task<bool> HandOverAsync(StepContext step, CancellationToken cancellationToken)
    {
        using var span = WorkerTelemetry.StartStep(step.Node, step.Step, Span);
        var order = ((IOutputNode)_services.Registry.For(step.Node)).Execute(step);
        if (!await EndAsync(StepCommits.HandedOver(step, order, InputsOf(step), Figures()), cancellationToken))
        {
            return false;
        }

        _services.Signals.Send(Persistence.Signals.WakeUpTopic.Exports);
        return true;
    }

    /// <summary>Makes a transition durable; false when the run's state forbids it, as somebody has asked something in the meantime.</summary>
    private async Task<bool> EndAsync(RunCommit transition, CancellationToken cancellationToken)
    {
        if (await await _services.Journal.EnqueueAsync(transition, cancellationToken, Span))
        {
            return true;
        }

        await LookAsync(cancellationToken);
        return false;
    }

    /// <summary>Hands a commit to the journal, in the order of the run, and goes on without waiting for the disk.</summary>
    private async Task EnqueueAsync(RunCommit commit, CancellationToken cancellationToken)
    {
        while (_unconfirmed.TryPeek(out var oldest) && (oldest.IsCompletedSuccessfully || _unconfirmed.Count >= MostUnconfirmed))
        {
            if (!await oldest.WaitAsync(cancellationToken))
            {
                throw new OwnershipLostException();
            }

            _ = _unconfirmed.Dequeue();
        }

        // What is finished is written also when the work ends here; the attempt guards it.
        var durable = await _services.Journal.EnqueueAsync(commit, CancellationToken.None, Span);
        _unconfirmed.Enqueue(durable);
        _ = durable.ContinueWith(
            (task, inbox) =>
            {
                if (!task.IsCompletedSuccessfully || !task.Result)
                {
                    ((Channel<RunMessage>)inbox!).Writer.TryWrite(new RunMessage.NotCommitted(task));
                }
            },
            _inbox, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The nodes at work, for people; null when they are chapters of which each tells itself, or there are none.</summary>
    private string? UnderWay()
    {
        var nodes = _state.Graph.Nodes.Where(node => _standings[node.Id] == NodeStanding.Ready && _services.Registry.For(node) is IDataNode or IWriterNode).ToList();
        var names = string.Join(", ", nodes.Take(MostNamed).Select(node => node.Data.Label ?? node.Id));
        return nodes.Count == 0 || nodes.TrueForAll(node => _services.Registry.For(node) is IWriterNode && _state.Chapters.Count > 0)
            ? null
            : nodes.Count > MostNamed ? $"{names} and {nodes.Count - MostNamed} more" : names;
    }

    private void Reckon() => _standings = _scheduler.Standings(_state);

    private RunFigures Figures()
    {
        var outline = _state.Outline;
        return new(
            RunProgress.Percent(_state.Graph, _standings, outline, _state.Chapters.ContainsKey),
            _state.Chapters.Values.Sum(chapter => chapter.Words),
            _state.Chapters.Count,
            outline?.Chapters.Count);
    }

    /// <summary>The book as far as it is written; null when it is compiled, or nothing of it is finished.</summary>
    public BookRecord? Part() => _services.Compiler.CompilePart(_state);

    /// <summary>JSON of a step's inputs; the same for all elements of a fan-out that have nothing of their own.</summary>
    private string InputsOf(StepContext step)
    {
        if (step.Element is not null || step.Regeneration is { } asked && (asked.Guidance ?? asked.Fault) is not null)
        {
            return Json.Write(StepInputs.Of(_state.Facts, step.Node, step.Element, step.Regeneration?.Guidance, step.Regeneration?.Fault));
        }

        if (!_inputs.TryGetValue(step.Node.Id, out var inputs))
        {
            _inputs[step.Node.Id] = inputs = Json.Write(StepInputs.Of(_state.Facts, step.Node));
        }

        return inputs;
    }

    /// <summary>Steps that were given out tell us when they end; nobody else may work on the run before.</summary>
    private async Task AwaitStepsAsync()
    {
        while (_inFlight > 0 && await _inbox.Reader.WaitToReadAsync())
        {
            while (_inbox.Reader.TryRead(out var message))
            {
                _inFlight -= message is RunMessage.StepEnded ? 1 : 0;
            }
        }
    }
}

/// <summary>The run belongs to another worker.</summary>
internal sealed class OwnershipLostException : Exception;
