using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Submissions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Executions;

/// <summary>The runs of a key's owner.</summary>
internal static class ExecutionEndpoints
{
    public static IServiceCollection AddExecutions(this IServiceCollection services) =>
        services
        .AddSingleton<IValidator<ExecuteRequest>, ExecuteRequestValidator>()
        .AddSingleton<IValidator<ResumeRequest>, ResumeRequestValidator>();

    public static void MapExecutions(this RouteGroupBuilder engines)
    {
        engines.MapExecute();
        engines.MapStopAndResume();
        engines.MapGet("/executions", List).WithName("listExecutions").WithTags("Executions").WithSummary("List your executions, the newest first")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 401, 403, 429);
        engines.MapGet("/executions/{executionId:guid}", Get).WithName("getExecution").WithTags("Executions").WithSummary("Follow an execution")
            .WithDescription("Answers 304 when `If-None-Match` names the version that the client has: poll as often as once a second.")
            .WithMetadata(new DocumentedHeader("If-None-Match", "The ETag of the answer before."))
            .Produces(StatusCodes.Status304NotModified)
            .RequireScope(Scopes.ExecutionsRead).Refuses(401, 403, 404, 429);
    }

    private static async Task<Ok<Envelope<ExecutionPage>>> List(
        [AsParameters] PageQuery query, ClaimsPrincipal caller, ExecutionStore executions, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = await executions.ListAsync(caller.UserId(), query.Request, cancellationToken);
        return TypedResults.Ok(Envelope.Of(new ExecutionPage([.. page.Items.Select(ExecutionAnswers.Entry)], PageCursor.Write(page.Next)), time));
    }

    private static async Task<Results<Ok<Envelope<ExecutionAnswer>>, StatusCodeHttpResult, Refusal>> Get(
        Guid executionId, HttpContext context, ClaimsPrincipal caller, ExecutionStore executions, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await executions.FindAsync(caller.UserId(), executionId, cancellationToken) is not { } details)
        {
            return Refusals.NoExecution;
        }

        var answer = ExecutionAnswers.Answer(details);
        return EntityTag.IsKnown(context, answer)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(Envelope.Of(answer, time));
    }
}
