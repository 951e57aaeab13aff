using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Parts of a run that are done anew. The run must rest, and goes into the queue with it, so a repeat of the request is refused.</summary>
internal static class AnewEndpoints
{
    public static void MapAnew(this RouteGroupBuilder runs)
    {
        runs.MapPost("/{executionId:guid}/regenerate", Regenerate).WithName("regenerate").WithSummary("Do a node, or chapters of it, anew")
            .WithDescription("""
                With guidance, and with what was wrong with the earlier answer, in the prompt. Everything else stays as it is: name in `rerun` what is done
                anew after it, or say `"dependents"` for all that depends on it. The execution must be paused, stopped, failed or completed.
                """)
            .RequireScope(Scopes.ExecutionsControl).Refuses(400, 404, 409, 413, 415, 422);
        runs.MapPost("/{executionId:guid}/rerun", Rerun).WithName("rerun").WithSummary("Do nodes anew, without guidance")
            .WithDescription("All that these nodes do, such as to compile the manuscript after a chapter has changed. The execution must be paused, stopped, failed or completed.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(400, 404, 409, 413, 415);
    }

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Regenerate(
        [AsParameters] RunRequest request, RegenerateRequest body, StepRequestStore requests) =>
        await request.AnswerAsync(await requests.RegenerateAsync(request.UserId, request.ExecutionId, body.Ask, request.CancellationToken));

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Rerun([AsParameters] RunRequest request, RerunRequest body, StepRequestStore requests) =>
        await request.AnswerAsync(await requests.RerunAsync(request.UserId, request.ExecutionId, body.Nodes!, request.CancellationToken));
}
