using Lekhika.Core.Executions;
using Lekhika.Persistence.Operators;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Internal.Http;
using Lekhika.Worker.Internal.Runs;

namespace Lekhika.Worker.Internal.Queue;

/// <summary>The queue of all workers together.</summary>
internal static partial class QueueEndpoints
{
    public static void MapQueue(this IEndpointRouteBuilder app)
    {
        app.MapGet("/queue/stats", Stats);
        app.MapPost("/queue/pause", (OperatorStore operators, WakeUpSignals signals, ILogger<RunDesk> log, CancellationToken cancellationToken) =>
            PauseAsync(true, operators, signals, log, cancellationToken));
        app.MapPost("/queue/resume", (OperatorStore operators, WakeUpSignals signals, ILogger<RunDesk> log, CancellationToken cancellationToken) =>
            PauseAsync(false, operators, signals, log, cancellationToken));
        app.MapPost("/queue/retry/{id}", Retry);
        app.MapPost("/queue/cancel/{id}", RunEndpoints.Stop);
        app.MapPost("/process-executions", Nudge);
    }

    private static async Task<IResult> Stats(OperatorStore operators, CancellationToken cancellationToken) =>
        TypedResults.Json(QueueAnswer.Of(await operators.FiguresAsync(cancellationToken)));

    private static async Task<IResult> PauseAsync(bool pause, OperatorStore operators, WakeUpSignals signals, ILogger log, CancellationToken cancellationToken)
    {
        var isPaused = await operators.PauseAsync(pause, cancellationToken);
        Paused(log, isPaused);
        if (!isPaused)
        {
            signals.Send(WakeUpTopic.Runs);
        }

        return TypedResults.Json(new PauseAnswer(isPaused, isPaused
            ? "No worker takes waiting runs any more. What runs goes on, and what a dead worker held is taken over."
            : "Workers take waiting runs again."));
    }

    private static Task<IResult> Retry(string id, RunDesk desk, RunRequestStore requests, CancellationToken cancellationToken) => desk.AskAsync(
        id,
        "retry",
        run => requests.RedriveAsync(run.UserId, run.ExecutionId, cancellationToken),
        (run, state) => TypedResults.Json(
            new RunAnswer(run.ExecutionId, state.Word(), "The execution goes on where it was."), statusCode: StatusCodes.Status202Accepted),
        cancellationToken);

    private static async Task<IResult> Nudge(OperatorStore operators, WakeUpSignals signals, CancellationToken cancellationToken)
    {
        var figures = await operators.FiguresAsync(cancellationToken);
        signals.Send(WakeUpTopic.Runs);
        var waiting = figures.Count(RunStatus.Queued);
        return TypedResults.Json(new NudgeAnswer(
            figures.IsPaused ? $"{waiting} runs wait, and the queue is paused: POST /queue/resume lets workers take them." : $"{waiting} runs wait, and the workers were told.", waiting));
    }

    [LoggerMessage(LogLevel.Information, "An operator set the pause of the queue: {IsPaused}")]
    private static partial void Paused(ILogger log, bool isPaused);
}

/// <summary>How many runs of all users are in which state.</summary>
/// <param name="Active">In the hands of a worker: running or stopping.</param>
/// <param name="Paused">Runs that wait for a person.</param>
/// <param name="QueuePaused">Whether workers leave waiting runs alone.</param>
internal sealed record QueueAnswer(long Waiting, long Active, long Exporting, long Paused, long Failed, long Completed, long Stopped, bool QueuePaused) : Answer
{
    public static QueueAnswer Of(QueueFigures figures) => new(
        figures.Count(RunStatus.Queued), figures.Count(RunStatus.Running, RunStatus.Stopping), figures.Count(RunStatus.Exporting), figures.Count(RunStatus.Paused),
        figures.Count(RunStatus.Failed), figures.Count(RunStatus.Completed), figures.Count(RunStatus.Stopped), figures.IsPaused);
}

/// <summary>Whether the queue is paused now.</summary>
internal sealed record PauseAnswer(bool QueuePaused, string Message) : Answer;

/// <summary>How many runs were waiting when the workers were told.</summary>
internal sealed record NudgeAnswer(string Message, long Processed) : Answer;
