using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Api.Runs.Requests;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Submissions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Executions;

/// <summary>Stop and resume as clients of the original know them.</summary>
internal static class StopAndResumeEndpoints
{
    public static void MapStopAndResume(this RouteGroupBuilder engines)
    {
        engines.MapPost("/stop/{executionId:guid}", Stop).WithName("stopExecution").WithTags("Executions").WithSummary("Stop an execution")
            .WithDescription("Ends it, at once or as soon as what is in flight has ended. To stop again changes nothing.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(401, 403, 404, 409, 429);
        engines.MapPost("/{engineId:guid}/resume", Resume).WithName("resumeExecution").WithTags("Executions").WithSummary("Let a paused, stopped or failed execution go on")
            .WithDescription("""
                It goes on where it was, with the workflow that it was submitted with: nodes and edges in the body are ignored, and the answer says so. With
                `regenerateContext.manualInstruction` the node with which it failed is told what to do differently, in all that it has not finished.
                """)
            .RequireScope(Scopes.ExecutionsControl).Refuses(400, 401, 403, 404, 409, 413, 415, 422, 429);
    }

    private static async Task<Results<Ok<Envelope<ControlAnswer>>, Refusal>> Stop(
        Guid executionId, ClaimsPrincipal caller, RunRequestStore requests, RequestSignals signals, TimeProvider time, CancellationToken cancellationToken)
    {
        var outcome = await requests.StopAsync(caller.UserId(), executionId, cancellationToken);
        if (!outcome.IsDone)
        {
            return outcome.Refusal();
        }

        signals.Tell(executionId, outcome);
        var message = outcome.State == RunStatus.Stopped ? "The execution is stopped." : "The execution stops as soon as what is in flight has ended.";
        return TypedResults.Ok(Envelope.Of(ControlAnswer.Of(executionId, outcome, message), time));
    }

    private static async Task<Results<Accepted<Envelope<ResumeAnswer>>, Refusal>> Resume(
        Guid engineId,
        ResumeRequest request,
        ClaimsPrincipal caller,
        ExecutionStore executions,
        RunRequestStore requests,
        StepRequestStore steps,
        RequestSignals signals,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (userId, executionId) = (caller.UserId(), request.ExecutionId!.Value);
        if (await executions.FindAsync(userId, executionId, cancellationToken) is not { } run || (run.Summary.UserEngineId != engineId && run.Summary.EngineId != engineId))
        {
            return Refusals.NoExecution;
        }

        var (outcome, isGuided) = request.Instruction is { } instruction
            ? await steps.ResumeAsync(userId, executionId, instruction, cancellationToken)
            : (await requests.ResumeAsync(userId, executionId, cancellationToken), true);
        if (!outcome.IsDone)
        {
            return outcome.Refusal();
        }

        signals.Tell(executionId, outcome);
        var answer = new ResumeAnswer(ControlAnswer.Of(executionId, outcome, "The execution goes on where it was. Follow it at statusUrl."), request.Ignored(isGuided));
        return TypedResults.Accepted(answer.StatusUrl, Envelope.Of(answer, time));
    }
}
