using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Previews that wait for a person, and what that person says.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this RouteGroupBuilder runs)
    {
        runs.MapGet("/{executionId:guid}/previews", List).WithName("listPreviews").WithSummary("What the previews of an execution show, the newest first")
            .RequireScope(Scopes.ExecutionsRead).Refuses(404);
        runs.MapPost("/{executionId:guid}/previews/{nodeId}/approve", Approve).WithName("approvePreview").WithSummary("Approve what a preview shows")
            .WithDescription("The execution goes on behind it. To approve again changes nothing.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(404, 409);
        runs.MapPost("/{executionId:guid}/previews/{nodeId}/revise", Revise).WithName("revisePreview").WithSummary("Have what a preview shows done anew")
            .WithDescription("""
                With your guidance in the prompt; then the preview shows it again and waits, as often as its node allows (`maxAttempts`, 3 unless told).
                When no steps are named, all that the process nodes directly before the preview did is done anew.
                """)
            .RequireScope(Scopes.ExecutionsControl).Refuses(400, 404, 409, 413, 415, 422);
    }

    private static async Task<Results<Ok<PreviewList>, Refusal>> List(Guid executionId, ClaimsPrincipal caller, PreviewViewStore previews, CancellationToken cancellationToken) =>
        await previews.ListAsync(caller.UserId(), executionId, cancellationToken) is { } found
            ? TypedResults.Ok(new PreviewList([.. found.Select(PreviewEntry.Of)]))
            : Refusals.NoExecution;

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Approve([AsParameters] RunRequest request, string nodeId, PreviewRequestStore previews) =>
        await request.AnswerAsync(await previews.ApproveAsync(request.UserId, request.ExecutionId, nodeId, request.CancellationToken));

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Revise(
        [AsParameters] RunRequest request, string nodeId, ReviseRequest body, PreviewRequestStore previews) =>
        await request.AnswerAsync(await previews.ReviseAsync(
            request.UserId, request.ExecutionId, nodeId, body.Guidance!.Trim(), body.Steps?.Select(step => step.Choice).ToList(), request.CancellationToken));
}
