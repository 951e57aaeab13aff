using System.ComponentModel;
using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Runs.Requests;

/// <summary>Runs that failed and wait for somebody to drive them again.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this RouteGroupBuilder letters)
    {
        letters.MapGet("", List).WithName("listDeadLetters").WithSummary("Your executions that failed and wait to be driven again, the newest first")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400);
        letters.MapPost("/{letterId:guid}/redrive", Redrive).WithName("redrive").WithSummary("Drive a failed execution again")
            .WithDescription("It goes on where it was, as by `resume`. A dead letter whose execution was driven again already changes nothing.")
            .RequireScope(Scopes.ExecutionsControl).Refuses(404, 409);
    }

    private static async Task<Ok<DeadLetterPage>> List(
        [AsParameters] PageQuery query,
        [FromQuery(Name = "all")][Description("Whether to list those of executions that were driven again, too.")] bool? all,
        ClaimsPrincipal caller,
        DeadLetterStore letters,
        CancellationToken cancellationToken)
    {
        var page = await letters.ListAsync(caller.UserId(), all ?? false, query.Request, cancellationToken);
        return TypedResults.Ok(new DeadLetterPage([.. page.Items.Select(DeadLetterEntry.Of)], PageCursor.Write(page.Next)));
    }

    private static async Task<Results<Accepted<RunAnswer>, Refusal>> Redrive(
        Guid letterId, ClaimsPrincipal caller, DeadLetterStore letters, RunRequestStore requests, RunViewStore runs, RequestSignals signals, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await letters.FindAsync(userId, letterId, cancellationToken) is not { } letter)
        {
            return Refusals.NoLetter;
        }

        var outcome = letter.RedrivenAt is null
            ? await requests.RedriveAsync(userId, letter.ExecutionId, cancellationToken)
            : new RequestOutcome(RequestResult.Done);
        return await new RunRequest(letter.ExecutionId, caller, runs, signals, cancellationToken).AnswerAsync(outcome);
    }
}

/// <summary>A page of dead letters.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record DeadLetterPage(IReadOnlyList<DeadLetterEntry> DeadLetters, string? NextCursor);

/// <summary>An execution that failed, with the step it was.</summary>
/// <param name="NodeId">Null when no single node failed.</param>
/// <param name="Item">The chapter, or another element of the node's fan-out.</param>
/// <param name="RedrivenAt">When it was driven again; null while it waits for that.</param>
internal sealed record DeadLetterEntry(
    Guid Id, Guid ExecutionId, string Title, string? NodeId, int? Item, RunError Error, DateTime CreatedAt, DateTime? RedrivenAt)
{
    public static DeadLetterEntry Of(DeadLetter letter) => new(
        letter.Id, letter.ExecutionId, letter.Title, letter.NodeId, letter.Item, new RunError(letter.ErrorClass, letter.Message, letter.NodeId), letter.CreatedAt, letter.RedrivenAt);
}
