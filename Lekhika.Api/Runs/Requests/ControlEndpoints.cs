using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Stop, pause and resume a run. To ask again for what is so already changes nothing.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this RouteGroupBuilder runs)
    {
        runs.MapPost("/{executionId:guid}/stop", Stop).WithName("stopRun").WithSummary("Stop an execution")
            .WithDescription("Ends it, at once or as soon as what is in flight has ended. What is finished stays usable; `resume` goes on from there.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(404, 409);
        runs.MapPost("/{executionId:guid}/pause", Pause).WithName("pauseRun").WithSummary("Pause an execution")
            .WithDescription("Keeps it from going on, at once or as soon as what is in flight has ended (`pauseRequested` until then).")
            .RequireScope(Scopes.ExecutionsControl).Refuses(404, 409);
        runs.MapPost("/{executionId:guid}/resume", Resume).WithName("resumeRun").WithSummary("Let a paused, stopped or failed execution go on")
            .WithDescription("It goes on where it was: nothing that is finished is done again. A pause that was asked for is withdrawn.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(404, 409);
    }

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Stop([AsParameters] RunRequest request, RunRequestStore requests) =>
        await request.AnswerAsync(await requests.StopAsync(request.UserId, request.ExecutionId, request.CancellationToken));

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Pause([AsParameters] RunRequest request, RunRequestStore requests) =>
        await request.AnswerAsync(await requests.PauseAsync(request.UserId, request.ExecutionId, request.CancellationToken));

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Resume([AsParameters] RunRequest request, RunRequestStore requests) =>
        await request.AnswerAsync(await requests.ResumeAsync(request.UserId, request.ExecutionId, request.CancellationToken));
}
