using Lekhika.Core.Executions;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Submissions;
using Lekhika.Worker.Internal.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>How a run stands, and what may be asked of it.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status/{id}", Status);
        app.MapPost("/stop/{id}", Stop);
        app.MapPost("/resume", Resume);
        app.MapPost("/regenerate", Regenerate);
    }

    private static async Task<IResult> Status(string id, RunDesk desk, ExecutionStore executions, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, cancellationToken) is { } run && await executions.FindAsync(run.UserId, run.ExecutionId, cancellationToken) is { } details
            ? TypedResults.Json(new StatusAnswer(run.ExecutionId, RunStanding.Of(details)))
            : Refusal.NoExecution;

    internal static Task<IResult> Stop(string id, RunDesk desk, RunRequestStore requests, CancellationToken cancellationToken) => desk.AskAsync(
        id,
        "stop",
        run => requests.StopAsync(run.UserId, run.ExecutionId, cancellationToken),
        (run, state) => TypedResults.Json(new RunAnswer(
            run.ExecutionId, state.Word(), state == RunStatus.Stopped ? "The execution is stopped." : "The execution stops as soon as what is in flight has ended.")),
        cancellationToken);

    private static async Task<IResult> Resume(ResumeRequest request, RunDesk desk, RunRequestStore requests, StepRequestStore steps, CancellationToken cancellationToken)
    {
        if (Refusal.Invalid([.. request.Faults()]) is { } invalid)
        {
            return invalid;
        }

        var isGuided = true;
        return await desk.AskAsync(
            request.ExecutionId,
            "resume",
            async run =>
            {
                if (request.Instruction is not { } instruction)
                {
                    return await requests.ResumeAsync(run.UserId, run.ExecutionId, cancellationToken);
                }

                (var outcome, isGuided) = await steps.ResumeAsync(run.UserId, run.ExecutionId, instruction, cancellationToken);
                return outcome;
            },
            (run, state) => GoesOn(run, state, "The execution goes on where it was.", request.Ignored(isGuided)),
            cancellationToken);
    }

    private static async Task<IResult> Regenerate(RegenerateRequest request, RunDesk desk, StepRequestStore steps, CancellationToken cancellationToken) =>
        Refusal.Invalid([.. request.Faults()]) is { } invalid
            ? invalid
            : await desk.AskAsync(
                request.ExecutionId,
                "regenerate",
                run => steps.RegenerateAsync(run.UserId, run.ExecutionId, request.Ask, cancellationToken),
                (run, state) => GoesOn(run, state, "The execution goes on, and does this anew.", [.. IgnoredParts.Names(request.Others)]),
                cancellationToken);

    private static JsonHttpResult<GoingOnAnswer> GoesOn(OwnedRun run, RunStatus state, string message, IReadOnlyList<string> ignored) =>
        TypedResults.Json(new GoingOnAnswer(run.ExecutionId, state.Word(), message, ignored), statusCode: StatusCodes.Status202Accepted);
}
