namespace Lekhika.Core.Executions;

/// <summary>One thing that happened to a run; small, with references instead of texts. Its number is given when it is written.</summary>
/// <param name="Type">One of <see cref="JournalEventTypes"/>.</param>
/// <param name="Step">The step it is about, when it is about one.</param>
/// <param name="Data">A JSON object of at most 4 KB.</param>
public sealed record JournalEvent(string Type, StepKey? Step = null, string Data = "{}");

/// <summary>What a step is: a node, an element of its fan-out, and how often it was asked for anew. Keys of outputs and calls are built on it.</summary>
/// <param name="Item">0 for a node without fan-out; else the element's number from 1, such as the chapter's.</param>
/// <param name="Generation">From 1; grows when the step is regenerated.</param>
public readonly record struct StepKey(string NodeId, int Item, int Generation);

/// <summary>The types of journal events.</summary>
public static class JournalEventTypes
{
    /// <summary>The run was accepted; data: forkedFrom, when it was made from another. Written by the Api.</summary>
    public const string RunSubmitted = "run.submitted";

    /// <summary>A worker took the run; data: worker, attempt, takeover. Written by the door.</summary>
    public const string RunClaimed = "run.claimed";

    /// <summary>A worker gave the run back.</summary>
    public const string RunHandedBack = "run.handed_back";

    /// <summary>A step's output is durable; data: words, inputTokens, outputTokens, milliseconds, model.</summary>
    public const string StepCompleted = "step.completed";

    /// <summary>A try of a step failed and is repeated; data: try, errorClass, message.</summary>
    public const string StepRetried = "step.retried";

    /// <summary>A scene of a chapter that is still being written is durable; data: scene, words.</summary>
    public const string SceneCompleted = "scene.completed";

    /// <summary>A condition left these nodes out; data: nodes.</summary>
    public const string NodesSkipped = "nodes.skipped";

    /// <summary>Steps of a node of another run serve, since their inputs are the same; data: executionId, items (how many). Written by the Api.</summary>
    public const string StepReused = "step.reused";

    /// <summary>A step is to be done anew; data: reason (request or revision), guidance (whether there is some).</summary>
    public const string StepRegenerated = "step.regenerated";

    /// <summary>A preview waits for a person; data: shows.</summary>
    public const string PreviewWaiting = "preview.waiting";

    /// <summary>A person approved a preview. Written by the Api.</summary>
    public const string PreviewApproved = "preview.approved";

    /// <summary>A person wants what a preview showed done anew; the steps' own events follow. Written by the Api.</summary>
    public const string PreviewRevised = "preview.revised";

    /// <summary>Somebody asked for a stop. Written by whoever was asked.</summary>
    public const string StopRequested = "run.stop_requested";

    /// <summary>Somebody asked for a pause. Written by whoever was asked.</summary>
    public const string PauseRequested = "run.pause_requested";

    /// <summary>Nothing goes on without a person; data: reason (approval or request), nodes; or nothing goes on before a batch is answered: reason batch, calls (how many wait), nodes.</summary>
    public const string RunPaused = "run.paused";

    /// <summary>The run waits for a worker again; data: reason (resume, approval, revision, regenerate, redrive, batch).</summary>
    public const string RunResumed = "run.resumed";

    /// <summary>The manuscript went to the exporter; data: order, formats.</summary>
    public const string ManuscriptCompiled = "manuscript.compiled";

    /// <summary>A format was made; data: format, fileId, bytes, milliseconds.</summary>
    public const string ExportSucceeded = "export.succeeded";

    /// <summary>A format could not be made; data: format, message.</summary>
    public const string ExportFailed = "export.failed";

    /// <summary>The run has ended with files.</summary>
    public const string RunCompleted = "run.completed";

    /// <summary>The run has ended by an error; data: class, message, nodeId.</summary>
    public const string RunFailed = "run.failed";

    /// <summary>The run has ended because somebody asked for it.</summary>
    public const string RunStopped = "run.stopped";
}
