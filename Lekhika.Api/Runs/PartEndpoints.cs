using System.ComponentModel;
using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Executions.Steps;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Runs;

/// <summary>What a run consists of: its steps and its chapters. A workflow bounds how many there are, so these lists have no pages.</summary>
internal static class PartEndpoints
{
    public static void MapParts(this RouteGroupBuilder runs)
    {
        runs.MapGet("/{executionId:guid}/steps", Steps).WithName("listSteps").WithSummary("The steps of an execution, in the order in which they were done")
            .WithDescription("Every step that is done, of every generation; nodes that were left out; previews that wait for somebody. What the steps made is not here.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(404);
        runs.MapGet("/{executionId:guid}/chapters", Chapters).WithName("listChapters").WithSummary("The chapters of an execution")
            .RequireScope(Scopes.ExecutionsRead).Refuses(404);
        runs.MapGet("/{executionId:guid}/chapters/{number:int}", Chapter).WithName("getChapter").WithSummary("The text of a chapter")
            .WithDescription("Markdown, as its writer returned it.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404);
    }

    private static async Task<Results<Ok<StepList>, Refusal>> Steps(
        Guid executionId, ClaimsPrincipal caller, StepViewStore steps, ExecutionPlanStore executions, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await steps.ListAsync(userId, executionId, cancellationToken) is not { } found || await executions.LoadAsync(userId, executionId, cancellationToken) is not { } stored)
        {
            return Refusals.NoExecution;
        }

        var stale = RunPlanner.Stale(stored.Run).Select(step => step.Step).ToHashSet();
        return TypedResults.Ok(new StepList([.. found.Select(step => StepEntry.Of(step, stale.Contains(step.Step)))]));
    }

    private static async Task<Results<Ok<ChapterList>, Refusal>> Chapters(
        Guid executionId, ClaimsPrincipal caller, ChapterViewStore chapters, CancellationToken cancellationToken) =>
        await chapters.ListAsync(caller.UserId(), executionId, cancellationToken) is { } found
            ? TypedResults.Ok(new ChapterList([.. found.Select(chapter => new ChapterEntry(chapter))]))
            : Refusals.NoExecution;

    private static async Task<Results<Ok<ChapterText>, Refusal>> Chapter(
        Guid executionId,
        int number,
        [FromQuery(Name = "version")][Description("One of the chapter's versions; the newest when absent.")] int? version,
        ClaimsPrincipal caller,
        ChapterViewStore chapters,
        CancellationToken cancellationToken) =>
        await chapters.FindAsync(caller.UserId(), executionId, number, version, cancellationToken) is { } found
            ? TypedResults.Ok(new ChapterText(found))
            : Refusals.NoChapter;
}
